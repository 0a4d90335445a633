import fc from 'fast-check';
import { expect, it } from 'vitest';
import { escaped, formatNumber } from '../../src/domain/text.js';
import { shown } from '../../src/rules/words.js';

it('control characters and those that turn a text round are shown, all else stands', () => {
  expect(escaped('a\u001b[31m\u202e\n\u009b\u2069é😀')).toBe('a\\u001b[31m\\u202e\\u000a\\u009b\\u2069é😀');
  expect(shown('\u0007\u061c')).toBe('"\\u0007\\u061c"');
  expect(shown(undefined)).toBe('nothing');
});

it('what is escaped in JSON is the same JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
      for (const json of [JSON.stringify(value), JSON.stringify(text)]) {
        expect(JSON.parse(escaped(json))).toEqual(JSON.parse(json));
      }
    }),
  );
});

it('tells the thousands of every number apart as the language does', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -2000, max: 2_000_000 }), fc.double()),
      (n) => {
        expect(formatNumber(n)).toBe(Object.is(n, -0) ? '0' : n.toLocaleString('en-US'));
      },
    ),
  );
});
