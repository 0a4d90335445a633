import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/** The first place where two values differ, as a path with both values there; null where they are the same. */
export function firstDifference(actual: unknown, expected: unknown, path = '$'): string | null {
  if (isDeepStrictEqual(actual, expected)) return null;
  const parts = [actual, expected].map((value) =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null,
  );
  const [one, other] = parts;
  if (one && other && Array.isArray(one) === Array.isArray(other)) {
    for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
      const at = Array.isArray(one) ? `${path}[${name}]` : `${path}.${name}`;
      const inside = firstDifference(one[name], other[name], at);
      if (inside !== null) return inside;
    }
  }
  return `${path}: received ${shown(actual)}, expected ${shown(expected)}`;
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 300);
}

/** For values too large to read: fails with the first place where they differ, not with both in full. */
export function expectSame(actual: unknown, expected: unknown): void {
  expect(firstDifference(actual, expected)).toBeNull();
}
