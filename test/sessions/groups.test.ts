import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/domain/errors.js';
import { SessionGroups, type WholeSession } from '../../src/sessions/groups.js';
import type { MemoryBudget } from '../../src/sessions/memory.js';
import { casesOf } from '../cases.js';
import { type Added, added } from './arbitrary.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'groups-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function grouped(events: readonly Added[], budget: MemoryBudget): WholeSession[] {
  const groups = new SessionGroups(budget);
  try {
    for (const { key, grouped: event } of events) groups.add(key, event);
    return [...groups.sessions()];
  } finally {
    groups.close();
  }
}

/** What must come out, said in the plainest way. */
function expected(events: readonly Added[]): { key: string; events: unknown[]; invalid: boolean }[] {
  const keys = [...new Set(events.map(({ key }) => key))];
  return keys.map((key) => {
    const its = events.filter((event) => event.key === key).map(({ grouped: event }) => event);
    const order = its
      .filter(({ unnumbered }) => unnumbered)
      .toSorted((a, b) => (a.event.sound?.timestamp ?? 0) - (b.event.sound?.timestamp ?? 0));
    const numbered = its.map((it) => {
      if (!it.unnumbered) return it.event;
      const seqNumber = order.indexOf(it) + 1;
      return { ...it.event, seqNumber, sound: it.event.sound && { ...it.event.sound, seqNumber } };
    });
    const rank = (n: number | null) => n ?? Number.POSITIVE_INFINITY;
    const sorted = numbered.toSorted((a, b) =>
      rank(a.seqNumber) === rank(b.seqNumber) ? 0 : rank(a.seqNumber) < rank(b.seqNumber) ? -1 : 1,
    );
    return { key, events: sorted, invalid: its.some(({ invalid }) => invalid) };
  });
}

describe('grouping', () => {
  it('gives the same sessions in the same order in memory and on disk, every value as it was', () => {
    fc.assert(
      fc.property(
        fc.array(added, { maxLength: 80 }),
        fc.constantFrom(1, 700, 2000, 6000, 1e8),
        (events, bytes) => {
          const sessions = grouped(events, { bytes, folder });
          const seen = sessions.map(({ session, invalid }) => ({
            key: session.key,
            events: session.events,
            invalid,
          }));
          expect(seen).toStrictEqual(expected(events));
          for (const { session } of sessions) {
            const its = events.filter(({ key }) => key === session.key).map(({ grouped: event }) => event);
            expect(session.source).toBe(session.events.find(({ source }) => source !== undefined)?.source);
            expect(session.clipDuration).toBe(
              its.find(({ clipDuration }) => clipDuration !== undefined)?.clipDuration,
            );
          }
        },
      ),
      { numRuns: casesOf(60) },
    );
  });

  it('parts again what is too large for memory, and holds a session that is larger whole', () => {
    const [sample] = fc.sample(added, { numRuns: 1, seed: 1 });
    const event = sample!.grouped;
    const keys = Array.from(
      { length: 1200 },
      (_, i) => `0000${(i % 400).toString(16).padStart(4, '0')}-0000-4000-8000-000000000001`,
    );
    const events = keys.map((key, i) => ({ key: i % 7 === 0 ? keys[0]! : key, grouped: event }));
    const sessions = grouped(events, { bytes: 1, folder });
    expect(sessions.map(({ session }) => session.key)).toEqual([...new Set(events.map(({ key }) => key))]);
    expect(sessions.reduce((sum, { session }) => sum + session.events.length, 0)).toBe(events.length);
  });

  it('keeps input objects the same', () => {
    const events = fc.sample(added, { numRuns: 30, seed: 2 });
    const inputs = new Set(events.map(({ grouped: { event } }) => event.place.input));
    const seen = grouped(events, { bytes: 1, folder }).flatMap(({ session }) =>
      session.events.map(({ place }) => place.input),
    );
    expect(new Set(seen)).toEqual(inputs);
    expect(seen.every((input) => inputs.has(input))).toBe(true);
  });
});

describe('temporary files', () => {
  it('have no name while they are used, and none is left', () => {
    const groups = new SessionGroups({ bytes: 1, folder });
    for (const { key, grouped: event } of fc.sample(added, { numRuns: 50, seed: 3 })) groups.add(key, event);
    const sessions = groups.sessions();
    sessions.next();
    expect(readdirSync(folder)).toEqual([]);
    groups.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are not made where memory suffices', () => {
    const events = fc.sample(added, { numRuns: 50, seed: 3 });
    expect(grouped(events, { bytes: 1e6, folder: join(folder, 'missing') })).not.toEqual([]);
  });

  it('that cannot be made are told', () => {
    const events = fc.sample(added, { numRuns: 50, seed: 3 });
    const run = () => grouped(events, { bytes: 1, folder: join(folder, 'missing') });
    expect(run).toThrow(UserError);
    expect(run).toThrow(/temporary files cannot be written: there is no such folder/);
  });
});
