import { expect, test } from 'vitest';
import { firstDifference } from './same.js';

test.each<[unknown, unknown, string | null]>([
  [{ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, null],
  [{ a: [1, { b: 2 }], c: 9 }, { a: [1, { b: 3 }], c: 8 }, '$.a[1].b: received 2, expected 3'],
  [{ a: [1] }, { a: [1, 2] }, '$.a[1]: received undefined, expected 2'],
  [{ a: [] }, { a: {} }, '$.a: received [], expected {}'],
  [null, { a: 1 }, '$: received null, expected {"a":1}'],
  [{ a: undefined }, {}, '$: received {}, expected {}'],
])('%j and %j differ at %s', (actual, expected, difference) => {
  expect(firstDifference(actual, expected)).toBe(difference);
});
