import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { KeyFlags } from '../../src/sessions/key-table.js';

test('flags of sessions are kept apart, and counted by those that are set', () => {
  const flags = new KeyFlags();
  const keys = Array.from({ length: 3000 }, () => randomUUID());
  for (const [i, key] of keys.entries()) expect(flags.add(key, 1 << (i % 3))).toBe(true);
  expect(flags.add(keys[0]!, 1)).toBe(false);
  expect(flags.add(keys[0]!, 1 | 2)).toBe(true);
  expect(flags.has(keys[0]!, 2)).toBe(true);
  expect(flags.has(keys[0]!, 4)).toBe(false);
  expect(flags.has(randomUUID(), 255)).toBe(false);
  expect(flags.count(1, 1)).toBe(1000);
  expect(flags.count(1, 1 | 2)).toBe(999);
  expect(flags.count(4, 1 | 2 | 4)).toBe(1000);
});
