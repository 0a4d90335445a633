import { expect, it } from 'vitest';
import { ContentTable, isDistinctive } from '../../src/diagnoses/content.js';
import { writeGuid } from '../../src/domain/guid.js';
import { eventsApart, keyOf, listeningOf } from './seen.js';

const words = (n: number) => {
  const session = new Uint32Array(4);
  writeGuid(keyOf(n), session, 0);
  return session;
};

it('tells how many sessions have contents that were there, also where they share a half of the hash', () => {
  const table = new ContentTable();
  for (let n = 0; n < 5000; n += 1) table.add({ a: n + 1, b: n & 7 }, words(n), 0);
  expect([table.seen, table.again]).toEqual([5000, 0]);
  for (let n = 0; n < 5000; n += 2) table.add({ a: n + 1, b: n & 7 }, words(5000 + n), 0);
  expect([table.seen, table.again, table.full]).toEqual([7500, 2500, false]);
});

it('gives sessions of one content as examples: of the lowest hash, whatever the order', () => {
  const added = [7, 3, 7, 5, 3, 3, 3, 5].map((a, n) => ({ a, n }));
  for (const order of [added, added.toReversed()]) {
    const table = new ContentTable();
    for (const { a, n } of order) table.add({ a, b: 1 }, words(n), 0);
    expect(table.examples).toEqual([keyOf(1), keyOf(4), keyOf(5)]);
  }
});

it('keeps of contents that fall together the one with the lower hash as the example, whatever the order', () => {
  const [high, low] = [
    { a: 3, b: 9 },
    { a: 3 + 2 ** 14, b: 4 },
  ];
  const added = [high, low, high, low, low].map((hash, n) => ({ hash, n }));
  for (const order of [added, added.toReversed()]) {
    const table = new ContentTable();
    for (const { hash, n } of order) table.add(hash, words(n), 0);
    expect(table.examples).toEqual([keyOf(1), keyOf(3), keyOf(4)]);
  }
});

it('takes no further contents when it is full, but tells those that it has', () => {
  const table = new ContentTable();
  const most = 2 ** 18;
  for (let n = 0; n <= most; n += 1) table.add({ a: n, b: 0 }, words(n), 0);
  expect([table.seen, table.again, table.full]).toEqual([most, 0, true]);
  table.add({ a: most, b: 0 }, words(1), 0);
  table.add({ a: 5, b: 0 }, words(1), 0);
  expect([table.seen, table.again]).toEqual([most + 1, 1]);
});

it.each<[why: string, events: string, distinctive: boolean]>([
  [
    'a farthest Stop tells nothing, nor do whole seconds',
    'Start 0 @0, Stop 9 @9, Start 9 @20, Stop 30.25 @41',
    false,
  ],
  ['another Stop does', 'Start 0 @0, Stop 9.125 @9, Start 9.125 @20, Stop 30.25 @41', true],
  ['so do ten events', eventsApart(10, 1), true],
  ['nine do not', eventsApart(9, 1), false],
])('%s', (_, events, distinctive) => {
  expect(isDistinctive(listeningOf(events))).toBe(distinctive);
});
