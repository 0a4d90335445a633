import { describe, expect, it } from 'vitest';
import { HOSTILE, runHostile } from '../../scripts/hostile-inputs.js';

/** More than a line, a row or a chunk may hold, and little enough for every run; scripts/hostile.js gives a gibibyte. */
const BYTES = 24 * 2 ** 20;

describe('in bounded memory, with the documented exit code and no stack trace,', () => {
  it.each([
    ['a quote that is never closed', 1, 'a row of at most 16 MiB'],
    ['a line that never ends', 1, 'a line of at most 16 MiB'],
    ['a string that never ends', 1, 'a closing quote'],
    ['a HAR that never ends', 1, 'at most 20,000,000 values'],
    ['blanks and nothing else', 2, 'nothing to validate'],
    ['brackets and nothing else', 1, 'at most 64 levels of nesting'],
    ['an array of nothing, a value a line', 1, 'at most 1,000,000 values'],
    ['a request of empty events', 1, 'at most 1,000,000 values'],
    ['a request with a million properties', 1, 'at most 1,000,000 values'],
    ['a header with a million columns', 2, 'no column for ClipId'],
    ['a session of a million segments', 1, 'at most 10,000 segments'],
    ['a gzip bomb', 1, 'gzip data that unpacks to at most 1000 times its size'],
    ['gzip of many members', 1, 'Source'],
    ['one session, backwards', 0, '1 session'],
    ['as many sessions as events', 0, '656,500 sessions'],
  ])('%s', { timeout: 180_000 }, async (name, code, said) => {
    const make = HOSTILE[name]!;
    const input = make(6 * BYTES);
    const run = await runHostile(input);
    expect(run).toMatchObject({ code });
    expect(run.stdout + run.stderr).toContain(said);
    expect(run.stderr).not.toMatch(/^\s+at /m);
    // What a Node takes for itself differs from version to version; what more input adds does not.
    const less = await runHostile(make(BYTES));
    expect(run.mib / less.mib).toBeLessThan(input.growth);
  });

  it('is tested for every hostile input there is', () => {
    expect(Object.keys(HOSTILE)).toHaveLength(15);
  });
});
