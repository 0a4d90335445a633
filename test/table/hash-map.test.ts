import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HashTally } from '../../src/table/row-hashes.js';

it('counts as a map would, through growth and clashes', () => {
  const hash = fc.oneof(
    fc.integer({ min: 0, max: 50 }),
    fc.nat(20).map((n) => n * 4096),
    fc.constant(2 ** 48 - 1),
  );
  fc.assert(
    fc.property(fc.array(hash, { maxLength: 300 }), (hashes) => {
      const tally = new HashTally();
      const counts = new Map<number, number>();
      for (const each of hashes) {
        const before = counts.get(each) ?? 0;
        expect(tally.add(each)).toBe(before);
        counts.set(each, before + 1);
      }
    }),
  );
});

it('forgets nothing as it grows', () => {
  const tally = new HashTally();
  const isRepeated = (i: number): boolean => i % 10 === 0;
  for (let i = 0; i < 5000; i++) {
    expect(tally.add(i * 7919)).toBe(0);
    if (isRepeated(i)) expect(tally.add(i * 7919)).toBe(1);
  }
  for (let i = 0; i < 5000; i++) expect(tally.add(i * 7919)).toBe(isRepeated(i) ? 2 : 1);
});
