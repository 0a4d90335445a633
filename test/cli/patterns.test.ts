import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expandInputs } from '../../src/cli/options/patterns.js';
import { runHere } from './in-process.js';

const folder = mkdtempSync(join(tmpdir(), 'omny-consume-patterns-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FILES = [
  'a/b.csv',
  'a/a.ndjson',
  'a/c.json.gz',
  'a/notes.md',
  'a/a.ndjson.refused',
  'a/a.ndjson.unreadable.2-of-4',
  'a/a.unmapped.csv',
  'a/plays.ledger',
  'a/.hidden.csv',
  'a/omny-consume.config.json',
  'b/d.csv',
  'b/below/e.csv',
  '[b]/f.csv',
  '*.csv',
];

beforeAll(() => {
  for (const file of FILES) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
});

const expanded = async (...words: string[]): Promise<string[]> =>
  (await expandInputs(words.map((word) => (word === '-' ? word : join(folder, word))))).map((file) =>
    file === '-' ? file : relative(folder, file),
  );

describe('inputs may be', () => {
  it.each([
    [
      'a folder: its files of known endings, none that send wrote',
      ['a'],
      ['a/a.ndjson', 'a/b.csv', 'a/c.json.gz'],
    ],
    ['a folder, but not what lies below it', ['b'], ['b/d.csv']],
    ['a pattern that goes below', ['b/**'], ['b/below/e.csv', 'b/d.csv']],
    ['a pattern of any ending', ['a/*.m*'], ['a/notes.md']],
    ['a pattern over folders', ['{a,b}/*.csv'], ['a/b.csv', 'b/d.csv']],
    ['a file that is named as a pattern', ['*.csv'], ['*.csv']],
    ['a folder that is named as a pattern', ['[b]'], ['[b]/f.csv']],
    ['several, each file once', ['b/d.csv', 'b', '*/d.csv', 'a/b.csv'], ['b/d.csv', 'a/b.csv']],
    ['a file twice, where it is named twice', ['b/d.csv', 'b/d.csv'], ['b/d.csv', 'b/d.csv']],
    ['standard input, and what is not there', ['-', 'none.csv'], ['-', 'none.csv']],
  ])('%s', async (_, words, files) => {
    expect(await expanded(...words)).toEqual(files);
  });

  it.each([
    ['c*/*.csv', 'no file matches this pattern'],
    ['', 'a folder that holds no file to read'],
  ])('not %j, which stands for no file', async (word, why) => {
    rmSync(join(folder, '*.csv'), { force: true });
    const { stderr, code } = await runHere(['validate', join(folder, word)]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
  });
});
