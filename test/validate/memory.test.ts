import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInputs } from '../../src/read/read.js';
import { wireOf } from '../../src/simulate/listener.js';
import { simulate } from '../../src/simulate/simulate.js';
import { inspect } from '../../src/validate/inspect.js';
import type { Inspected } from '../../src/validate/inspected.js';
import { INSPECT_DEFAULTS } from '../../src/validate/options.js';
import { reported, validate } from '../../src/validate/validate.js';
import { told } from '../sessions/events.js';

const NOW = 1_800_000_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'memory-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const EVENTS = [...simulate({ sessions: 40, seed: 7 })].flatMap(({ events }) =>
  events.map(({ played }) => wireOf(played!)),
);

/** What can be wrong with an event, or unusual: as JSON text. */
const spoilt = fc.constantFrom<(event: Record<string, unknown>) => string>(
  (event) => JSON.stringify({ ...event, Position: -1 }),
  (event) => JSON.stringify({ ...event, Source: 'MobileApp' }),
  (event) => JSON.stringify({ ...event, Source: 7 }),
  (event) => JSON.stringify({ ...event, mood: { deep: [null, 'ü\u2028'] } }),
  (event) => JSON.stringify({ ...event, Timestamp: 1.5e9 + 0.25 }),
  (event) => JSON.stringify({ ...event, SeqNumber: undefined }),
  (event) => JSON.stringify({ ...event, SessionId: String(event.SessionId).toUpperCase() }),
  (event) => JSON.stringify({ ...event, SessionId: 'none' }),
  (event) => JSON.stringify(event).replace(/"Position":[^,]+/, '"Position":1e999'),
  (event) => JSON.stringify(event).slice(0, -1),
  (event) => `[${JSON.stringify(event)}, {"Type":"Start"}]`,
  (event) => `{"Source":"Custom","Events":[${JSON.stringify(event)}],"Completed":true}`,
);

const lines = fc
  .array(fc.record({ at: fc.nat(EVENTS.length - 1), spoil: fc.option(spoilt, { freq: 4 }) }), {
    minLength: 1,
    maxLength: 120,
  })
  .map((drawn) =>
    drawn.map(({ at, spoil }) => (spoil ? spoil({ ...EVENTS[at]! }) : JSON.stringify(EVENTS[at]))),
  );

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

function read(text: readonly string[]) {
  return readInputs([{ name: 'x', bytes: bytesOf(text.join('\n')) }], { format: 'ndjson' });
}

describe('the memory budget', () => {
  it('changes no finding, no place, no session and no order', async () => {
    await fc.assert(
      fc.asyncProperty(lines, fc.constantFrom(1, 1000, 4000), async (text, bytes) => {
        const everything = async (memory: { bytes: number; folder: string }) => {
          const told: unknown[] = [];
          for await (const some of inspect(read(text), { ...INSPECT_DEFAULTS, now: NOW, memory }))
            for (const inspected of some) told.push(toldOf(inspected));
          return told;
        };
        const plenty = await everything({ bytes: 1e8, folder: join(folder, 'unused') });
        expect(await everything({ bytes, folder })).toStrictEqual(plenty);
        const report = (memory: { bytes: number; folder: string }) =>
          validate(read(text), { now: NOW, memory, maxFindings: 20 });
        expect(await report({ bytes, folder })).toStrictEqual(await report({ bytes: 1e8, folder }));
      }),
      { numRuns: 25 },
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('changes nothing of what is told of sessions that come again in another request, however many there are', async () => {
    const bodies = Array.from({ length: 900 }, (_, i) => {
      const id = `${(i * 7919).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
      const events = EVENTS.slice(0, 2).map((event) => ({ ...event, SessionId: id }));
      return { Source: 'Custom', Events: events, Completed: true };
    });
    const again = bodies.toReversed().map((body, i) => {
      const changed = body.Events.map((event) => ({ ...event, Position: Number(event.Position) + 1 }));
      return i % 3 === 0 ? { ...body, Events: changed } : body;
    });
    const text = [...bodies, ...again].map((body) => JSON.stringify(body));
    const report = (bytes: number) =>
      validate(read(text), { now: NOW, memory: { bytes, folder }, maxFindings: 2000 });
    const told = await report(1);
    expect(told).toStrictEqual(await report(1e8));
    const times = (id: string) => told.findings.filter(({ rule }) => rule === id).length;
    expect([times('session-split'), times('session-resent')]).toEqual([300, 600]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves no file where the reader of the results stops early', async () => {
    const text = EVENTS.map((event) => JSON.stringify(event));
    const memory = { bytes: 1, folder };
    for await (const chunk of inspect(read(text), { ...INSPECT_DEFAULTS, now: NOW, memory })) {
      if ([...chunk].some(({ kind }) => kind === 'session')) break;
    }
    expect(readdirSync(folder)).toEqual([]);
  });
});

/** What inspection tells, as data that stays. */
function toldOf(inspected: Inspected): unknown {
  if (inspected.kind === 'finding') return reported(inspected.finding);
  if (inspected.kind === 'stray') return { ...inspected, event: told(inspected.event) };
  return 'session' in inspected ? { ...inspected, session: told(inspected.session) } : inspected;
}
