import { describe, expect, it } from 'vitest';
import { BOUNDS, runBound } from '../../scripts/bounds-inputs.js';

const FEW = 20_000;
const MANY = 6 * FEW;

describe('memory is bounded:', () => {
  it.each(Object.entries(BOUNDS))('%s', { timeout: 240_000 }, async (_, bound) => {
    const { code, growth } = bound;
    const many = await runBound(bound, MANY);
    expect(many.stderr).not.toMatch(/^\s+at /m);
    expect(many.code).toBe(code);
    expect(many.mib / (await runBound(bound, FEW)).mib).toBeLessThan(growth);
  });
});
