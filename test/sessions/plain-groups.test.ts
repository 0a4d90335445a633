import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlainEvents } from '../../src/domain/plain-events.js';
import { SessionGroups } from '../../src/sessions/groups.js';
import { bySeqNumber } from '../../src/sessions/order.js';
import { plainlyGrouped } from '../../src/sessions/plain-grouped.js';
import { casesOf } from '../cases.js';
import { ALL_UPPER, type Plain, plainEvents } from './plain-events.js';

const INPUTS = [
  { index: 0, name: 'a.ndjson' },
  { index: 1, name: 'b.ndjson' },
];
const MOST_IN_CHUNK = 3000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plain-groups-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function id(kind: number, n: number): string {
  return `${(n * 2_654_435_761 + kind).toString(16).padStart(8, '0').slice(-8)}-0000-4000-8000-${kind.toString(16)}${n.toString(16).padStart(11, '0')}`;
}

/** Numbers below a bound, the same ones for a seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed + 1;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Events of some sessions, in a mixture: all but a few are what a lean record says. */
function mixture(seed: number, count: number, sessions: number, again: number): Plain[] {
  const draw = numbers(seed);
  const counts = new Map<number, number>();
  let session = 0;
  return Array.from({ length: count }, (_, i) => {
    if (draw(100) >= again) session = draw(sessions);
    const seqNumber = (counts.get(session) ?? 0) + 1;
    counts.set(session, seqNumber);
    const odd = draw(200);
    return {
      session: id(1, session),
      clip: id(2, odd === 0 ? draw(9) : session % 9),
      organization: id(3, odd === 1 ? 1 : 0),
      upper: odd === 2 ? ALL_UPPER : session % 7 === 0 ? ALL_UPPER : 0,
      stops: seqNumber % 2 === 0,
      position: draw(1e9) / 1000,
      seqNumber: odd === 3 ? 1 + draw(999_999_999) : seqNumber,
      timestamp: odd === 4 ? 2 ** 32 + draw(9) : odd === 5 ? 2 ** 32 - 1 : 1_700_000_000 + draw(1e6),
      source: odd === 6 ? 4 : session % 5,
      line: i + 1,
      column: odd === 7 ? 60_000 : 1,
    };
  });
}

interface Chunk {
  readonly events: readonly Plain[];
  readonly input: number;
  readonly pointer: '' | null;
  /** Given one by one, as from the general path. */
  readonly general: boolean;
}

function chunksOf(events: readonly Plain[], seed: number): Chunk[] {
  const draw = numbers(seed);
  const chunks: Chunk[] = [];
  for (let from = 0; from < events.length; ) {
    const to = from + 1 + draw(MOST_IN_CHUNK);
    const second = from > events.length / 2;
    chunks.push({
      events: events.slice(from, to),
      input: second ? 1 : 0,
      pointer: draw(4) === 0 ? null : '',
      general: draw(5) === 0,
    });
    from = to;
  }
  return chunks;
}

function grouped(chunks: readonly Chunk[], bytes: number, mostEvents?: number) {
  const groups = new SessionGroups({ bytes, folder }, mostEvents);
  const room = new PlainEvents(MOST_IN_CHUNK);
  try {
    for (const { events, input, pointer, general } of chunks) {
      const plain = plainEvents(events, room);
      const origin = { input: INPUTS[input]!, pointer };
      if (!general) groups.addPlain({ kind: 'plain', ...origin, events: plain, from: 0, to: events.length });
      else
        for (const [i, { session }] of events.entries())
          groups.add(session, plainlyGrouped(origin, plain, i));
    }
    return [...groups.sessions()].map(({ session }) => session);
  } finally {
    groups.close();
  }
}

/** What must come out, said in the plainest way. */
function expected(chunks: readonly Chunk[]) {
  const sessions = new Map<string, ReturnType<typeof plainlyGrouped>['event'][]>();
  for (const { events, input, pointer } of chunks) {
    const plain = plainEvents(events);
    for (const [i, { session }] of events.entries()) {
      if (!sessions.has(session)) sessions.set(session, []);
      sessions.get(session)!.push(plainlyGrouped({ input: INPUTS[input]!, pointer }, plain, i).event);
    }
  }
  return [...sessions].map(([key, events]) => ({ key, events: bySeqNumber(events) }));
}

describe('sound events that come together', () => {
  it('make the sessions that they would make one by one, in memory and on disk, however they are mixed', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 12_000 }),
        fc.constantFrom(1, 3, 900, 6000),
        fc.constantFrom(0, 60, 95),
        fc.constantFrom(1e8, 100_000, 2000),
        (seed, count, sessions, again, bytes) => {
          const chunks = chunksOf(mixture(seed, count, sessions, again), seed);
          const seen = grouped(chunks, bytes).map(({ key, events }) => ({ key, events }));
          expect(seen).toStrictEqual(expected(chunks));
        },
      ),
      { numRuns: casesOf(25) },
    );
    expect(readdirSync(folder)).toEqual([]);
  }, 60_000);

  it('make the same sessions where parts on disk are parted again', () => {
    const chunks = chunksOf(mixture(3, 24_000, 5000, 0), 3);
    const seen = grouped(chunks, 2000).map(({ key, events }) => ({ key, events }));
    expect(seen).toStrictEqual(expected(chunks));
  });

  it.each([1e8, 8000])('are refused where a session has too many (budget %d)', (bytes) => {
    const chunks = chunksOf(mixture(1, 6000, 3, 95), 1);
    const most = Math.max(...expected(chunks).map(({ events }) => events.length));
    expect(grouped(chunks, bytes, most).length).toBe(3);
    expect(() => grouped(chunks, bytes, most - 1)).toThrow(/expected at most [\d,]+ events/);
  });
});
