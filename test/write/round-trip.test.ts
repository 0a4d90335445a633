import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SOURCES } from '../../src/domain/event-batch.js';
import type { Session } from '../../src/domain/session.js';
import { readInputs } from '../../src/read/read.js';
import { SessionMaker, simulate } from '../../src/simulate/simulate.js';
import { inspect } from '../../src/validate/inspect.js';
import { INSPECT_DEFAULTS } from '../../src/validate/options.js';
import { wireEvent } from '../../src/wire/event-columns.js';
import { OUTPUT_FORMATS, type OutputFormat } from '../../src/write/output-formats.js';
import { type Writable, write } from '../../src/write/write.js';
import { casesOf } from '../cases.js';
import { sessionOf } from './sessions.js';

const NOW = 1_767_225_600;
const LIMITS = { maxSessions: 3, maxBytes: 2000, defaultSource: undefined };

async function textOf(items: AsyncIterable<Iterable<Writable>>, format: OutputFormat): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of write(items, { ...LIMITS, format }, { events: 0 }))
    pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString();
}

async function* itemsOf(sessions: readonly Session[]): AsyncGenerator<Iterable<Writable>> {
  yield sessions.map((session) => ({ kind: 'session', session }));
}

/** What is read of a text and written again. */
async function* itemsIn(text: string, name: string): AsyncGenerator<Iterable<Writable>> {
  const bytes = (async function* () {
    yield Buffer.from(text);
  })();
  for await (const some of inspect(readInputs([{ name, bytes }]), { ...INSPECT_DEFAULTS, now: NOW })) {
    yield (function* (): Generator<Writable> {
      for (const inspected of some)
        if (inspected.kind === 'session' || inspected.kind === 'stray') yield inspected;
    })();
  }
}

async function sessionsIn(text: string, format: OutputFormat): Promise<readonly Session[]> {
  const sessions: Session[] = [];
  for await (const some of itemsIn(text, format === 'bodies' ? 'bodies.ndjson' : `events.${format}`))
    for (const item of some) if (item.kind === 'session') sessions.push(item.session.copy());
  return sessions;
}

/** What a session is, whatever file it stood in. */
function content(sessions: readonly Session[]): readonly unknown[] {
  return sessions
    .map((session) => ({
      key: session.key,
      events: Array.from({ length: session.count }, (_, i) => ({
        ...wireEvent(session, i),
        Source: session.sourceOf(i) ?? 'Custom',
      })),
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
  .map(({ seed, count, sources, upper }) => {
    const maker = new SessionMaker();
    return [...simulate({ seed, sessions: count })].map(({ events }, k) => {
      const session = maker.sessionOf(events);
      const values = Array.from({ length: session.count }, (_, i) => {
        const event = wireEvent(session, i);
        const SessionId = upper ? event.SessionId.toUpperCase() : event.SessionId;
        return { ...event, SessionId, ...(sources[k] !== undefined && { Source: sources[k] }) };
      });
      return sessionOf(values);
    });
  });

it.each(OUTPUT_FORMATS.flatMap((there) => OUTPUT_FORMATS.map((back) => [there, back] as const)))(
  'converting to %s and on to %s gives the same sessions with their Source, and the same bytes each time',
  async (there, back) => {
    await fc.assert(
      fc.asyncProperty(listening, async (sessions) => {
        const first = await textOf(itemsOf(sessions), there);
        const read = await sessionsIn(first, there);
        expect(content(read)).toEqual(content(sessions));
        const second = await textOf(itemsOf(read), back);
        expect(content(await sessionsIn(second, back))).toEqual(content(sessions));
        expect(await textOf(itemsOf(await sessionsIn(first, there)), back)).toBe(second);
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
  const text = await textOf(itemsIn(lines.join('\n'), 'a.ndjson'), 'ndjson');
  expect(text.trimEnd().split('\n').toSorted()).toEqual(lines.toSorted());
});
