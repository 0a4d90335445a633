import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHere, type Told } from './in-process.js';

const folder = mkdtempSync(join(tmpdir(), 'omny-consume-gates-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

async function simulated(name: string, seed: string, share: string): Promise<string> {
  const made = [
    '--sessions',
    '10000',
    '--profile',
    'complete',
    '--seed',
    seed,
    '--fault',
    `seq-gap=${share}`,
  ];
  await runHere(['simulate', ...made, '-o', at(name)]);
  return at(name);
}

const judged = (...args: string[]): Promise<Told> => runHere(['validate', '--max-findings', '1', ...args]);
const lastLines = ({ stdout }: Told, n: number): string[] => stdout.trimEnd().split('\n').slice(-n);

let input = '';
beforeAll(async () => {
  input = await simulated('one-percent.ndjson', '1', '0.01');
});

describe('--allow', () => {
  it('accepts a rule up to its share of the sessions, and tells both shares', async () => {
    const whole = await judged('--allow', 'seq-gap=1%', input);
    expect(whole.code).toBe(0);
    expect(lastLines(whole, 2)).toEqual([
      expect.stringMatching(/^⚠ 100 errors, 0 warnings .*; 100 errors accepted$/),
      '  seq-gap: 1 % of sessions (100 of 10,000), 1 % allowed',
    ]);
    const half = await judged('--allow', 'seq-gap=0.5%', input);
    expect(half.code).toBe(1);
    expect(lastLines(half, 2)).toEqual([
      expect.stringMatching(/^✖ 100 errors, 0 warnings .* played$/),
      '  seq-gap: 1 % of sessions (100 of 10,000), more than the 0.5 % allowed',
    ]);
  });

  it.each([
    ['syntax=1%', 'syntax always counts: it is not about sessions'],
    ['request-shape=1%', 'request-shape always counts'],
    ['seq-gp=1%', 'Did you mean seq-gap?'],
    ['seq-gap=2', 'as in seq-gap=0.5% or seq-gap=0.005'],
    ['seq-gap', 'as in seq-gap=0.5%'],
  ])('%s is refused', async (value, told) => {
    const { stderr, code } = await judged('--allow', value, input);
    expect([code, stderr]).toEqual([2, expect.stringContaining(told)]);
  });

  it('holds in report --fail-if findings, too', async () => {
    const compared = [
      'report',
      input,
      '--compare',
      input,
      '--fail-if',
      'findings>=0',
      '--fail-if',
      'findings>0',
    ];
    const { stderr } = await runHere([...compared, '--allow', 'seq-gap=1%']);
    expect(stderr).toContain('seq-gap: 1 % of sessions (100 of 10,000), 1 % allowed\n');
    expect(stderr).toContain('--fail-if findings>=0: findings was 0, is 0');
    const alone = await runHere(['report', input, '--allow', 'seq-gap=1%']);
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('need --fail-if findings')]);
  });
});

describe('--baseline', () => {
  const baseline = at('baseline.json');

  it('is written, sorted, a line a rule, and passes the input that it is of', async () => {
    const { stderr, code } = await judged('--baseline', baseline, '--update-baseline', input);
    expect([code, stderr]).toEqual([0, `${baseline}: written, with 1 rule or diagnosis\n`]);
    expect(readFileSync(baseline, 'utf8')).toBe(
      '{\n  "version": 1,\n  "found": {\n    "seq-gap": { "sessions": 100, "of": 10000 }\n  }\n}\n',
    );
    expect((await judged('--baseline', baseline, input)).code).toBe(0);
  });

  it('fails where the share doubled, and tells both shares', async () => {
    const told = await judged('--baseline', baseline, await simulated('two-percent.ndjson', '2', '0.02'));
    expect(told.code).toBe(1);
    expect(lastLines(told, 1)).toEqual([
      '  seq-gap: 2 % of sessions (200 of 10,000), 1 % in the baseline: more than chance explains (1.36 %)',
    ]);
  });

  it('never hides what cannot be read, though it is written of it', async () => {
    const cut = at('cut.ndjson');
    copyFileSync(input, cut);
    appendFileSync(cut, '{"OrganizationId":\n');
    expect((await judged('--baseline', at('cut.json'), '--update-baseline', cut)).code).toBe(1);
    expect((await judged('--baseline', at('cut.json'), cut)).code).toBe(1);
  });

  it.each([
    ['{', 'is not JSON'],
    ['{"version":2,"found":{}}', 'expected a baseline'],
    ['{"version":1,"found":{"seq-gp":{"sessions":1,"of":2}}}', 'there is no rule or diagnosis "seq-gp"'],
    ['{"version":1,"found":{"syntax":{"sessions":1,"of":2}}}', 'syntax always counts'],
    [
      '{"version":1,"found":{"seq-gap":{"sessions":3,"of":2}}}',
      'seq-gap: expected { "sessions": N, "of": M }',
    ],
  ])('%s is refused', async (text, told) => {
    writeFileSync(at('wrong.json'), text);
    const { stderr, code } = await judged('--baseline', at('wrong.json'), input);
    expect([code, stderr]).toEqual([2, expect.stringContaining(told)]);
  });

  it('is not taken for granted, and takes the place of no input', async () => {
    expect((await judged('--baseline', at('none.json'), input)).stderr).toContain('Add --update-baseline');
    expect((await judged('--update-baseline', input)).stderr).toContain('needs --baseline FILE');
    const { stderr } = await judged('--baseline', input, '--update-baseline', input);
    expect(stderr).toContain('is an input and cannot also be the baseline');
  });
});

it('--fail-on says from which severity on findings fail', async () => {
  const warned = at('warned.ndjson');
  await runHere(['simulate', '--sessions', '20', '--seed', '1', '--fault', 'session-open', '-o', warned]);
  const codes = ['error', 'warning', 'never'].map(async (severity) => {
    const args = ['validate', '--fail-on', severity];
    return [(await runHere([...args, warned])).code, (await runHere([...args, input])).code];
  });
  expect(await Promise.all(codes)).toEqual([
    [0, 1],
    [1, 1],
    [0, 0],
  ]);
});
