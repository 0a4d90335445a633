import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NewestMap } from '../../src/domain/newest-map.js';

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
