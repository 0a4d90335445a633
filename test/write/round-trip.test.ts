import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Session } from '../../src/domain/session.js';
import { readInputs } from '../../src/read/read.js';
import { simulate } from '../../src/simulate/simulate.js';
import { inspect } from '../../src/validate/inspect.js';
import { INSPECT_DEFAULTS } from '../../src/validate/options.js';
import { SOURCES } from '../../src/wire/body.js';
import { OUTPUT_FORMATS, type OutputFormat } from '../../src/write/output-formats.js';
import type { WritableSession } from '../../src/write/writable.js';
import { type Writable, write } from '../../src/write/write.js';
import { casesOf } from '../cases.js';

const NOW = 1_767_225_600;
const LIMITS = { maxSessions: 3, maxBytes: 2000, defaultSource: undefined };

async function textOf(sessions: readonly WritableSession[], format: OutputFormat): Promise<string> {
  async function* items(): AsyncGenerator<readonly Writable[]> {
    yield sessions.map((session) => ({ kind: 'session', session }));
  }
  let text = '';
  for await (const piece of write(items(), { ...LIMITS, format }, { events: 0 })) text += piece;
  return text;
}

async function sessionsIn(text: string, format: OutputFormat): Promise<readonly Session[]> {
  const name = format === 'bodies' ? 'bodies.ndjson' : `events.${format}`;
  const bytes = (async function* () {
    yield Buffer.from(text);
  })();
  const sessions: Session[] = [];
  for await (const chunk of inspect(readInputs([{ name, bytes }]), { ...INSPECT_DEFAULTS, now: NOW })) {
    for (const inspected of chunk) if (inspected.kind === 'session') sessions.push(inspected.session);
  }
  return sessions;
}

/** What a session is, whatever file it stood in. */
function content(sessions: readonly WritableSession[]): readonly unknown[] {
  return sessions
    .map(({ key, events }) => ({
      key,
      events: events.map(({ sound, source }) => ({ sound, source: source ?? 'Custom' })),
    }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

const listening = fc
  .record({
    seed: fc.nat(),
    count: fc.integer({ min: 1, max: 20 }),
    sources: fc.array(fc.constantFrom(undefined, ...SOURCES), { minLength: 20, maxLength: 20 }),
    upper: fc.boolean(),
  })
  .map(({ seed, count, sources, upper }) =>
    [...simulate({ seed, sessions: count })].map(
      (session, i): WritableSession => ({
        ...session,
        source: sources[i],
        events: session.events.map(({ sound }) => ({
          sound: sound && { ...sound, sessionId: upper ? sound.sessionId.toUpperCase() : sound.sessionId },
          source: sources[i],
        })),
      }),
    ),
  );

it.each(OUTPUT_FORMATS.flatMap((there) => OUTPUT_FORMATS.map((back) => [there, back] as const)))(
  'converting to %s and on to %s gives the same sessions with their Source, and the same bytes each time',
  async (there, back) => {
    await fc.assert(
      fc.asyncProperty(listening, async (sessions) => {
        const first = await textOf(sessions, there);
        const read = await sessionsIn(first, there);
        expect(content(read)).toEqual(content(sessions));
        const second = await textOf(read, back);
        expect(content(await sessionsIn(second, back))).toEqual(content(sessions));
        expect(await textOf(await sessionsIn(first, there), back)).toBe(second);
      }),
      { numRuns: casesOf(15) },
    );
  },
);

it('keeps what a bare event carries beside the seven fields, and events without a session, as they stand', async () => {
  const lines = [
    '{"OrganizationId":"126281f8-200e-4c9f-8378-a4870055423b","ClipId":"9b5c82f7-74cf-4841-a870-a670017cc8eb","SessionId":"a039f83d-1916-436b-a090-efbc08698506","Type":"Start","Position":0,"SeqNumber":1,"Timestamp":1540270724,"Player":{"name":"x"},"Source":"CustomWeb"}',
    '{"ClipId":"9b5c82f7-74cf-4841-a870-a670017cc8eb","SessionId":"none","Type":"Stop","Position":1e999}',
  ];
  const bytes = (async function* () {
    yield Buffer.from(lines.join('\n'));
  })();
  async function* items(): AsyncGenerator<readonly Writable[]> {
    for await (const chunk of inspect(readInputs([{ name: 'a.ndjson', bytes }]), {
      ...INSPECT_DEFAULTS,
      now: NOW,
    })) {
      yield chunk.filter((inspected) => inspected.kind === 'session' || inspected.kind === 'stray');
    }
  }
  let text = '';
  for await (const piece of write(items(), { ...LIMITS, format: 'ndjson' }, { events: 0 })) text += piece;
  expect(text.trimEnd().split('\n').toSorted()).toEqual(lines.toSorted());
});
