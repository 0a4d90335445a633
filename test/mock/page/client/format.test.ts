import { describe, expect, it } from 'vitest';
import {
  bounded,
  latenessShort,
  latenessText,
  plural,
  positionText,
  shortId,
  spanText,
} from '../../../../src/mock/page/client/format.js';

describe('words', () => {
  it.each([
    [0, '0:00'],
    [59.9, '0:59'],
    [272, '4:32'],
    [3723, '1:02:03'],
    [-5, '-0:05'],
  ])('the position %d is %s', (seconds, text) => {
    expect(positionText(seconds)).toBe(text);
  });

  it.each([
    [0.2, '0 s'],
    [12, '12 s'],
    [60, '1 min'],
    [185, '3 min 5 s'],
    [9000, '2 h 30 min'],
    [187_200, '2 d 4 h'],
    [320 * 86_400, '320 d'],
  ])('the span %d is %s', (seconds, text) => {
    expect(spanText(seconds)).toBe(text);
  });

  it.each([
    [0.9, 'at once', 'at once'],
    [-1, 'at once', 'at once'],
    [9000, '2 h 30 min late', '2 h late'],
    [-42, 'clock 42 s ahead', '42 s ahead'],
  ])('received %d s after: %s', (seconds, text, short) => {
    expect([latenessText(seconds), latenessShort(seconds)]).toEqual([text, short]);
  });

  it('cut what would flood the page', () => {
    expect(bounded('x'.repeat(200))).toBe('x'.repeat(200));
    expect(bounded('x'.repeat(1500))).toBe(`${'x'.repeat(200)}… (1,500 characters)`);
    expect([shortId('a039f83d-1916-436b-a090-a039f83d17cc'), shortId('short'), shortId(null)]).toEqual([
      'a039f83d…',
      'short',
      'no usable id',
    ]);
    expect([plural(1, 'play'), plural(2, 'play'), plural(2000, 'jump ahead', 'jumps ahead')]).toEqual([
      '1 play',
      '2 plays',
      '2,000 jumps ahead',
    ]);
  });
});
