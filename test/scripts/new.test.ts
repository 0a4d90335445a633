import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = ['bench', 'bin', 'docs', 'fixtures', 'scripts', 'src', 'test'];
const CONFIGURATION = [
  '.gitignore',
  'README.md',
  'biome.json',
  'package.json',
  'tsconfig.build.json',
  'tsconfig.json',
  'vitest.config.ts',
];
/** The tests that say what a rule, a diagnosis, a report format and a shape of tables must have. */
const TESTS = [
  'test/certify/fixtures.test.ts',
  'test/cli/validate/junit.test.ts',
  'test/diagnoses/fixtures.test.ts',
  'test/diagnoses/player-bugs.test.ts',
  'test/diagnoses/thresholds.test.ts',
  'test/docs/generated.test.ts',
  'test/guide/guides.test.ts',
  'test/mock/certify.test.ts',
  'test/rules/fixtures.test.ts',
  'test/rules/naive.test.ts',
  'test/rules/registry.test.ts',
  'test/simulate/faults.test.ts',
  'test/table/report.test.ts',
  'test/table/shapes.test.ts',
  'test/unfinished.test.ts',
];
const LONG_MS = 1_200_000;

/** Rules of all levels, so that the placeholder of one must not meet that of another. */
const ADDED = [
  ['rule', 'new-error', 'event', 'error', 'API-13, OBS-2'],
  ['rule', 'new-of-events', 'event'],
  ['rule', 'new-of-requests', 'request', 'error'],
  ['rule', 'new-of-sessions', 'session', 'error'],
  ['diagnosis', 'new-bug'],
  ['behaviour', 'new-behaviour'],
  ['shape', 'new-shape'],
  ['format', 'new-format'],
] as const;

const copy = mkdtempSync(join(tmpdir(), 'omny-consume-new-'));
const node = (...args: readonly string[]) =>
  spawnSync(process.execPath, args, {
    cwd: copy,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, CASES: '0.1', NAIVE_RUNS: '100' },
  });

/** The code that was written or changed. */
const written = new Set<string>();

beforeAll(() => {
  for (const path of [...COPIED, ...CONFIGURATION])
    cpSync(join(ROOT, path), join(copy, path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  for (const words of ADDED) {
    // Lists and recorded texts are written again once, after the last.
    const { status, stdout, stderr } = node(
      'scripts/new.js',
      ...words,
      ...(words[0] === 'format' ? [] : ['--files-only']),
    );
    expect(stderr, words.join(' ')).toBe('');
    expect(status).toBe(0);
    for (const line of stdout.split('\n')) if (line.endsWith('.ts') && !line.includes(' ')) written.add(line);
  }
}, LONG_MS);

afterAll(() => rmSync(copy, { recursive: true, force: true }));

it(
  'what was added fits the types',
  () => {
    const { stdout } = node('node_modules/typescript/bin/tsc', '--noEmit');
    expect(stdout).toBe('');
  },
  LONG_MS,
);

it(
  'what was added passes lint',
  () => {
    const { stdout, stderr, status } = node('node_modules/@biomejs/biome/bin/biome', 'check', ...written);
    expect(written.size).toBeGreaterThan(15);
    expect(status, stdout + stderr).toBe(0);
  },
  LONG_MS,
);

it(
  'of the tests only the one fails that lists what is left to write',
  () => {
    node('node_modules/vitest/vitest.mjs', 'run', '--reporter=json', '--outputFile=result.json', ...TESTS);
    const { testResults } = JSON.parse(readFileSync(join(copy, 'result.json'), 'utf8')) as {
      testResults: { assertionResults: { status: string; title: string; failureMessages: string[] }[] }[];
    };
    const failed = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status !== 'passed');
    expect(failed.map(({ title }) => title)).toEqual([
      'nothing is left to write: no TODO, and no placeholder of `npm run new`',
    ]);
  },
  LONG_MS,
);

it('what is there already is left alone', () => {
  const { status, stderr } = node('scripts/new.js', 'rule', 'seq-gap');
  expect([status, stderr]).toEqual([2, 'src/rules/session/seq-gap.ts exists already.\n']);
});

it('says how it is used', () => {
  const wrong: string[][] = [
    [],
    ['rule'],
    ['rule', 'Not An Id'],
    ['thing', 'an-id'],
    ['rule', 'an-id', 'clip'],
  ];
  for (const words of [
    ...wrong,
    ['rule', 'an-id', 'session', 'fatal'],
    ['rule', 'an-id', 'session', 'error', '13'],
  ]) {
    const { status, stderr } = node('scripts/new.js', ...words);
    expect([words, status]).toEqual([words, 2]);
    expect(stderr).toContain('npm run new rule ID [event|request|session] [error|warning|info]');
  }
});
