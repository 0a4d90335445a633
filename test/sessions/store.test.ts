import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../src/domain/session.js';
import { SessionStore } from '../../src/sessions/store.js';
import { added } from './arbitrary.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Played extends Session {
  readonly playedSeconds: number | null;
}

const session: fc.Arbitrary<Played> = fc
  .record({
    events: fc.array(added, { maxLength: 4 }),
    request: fc.option(fc.nat(9)),
    source: fc.option(fc.string(), { nil: undefined }),
    playedSeconds: fc.option(fc.double()),
  })
  .map(({ events, request, source, playedSeconds }) => ({
    key: events[0]?.key ?? 'none',
    events: events.map(({ grouped: { event } }) => ({ ...event, place: { ...event.place, request } })),
    request,
    source,
    clipDuration: undefined,
    playedSeconds,
  }));

describe('a store of sessions', () => {
  it('gives back what was put in, in order, as often as it is asked, in memory and on disk', () => {
    fc.assert(
      fc.property(
        fc.array(session, { maxLength: 20 }),
        fc.nat(12),
        fc.constantFrom(1, 5000, 1e8),
        (sessions, times, bytes) => {
          const many = Array.from({ length: times }, () => sessions).flat();
          const store = new SessionStore<Played>({ bytes, folder });
          try {
            for (const one of many) store.add(one);
            expect(store.size).toBe(many.length);
            expect([...store]).toStrictEqual(many);
            expect([...store]).toStrictEqual(many);
            expect(readdirSync(folder)).toEqual([]);
          } finally {
            store.close();
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('can be gone through by two readers at once, each at its own pace', () => {
    const sessions = fc.sample(session, { numRuns: 300, seed: 4 });
    const store = new SessionStore<Played>({ bytes: 1, folder });
    for (const one of sessions) store.add(one);
    const [a, b] = [store[Symbol.iterator](), store[Symbol.iterator]()];
    for (let i = 0; i < 100; i += 1) a.next();
    expect(b.next().value).toStrictEqual(sessions[0]);
    expect(a.next().value).toStrictEqual(sessions[100]);
    store.close();
  });
});
