import fc from 'fast-check';
import { expect, test } from 'vitest';
import { grouped } from '../../src/cli/words.js';

test('thousands are told apart as the language does it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.double({ noNaN: true })), (n) => {
      expect(grouped(n)).toBe(Object.is(n, -0) ? '0' : n.toLocaleString('en-US'));
    }),
  );
});
