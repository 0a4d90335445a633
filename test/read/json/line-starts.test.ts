import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineStarts } from '../../../src/read/json/offsets.js';

it('finds the line of every offset, among short lines, long ones and many', () => {
  const line = fc.oneof(
    fc.string({ maxLength: 5 }).map((text) => text.replaceAll('\n', 'x')),
    fc.nat(200).map((n) => '\n'.repeat(n)),
    fc.integer({ min: 4090, max: 4100 }).map((n) => 'y'.repeat(n)),
  );
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 12 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      (lines, offsets) => {
        const text = lines.join('\n');
        const starts = new LineStarts(text);
        for (const offset of [0, text.length, ...offsets.map((at) => at % (text.length + 1))]) {
          const before = text.slice(0, offset).split('\n');
          expect(starts.at(offset)).toEqual({
            line: before.length - 1,
            start: offset - before.at(-1)!.length,
          });
        }
      },
    ),
  );
});
