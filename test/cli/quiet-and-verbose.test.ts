import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { run } from './run.js';

const NOW = ['--now', '1767225600'];
const ORGANIZATION = ['--organization', '126281f8-200e-4c9f-8378-a4870055423b'];
const GOOD = ['fixtures/demo/plays.csv', ...NOW, ...ORGANIZATION];
const BROKEN = ['fixtures/demo/plays-broken.csv', ...NOW, ...ORGANIZATION];
const SCRIPT = ['--script', 'fixtures/scripts/pause-and-seek.txt', 'fixtures/scripts/as-described.ndjson'];
const CLOCK = /(, )?\d[\d.]* s\)|\(\d+ ms\)|"seconds":[\d.]+/g;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'omny-consume-quiet-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Chatter {
  readonly args: readonly string[];
  /** What standard error says unless told otherwise; null where it says nothing. */
  readonly says: RegExp | null;
  /** What it says, or standard output, with -v alone. */
  readonly more: RegExp;
}

const COMMANDS: Readonly<Record<string, Chatter>> = {
  validate: {
    args: ['validate', ...GOOD, '--since', '2025-11-06T00:00:00Z'],
    says: /left out/,
    more: /plays\.csv: read as csv/,
  },
  convert: { args: ['convert', ...GOOD], says: /^converted 12 sessions/, more: /read as csv\n/ },
  'convert --fix': {
    args: ['convert', '--fix', 'fixtures/fix/events.ndjson', ...NOW],
    says: /^fixed 2 sessions/m,
    more: /events\.ndjson:6: exact repeat dropped/,
  },
  simulate: {
    args: ['simulate', '--sessions', '2', '--seed', '1'],
    says: null,
    more: /^made 2 sessions, \d+ events$/m,
  },
  report: {
    args: ['report', '--format', 'csv', 'fixtures/report/left-out/input.ndjson', ...NOW],
    says: /with errors not counted/,
    more: /read as ndjson/,
  },
  expect: { args: ['expect', ...SCRIPT], says: null, more: /as-described\.ndjson: read as ndjson/ },
  send: {
    args: ['send', '--endpoint', 'mock', ...GOOD, '--limit', '3', '--batch-bytes', '1000'],
    says: /not sent because of --limit: without a ledger \(--ledger FILE\)/,
    more: /"Enabled": true \(\d+ ms\)/,
  },
  mock: {
    args: [
      'mock',
      '--port',
      '0',
      '--min-duration',
      '600',
      '--',
      process.execPath,
      'bin/omny-consume.js',
      'send',
      '-q',
      '-o',
      '/dev/null',
      ...GOOD,
    ],
    says: /^endpoint/,
    more: /^ {9}.*info .*session-too-short/m,
  },
};
describe('standard error', () => {
  it.concurrent.for(Object.entries(COMMANDS))('of %s', async ([, { args, says, more }], { expect }) => {
    const [plain, quiet, verbose, both] = await Promise.all(
      [[], ['-q'], ['-v'], ...(args.includes('--fix') || args[0] === 'send' ? [['-q', '-v']] : [])].map(
        (flags) => run([args[0]!, ...flags, ...args.slice(1)]),
      ),
    );
    if (says) expect(plain?.stderr).toMatch(says);
    else expect(plain?.stderr).toBe('');
    expect(plain?.stderr).not.toMatch(more);
    expect(quiet?.stderr).toBe('');
    expect(both?.stderr ?? '').toBe('');
    expect(verbose?.stderr).toMatch(more);
    expect(quiet?.code).toBe(plain?.code);
    if (args[0] !== 'mock')
      expect(quiet?.stdout.replaceAll(CLOCK, '')).toBe(plain?.stdout.replaceAll(CLOCK, ''));
  });

  it.concurrent.for([
    ['validate', 'no-such.json'],
    ['convert', ...BROKEN],
    ['report', ...BROKEN],
    ['send', '--endpoint', 'mock', ...BROKEN],
    ['expect', '--script', 'no-such.txt', 'fixtures/scripts/as-described.ndjson'],
    ['simulate', '--profile', 'skiper'],
    ['ledger', 'no-such.ledger'],
    ['mock', '--port', '0', '--', 'true'],
  ])('tells errors with -q: %s', async (args, { expect }) => {
    const { stderr, code } = await run([args[0]!, '-q', ...args.slice(1)]);
    expect(stderr).toMatch(/error/);
    expect(code).not.toBe(0);
  });

  it('of ledger is silent', async ({ expect }) => {
    const ledger = join(folder, 'plays.ledger');
    await run(['send', '--endpoint', 'mock', '--ledger', ledger, ...GOOD]);
    for (const flag of ['-q', '-v', '--color=auto']) {
      const { stdout, stderr, code } = await run(['ledger', flag, ledger]);
      expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
      expect(stdout).toMatch(/: 12 delivered$/m);
    }
  });
});
