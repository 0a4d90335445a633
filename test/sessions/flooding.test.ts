import { describe, expect, it } from 'vitest';
import { sessionIdOfHash } from '../../scripts/bounds-inputs.js';
import { RepeatedRuns } from '../../src/table/plausibility/export-repeated.js';
import { HashMap, HashTally } from '../../src/table/row-hashes.js';
import { DistinctSessions } from '../../src/validate/rule-totals.js';

const MANY = 20_000;

/** Fills a table with so many hashes. */
type Fill = (hashes: readonly number[]) => void;

const TABLES: Readonly<Record<string, Fill>> = {
  HashMap: (hashes) => {
    const table = new HashMap();
    for (const hash of hashes) table.getOrSet(hash, 1);
  },
  HashTally: (hashes) => {
    const table = new HashTally();
    for (const hash of hashes) table.add(hash);
  },
  RepeatedRuns: (hashes) => {
    const table = new RepeatedRuns();
    for (const [i, hash] of hashes.entries()) table.add(hash, i + 1);
  },
};

function secondsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

describe('hashes that somebody chose to fall into one slot take no longer than others:', () => {
  it.each(Object.entries(TABLES))('%s', (_, fill) => {
    const drawn = Array.from({ length: MANY }, (_, i) => (i * 0x9e3779b97f4a) % 2 ** 52);
    const usual = secondsOf(() => fill(drawn));
    // Their low bits are the same for all, and so are both halves folded.
    for (const chosen of [drawn.map((_, i) => i * 2 ** 30), drawn.map((_, i) => i * (2 ** 20 + 1))])
      expect(secondsOf(() => fill(chosen))).toBeLessThan(10 * usual + 0.2);
  });

  it('DistinctSessions', () => {
    const add = (hashOf: (i: number) => number) => {
      const ids = Array.from({ length: MANY }, (_, i) => sessionIdOfHash(i, hashOf(i)));
      return secondsOf(() => {
        const distinct = new DistinctSessions();
        for (const id of ids) distinct.add(id);
      });
    };
    const usual = add((i) => Math.imul(i, 0x9e3779b1));
    expect(add(() => 0xdead_beef)).toBeLessThan(10 * usual + 0.2);
  });
});
