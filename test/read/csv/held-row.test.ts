import { expect, it } from 'vitest';
import { HeldRow } from '../../../src/read/csv/rows.js';
import { MAX_LINE_BYTES } from '../../../src/read/limits.js';

it('keeps nothing of a row past the limit, and begins afresh after it', () => {
  const held = new HeldRow();
  const half = 'x'.repeat(MAX_LINE_BYTES / 2);
  held.add(half);
  held.add(half);
  expect(held.text).toHaveLength(MAX_LINE_BYTES);
  held.add('y');
  held.add(half);
  expect(held.text).toBe('');
  expect(held.finish('z')).toBeNull();
  held.add('a');
  expect(held.finish('b')).toBe('ab');
});

it('counts bytes of UTF-8', () => {
  const held = new HeldRow();
  const most = 'é'.repeat(MAX_LINE_BYTES / 2);
  expect(held.finish(most)).toBe(most);
  expect(held.finish(`${most}a`)).toBeNull();
});
