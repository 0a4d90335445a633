import { describe, expect, it } from 'vitest';
import { BOUNDS } from '../../scripts/bounds-inputs.js';
import { runHostile } from '../../scripts/hostile-inputs.js';

const FEW = 20_000;
const MANY = 6 * FEW;

describe('memory is bounded:', () => {
  it.each(Object.entries(BOUNDS))('%s', { timeout: 240_000 }, async (_, { command, input, code, growth }) => {
    const run = (count: number) => runHostile({ format: 'ndjson', chunks: input(count) }, command);
    const many = await run(MANY);
    expect(many.stderr).not.toMatch(/^\s+at /m);
    expect(many.code).toBe(code);
    expect(many.mib / (await run(FEW)).mib).toBeLessThan(growth);
  });
});
