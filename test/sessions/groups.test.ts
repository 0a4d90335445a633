import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/domain/errors.js';
import { isGuid } from '../../src/domain/guid.js';
import { SessionGroups } from '../../src/sessions/groups.js';
import type { MemoryBudget } from '../../src/sessions/memory.js';
import { type ReadEvent, readEvent, recordOf, told, withoutSource } from './events.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'groups-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function grouped(
  events: readonly ReadEvent[],
  budget: MemoryBudget,
  order?: 'first-appearance' | 'any',
): unknown[] {
  const groups = new SessionGroups(budget);
  try {
    for (const event of events) groups.add(recordOf(event));
    return Array.from(groups.sessions(order), told);
  } finally {
    groups.close();
  }
}

const numberOr = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);

/** What must come out, said without columns. */
function expected(events: readonly ReadEvent[]): unknown[] {
  const keyOf = ({ value }: ReadEvent) => String(value.SessionId).toLowerCase();
  return [...new Set(events.map(keyOf))].map((key) => {
    const its = events.filter((event) => keyOf(event) === key);
    const unnumbered = its
      .filter((event) => event.unnumbered)
      .toSorted((a, b) => numberOr(a.value.Timestamp) - numberOr(b.value.Timestamp));
    const seqNumberOf = (event: ReadEvent) =>
      event.unnumbered ? unnumbered.indexOf(event) + 1 : numberOr(event.value.SeqNumber);
    const idOf = (id: unknown) => (isGuid(id) ? id : null);
    return {
      key,
      clipDuration: its.find(({ duration }) => duration !== undefined)?.duration,
      events: its
        .map((event) => ({ event, seqNumber: seqNumberOf(event) }))
        .toSorted((a, b) => a.seqNumber - b.seqNumber)
        .map(({ event: { value, input, line, column, pointers, element }, seqNumber }) => ({
          value: expect.objectContaining(withoutSource(value) as object),
          ids: [idOf(value.SessionId), idOf(value.ClipId), idOf(value.OrganizationId)],
          source: typeof value.Source === 'string' ? value.Source : undefined,
          position: numberOr(value.Position),
          timestamp: numberOr(value.Timestamp),
          seqNumber,
          place: {
            input,
            line,
            column,
            pointer: pointers ? (element < 0 ? '' : `/${element}`) : null,
            request: null,
          },
        })),
    };
  });
}

describe('grouping', () => {
  it('gives the same sessions in the same order in memory and on disk, every value as it was', () => {
    fc.assert(
      fc.property(
        fc.array(readEvent, { maxLength: 80 }),
        fc.constantFrom(1, 700, 2000, 6000, 20_000, 1e8),
        (events, bytes) => {
          expect(grouped(events, { bytes, folder })).toEqual(expected(events));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives the same sessions where the order does not matter', () => {
    const events = fc.sample(readEvent, { numRuns: 400, seed: 4 });
    const byKey = (sessions: unknown[]) =>
      new Map(sessions.map((its) => [(its as { key: string }).key, its]));
    expect(byKey(grouped(events, { bytes: 2000, folder }, 'any'))).toEqual(
      byKey(grouped(events, { bytes: 1e8, folder })),
    );
  });

  it('parts again what is too large for memory, and holds a session that is larger whole', () => {
    const [event] = fc.sample(readEvent, { numRuns: 1, seed: 1 });
    const ids = Array.from(
      { length: 150 },
      (_, i) => `0000${(i % 50).toString(16).padStart(4, '0')}-0000-4000-8000-000000000001`,
    );
    const events = ids.map((id, i) => ({
      ...event!,
      value: { ...event!.value, SessionId: i % 7 === 0 ? ids[0]! : id },
    }));
    const sessions = grouped(events, { bytes: 1, folder }) as { key: string; events: unknown[] }[];
    const first = events.map(({ value }) => value.SessionId);
    expect(sessions.map(({ key }) => key)).toEqual([...new Set(first)]);
    expect(sessions.reduce((sum, session) => sum + session.events.length, 0)).toBe(events.length);
  });

  it('passes over events whose SessionId is not usable', () => {
    const [event] = fc.sample(readEvent, { numRuns: 1, seed: 1 });
    const without = ['no id', '00000000-0000-0000-0000-000000000000'].map((SessionId) => ({
      ...event!,
      value: { ...event!.value, SessionId },
    }));
    expect(grouped([...without, event!], { bytes: 1e8, folder })).toEqual(expected([event!]));
  });

  it('gives a session whose events are all of other clips in time that grows with their number', () => {
    const [event] = fc.sample(readEvent, { numRuns: 1, seed: 1 });
    const events = Array.from({ length: 3000 }, (_, i) => ({
      ...event!,
      value: { ...event!.value, ClipId: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}` },
    }));
    const [session] = grouped(events, { bytes: 1e8, folder }) as { events: unknown[] }[];
    expect(session!.events).toHaveLength(3000);
  });

  it('refuses a session with too many events, in memory and on disk', () => {
    const [event] = fc.sample(readEvent, { numRuns: 1, seed: 1 });
    for (const bytes of [1, 1e8]) {
      const groups = new SessionGroups({ bytes, folder }, 4);
      for (let i = 0; i < 5; i += 1) groups.add(recordOf(event!));
      expect(() => [...groups.sessions()]).toThrow(
        /: expected at most 4 events, because a whole session is held in memory/,
      );
      groups.close();
    }
  });
});

describe('temporary files', () => {
  it('have no name while they are used, and none is left', () => {
    const groups = new SessionGroups({ bytes: 1, folder });
    for (const event of fc.sample(readEvent, { numRuns: 50, seed: 3 })) groups.add(recordOf(event));
    const sessions = groups.sessions();
    sessions.next();
    expect(readdirSync(folder)).toEqual([]);
    groups.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are not made where memory suffices', () => {
    const events = fc.sample(readEvent, { numRuns: 50, seed: 3 });
    expect(grouped(events, { bytes: 1e6, folder: join(folder, 'missing') })).not.toEqual([]);
  });

  it('that cannot be made are told', () => {
    const events = fc.sample(readEvent, { numRuns: 50, seed: 3 });
    const run = () => grouped(events, { bytes: 1, folder: join(folder, 'missing') });
    expect(run).toThrow(UserError);
    expect(run).toThrow(/temporary files cannot be written: there is no such folder/);
  });
});
