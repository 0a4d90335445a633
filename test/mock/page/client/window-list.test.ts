import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowHeights } from '../../../../src/mock/page/client/window-list.js';

const ids = (count: number) => Array.from({ length: count }, (_, i) => `row ${i}`);

describe('the heights of rows', () => {
  it('find the row at a place, whichever are open', () => {
    const rows = fc.array(fc.option(fc.integer({ min: 1, max: 500 }), { nil: 0, freq: 3 }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(rows, fc.integer({ min: -100, max: 6000 }), (extras, y) => {
        const heights = new RowHeights();
        heights.row = 68;
        heights.setRows(ids(extras.length));
        extras.forEach((extra, i) => {
          heights.measured(`row ${i}`, 68 + extra);
        });
        const tops = extras.map((_, i) => extras.slice(0, i).reduce((sum, extra) => sum + 68 + extra, 0));
        expect(extras.map((_, i) => heights.topOf(i))).toEqual(tops);
        expect(heights.total).toBe(extras.reduce((sum, extra) => sum + 68 + extra, 0));
        expect(heights.placeAt(y)).toBe(
          Math.max(
            0,
            tops.findLastIndex((top) => top <= y),
          ),
        );
      }),
    );
  });

  it('go with their rows when others come before them, and are kept while they are away', () => {
    const heights = new RowHeights();
    heights.row = 10;
    heights.setRows(['a', 'b']);
    heights.measured('a', 100);
    heights.setRows(['new', 'a', 'b']);
    expect([heights.topOf(1), heights.topOf(2), heights.total]).toEqual([10, 110, 120]);
    heights.setRows(['b']);
    expect(heights.total).toBe(10);
    heights.setRows(['a']);
    expect(heights.total).toBe(100);
    heights.measured('a', 10);
    expect(heights.total).toBe(10);
  });
});
