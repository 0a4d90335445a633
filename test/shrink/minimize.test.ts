import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Budget, minimize, shorterText } from '../../src/shrink/minimize.js';

describe('minimize', () => {
  it('finds the elements that are needed, wherever they stand, in few checks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3000 }),
        fc.array(fc.nat(), { maxLength: 3 }),
        async (length, at) => {
          const needed = new Set(at.map((n) => n % length));
          const budget = new Budget(Number.POSITIVE_INFINITY);
          const test = async (kept: readonly number[]): Promise<boolean> => {
            budget.take();
            const held = new Set(kept);
            return [...needed].every((n) => held.has(n));
          };
          const items = Array.from({ length }, (_, n) => n);
          expect(await minimize(items, test, budget)).toEqual([...needed].sort((a, b) => a - b));
          expect(budget.checks).toBeLessThan(200);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('leaves out pairs that go only together', async () => {
    const items = Array.from({ length: 999 }, (_, n) => n);
    const balanced = async (kept: readonly number[]): Promise<boolean> =>
      kept.includes(500) && kept.includes(501) && kept.every((n, i) => n % 2 === i % 2);
    const kept = await minimize(items, balanced, new Budget(Number.POSITIVE_INFINITY));
    expect(kept).toEqual([500, 501]);
  });

  it('ends where the budget does, with what it has', async () => {
    const budget = new Budget(5);
    const items = Array.from({ length: 100 }, (_, n) => n);
    const kept = await minimize(items, async (some) => budget.take() && some.includes(99), budget);
    expect(kept).toContain(99);
    expect(kept.length).toBeLessThan(100);
    expect([budget.checks, budget.spent]).toEqual([5, true]);
  });
});

it('shortens a text to what is needed of it, lines first', async () => {
  const text = Array.from({ length: 50 }, (_, n) => `line ${n} of a log\n`)
    .join('')
    .replace('25', '{:');
  const short = await shorterText(
    text,
    async (some) => some.includes('{') && some.includes(':'),
    new Budget(1e6),
  );
  expect(short).toBe('{:');
});
