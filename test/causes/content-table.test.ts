import { expect, it } from 'vitest';
import { ContentTable } from '../../src/causes/content-table.js';
import { writeGuid } from '../../src/domain/guid-words.js';
import { keyOf } from './courses.js';

const words = (n: number) => {
  const session = new Uint32Array(4);
  writeGuid(keyOf(n), session, 0);
  return session;
};

it('tells how many sessions have contents that were there, also after it has grown, and that share a half of the hash', () => {
  const table = new ContentTable();
  for (let n = 0; n < 5000; n += 1) table.add({ a: n & 7, b: n }, words(n));
  expect([table.seen, table.again]).toEqual([5000, 0]);
  for (let n = 0; n < 5000; n += 2) table.add({ a: n & 7, b: n }, words(5000 + n));
  expect([table.seen, table.again, table.full]).toEqual([7500, 2500, false]);
});

it('gives sessions of one content as examples: of the lowest hash, whatever the order', () => {
  const added = [7, 3, 7, 5, 3, 3, 3, 5].map((a, n) => ({ a, n }));
  for (const order of [added, added.toReversed()]) {
    const table = new ContentTable();
    for (const { a, n } of order) table.add({ a, b: 1 }, words(n));
    expect(table.examples).toEqual([keyOf(1), keyOf(4), keyOf(5)]);
  }
});

it('takes no further contents when it is full, but tells those that it has', () => {
  const table = new ContentTable();
  const most = 2 ** 18;
  for (let n = 0; n <= most; n += 1) table.add({ a: n, b: 0 }, words(n));
  expect([table.seen, table.again, table.full]).toEqual([most, 0, true]);
  table.add({ a: most, b: 0 }, words(1));
  table.add({ a: 5, b: 0 }, words(1));
  expect([table.seen, table.again]).toEqual([most + 1, 1]);
});
