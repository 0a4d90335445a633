import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Newest, NewestMap } from '../../src/domain/newest-map.js';

test('forgets what a plain map would find first, whatever was done to it', () => {
  const key = fc.integer({ min: 0, max: 9 });
  const step = fc.oneof(
    fc.record({ kind: fc.constant('set' as const), key }),
    fc.record({ kind: fc.constant('delete' as const), key }),
    fc.record({ kind: fc.constant('forget' as const), key }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const map = new NewestMap<number, number>();
      const plain = new Map<number, number>();
      steps.forEach(({ kind, key: its }, value) => {
        if (kind === 'set') {
          map.set(its, value);
          plain.set(its, value);
        } else if (kind === 'delete') expect(map.delete(its)).toBe(plain.delete(its));
        else {
          const [oldest = null] = plain;
          if (oldest) plain.delete(oldest[0]);
          expect(map.forgetOldest()).toEqual(oldest);
        }
        expect([map.size, map.get(its), [...map.values()]]).toEqual([
          plain.size,
          plain.get(its),
          [...plain.values()],
        ]);
      });
    }),
  );
});

test('an entry that is replaced weighs what it weighs now', () => {
  const map = new NewestMap<string, number>({ maxCount: 10, maxWeight: 5, weigh: (value) => value });
  for (const value of [4, 1, 2]) map.set('first', value);
  expect([map.set('second', 3), map.size]).toEqual([[], 2]);
  map.delete('second');
  expect(map.set('third', 3)).toEqual([]);
  expect(map.set('third', 4)).toEqual([2]);
});

describe('keeps the newest', () => {
  test('by number', () => {
    const kept = new Newest<number>({ maxCount: 3 });
    const gone = Array.from({ length: 5000 }, (_, i) => kept.add(i)).flat();
    expect(kept.items()).toEqual([4997, 4998, 4999]);
    expect(kept.size).toBe(3);
    expect(gone).toEqual(Array.from({ length: 4997 }, (_, i) => i));
  });

  test('by weight, be it the very one that came', () => {
    const kept = new Newest<string>({ maxCount: 10, maxWeight: 5, weigh: (text) => text.length });
    expect(kept.add('abc')).toEqual([]);
    expect(kept.add('def')).toEqual(['abc']);
    expect(kept.add('gh')).toEqual([]);
    expect(kept.items()).toEqual(['def', 'gh']);
    expect(kept.add('too long')).toEqual(['def', 'gh', 'too long']);
    expect(kept.size).toBe(0);
  });
});
