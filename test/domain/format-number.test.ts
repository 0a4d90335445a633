import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatNumber } from '../../src/domain/text.js';

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
