import { describe, expect, it } from 'vitest';
import { BOUNDS } from '../../scripts/bounds-inputs.js';
import { MOCK_BOUNDS, runBound, runMockBound } from '../../scripts/bounds-runs.js';

const FEW = 10_000;
const MANY = 6 * FEW;

describe('memory is bounded:', () => {
  it.each(Object.entries(BOUNDS))('%s', { timeout: 600_000 }, async (_, bound) => {
    const { code, growth } = bound;
    const many = await runBound(bound, MANY);
    expect(many.stderr).not.toMatch(/^\s+at /m);
    expect(many.code).toBe(code);
    expect(many.mib / (await runBound(bound, FEW)).mib).toBeLessThan(growth);
  });

  it.each(Object.entries(MOCK_BOUNDS))('%s', { timeout: 600_000 }, async (_, bound) => {
    const many = await runMockBound(bound, bound.many);
    expect(many.stderr).not.toMatch(/^\s+at /m);
    expect(many.answers).toBe(true);
    expect(many.mib).toBeLessThan(bound.mib);
  });
});
