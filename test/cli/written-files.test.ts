import {
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { requireDistinctFiles } from '../../src/cli/written-files.js';
import { run } from './run.js';

const folder = mkdtempSync(join(tmpdir(), 'omny-consume-'));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
const EVENTS = readFileSync(resolve('fixtures/fix/events.ndjson'));

beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(at(name));
  writeFileSync(at('plays.ndjson'), EVENTS);
});

describe('what a command writes is kept apart', () => {
  it.each<[string, readonly string[], string]>([
    [
      'convert',
      ['--fix', '-o', 'x', '--fix-log', './x', 'plays.ndjson'],
      'the output and the log of changes',
    ],
    ['simulate', ['--sessions', '1', '-o', 'x', '--labels', 'x'], 'the output and the labels'],
    ['mock', ['--port', '0', '-o', 'x', '--record', 'x', '--', 'true'], 'the output and the record'],
    [
      'send',
      ['--endpoint', 'mock', '--ledger', 'x', '--dead-letter', 'x', 'plays.ndjson'],
      'the ledger and the dead letters',
    ],
    ['send', ['--endpoint', 'mock', '--ledger', 'x', '-o', 'x', 'plays.ndjson'], 'the ledger and the result'],
    [
      'send',
      ['--endpoint', 'mock', '-o', 'plays.ndjson.refused', 'plays.ndjson'],
      'the dead letters and the result',
    ],
  ])('by %s %j', async (command, args, both) => {
    const { stdout, stderr, code } = await run([command, ...args], { cwd: folder });
    expect(stderr).toMatch(new RegExp(`^error: \\S+: cannot be both ${both}\\. Name a file for each\\.\n$`));
    expect([stdout, code, readdirSync(folder)]).toEqual(['', 2, ['plays.ndjson']]);
  });

  it.each<[string, readonly string[], string]>([
    ['convert', ['--fix', '--force', '--fix-log', 'plays.ndjson'], 'the log of changes'],
    ['report', ['-o', 'plays.ndjson'], 'the report'],
    [
      'expect',
      ['--script', resolve('fixtures/scripts/pause-and-seek.txt'), '-o', 'plays.ndjson'],
      'the comparison',
    ],
    ['send', ['--endpoint', 'mock', '-o', 'plays.ndjson'], 'the result'],
    ['send', ['--endpoint', 'mock', '--dead-letter', 'plays.ndjson'], 'the dead letters'],
  ])('from what %s reads: %j', async (command, args, what) => {
    const { stderr, code } = await run([command, ...args, 'plays.ndjson'], { cwd: folder });
    expect(stderr).toBe(`error: plays.ndjson: is an input and cannot also be ${what}. Name another file.\n`);
    expect(code).toBe(2);
    expect(readFileSync(at('plays.ndjson'))).toEqual(EVENTS);
  });

  it('unless convert is to replace what it reads', async () => {
    const args = ['convert', '--fix', '-o', 'plays.ndjson', 'plays.ndjson'];
    const refused = await run(args, { cwd: folder });
    expect(refused.stderr).toBe(
      'error: plays.ndjson: is an input and cannot also be the output. Name another file, or give --force to replace it.\n',
    );
    expect([refused.code, readFileSync(at('plays.ndjson'))]).toEqual([2, EVENTS]);
    expect((await run([...args, '--force'], { cwd: folder })).code).toBe(0);
    expect(readFileSync(at('plays.ndjson'))).not.toEqual(EVENTS);
  });

  it('by whatever names they go', () => {
    symlinkSync(at('plays.ndjson'), at('link'));
    linkSync(at('plays.ndjson'), at('second-name'));
    for (const name of ['link', 'second-name']) {
      expect(() => requireDistinctFiles({ 'the output': at(name) }, [at('plays.ndjson')])).toThrow(
        'is an input',
      );
    }
  });

  it('but for what keeps nothing, and standard output', () => {
    requireDistinctFiles({ 'the output': '/dev/null', 'the labels': '/dev/null' });
    requireDistinctFiles(
      { 'the output': '-', 'the labels': '-', 'the record': undefined, 'the ledger': null },
      ['-'],
    );
  });
});

it.each([
  ['simulate', ['--seed', '1', '--labels', '-'], '--labels'],
  ['convert', ['--fix', '--fix-log', '-', 'plays.ndjson'], '--fix-log'],
] as const)('%s does not mix two kinds of data on standard output', async (command, args, flag) => {
  const { stdout, stderr, code } = await run([command, ...args], { cwd: folder });
  expect([stdout, code]).toEqual(['', 2]);
  expect(stderr).toBe(`error: ${flag} - and the data both go to standard output. Name a file for one.\n`);
});

it.each([
  ['convert', ['--fix', '--fix-log', 'log', '--clip-map', 'none', 'plays.ndjson']],
  ['simulate', ['--seed', '1', '--labels', 'x', '-o', 'none/y']],
] as const)('%s leaves nothing where it ends before it begins', async (command, args) => {
  expect((await run([command, ...args], { cwd: folder })).code).toBe(2);
  expect(readdirSync(folder)).toEqual(['plays.ndjson']);
});

it('may be asked of what cannot be looked at', () => {
  expect(() =>
    requireDistinctFiles({ 'the report': join(at('plays.ndjson'), 'x') }, [at('plays.ndjson')]),
  ).not.toThrow();
});
