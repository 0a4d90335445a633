import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { isSameFile, refuseInput, refuseShared } from '../../src/cli/same-file.js';
import { runHere } from './in-process.js';

const INPUT = 'fixtures/fix/events.ndjson';
let folder = '';
const at = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'omny-consume-'));
  copyFileSync(INPUT, at('in.ndjson'));
  return () => rmSync(folder, { recursive: true });
});

it('tells one file under two names, there already or not, and lets a device have two', () => {
  symlinkSync(at('in.ndjson'), at('link'));
  expect(isSameFile(at('link'), at('in.ndjson'))).toBe(true);
  expect(isSameFile(at('new'), relative(process.cwd(), at('new')))).toBe(true);
  expect(isSameFile(at('new'), at('in.ndjson'))).toBe(false);
  expect(isSameFile(join(at('in.ndjson'), 'new'), at('new'))).toBe(false);
  expect(isSameFile('/dev/null', '/dev/null')).toBe(false);
});

describe('what a flag names besides the data', () => {
  it.each<[string, () => readonly string[], () => string]>([
    [
      'the log of changes in the file of -o',
      () => ['convert', '--fix', '--fix-log', at('x'), '-o', at('x'), INPUT],
      () => `--fix-log and -o both name ${at('x')}. Name another file for one.`,
    ],
    [
      'the log of changes in place of an input',
      () => ['convert', '--fix', '--fix-log', at('in.ndjson'), '-o', at('x'), at('in.ndjson')],
      () => `${at('in.ndjson')}: is an input, and cannot be the log of changes`,
    ],
    [
      'the labels in the file of -o',
      () => ['simulate', '--seed', '1', '--labels', at('x'), '-o', at('x')],
      () => `--labels and -o both name ${at('x')}. Name another file for one.`,
    ],
    [
      'a report in place of an input',
      () => ['report', '-o', at('in.ndjson'), at('in.ndjson')],
      () => `${at('in.ndjson')}: is an input, and cannot be the report`,
    ],
    [
      'a comparison in place of an input',
      () => ['expect', '--script', 'fixtures/none.json', '-o', at('in.ndjson'), at('in.ndjson')],
      () => `${at('in.ndjson')}: is an input, and cannot be the comparison`,
    ],
    [
      'the result of sending in place of an input',
      () => ['send', '--endpoint', 'mock', '-o', at('in.ndjson'), at('in.ndjson')],
      () => `${at('in.ndjson')}: is an input, and cannot be the result: nothing was sent`,
    ],
    [
      'dead letters in the journal',
      () => ['send', '--endpoint', 'mock', '--journal', at('x'), '--dead-letter', at('x'), INPUT],
      () => `--journal and --dead-letter both name ${at('x')}. Name another file for one.`,
    ],
    [
      'the result of sending in place of the journal',
      () => ['send', '--endpoint', 'mock', '--journal', at('x'), '-o', at('x'), INPUT],
      () => `--journal and -o both name ${at('x')}. Name another file for one.`,
    ],
    [
      'the labels on standard output, with the data',
      () => ['simulate', '--seed', '1', '--labels', '-'],
      () => '--labels - and the data both go to standard output. Name a file for one.',
    ],
  ])('refuses %s', async (_what, args, message) => {
    expect(await runHere(args())).toEqual({ stdout: '', stderr: `error: ${message()}\n`, code: 2 });
    expect(readdirSync(folder)).toEqual(['in.ndjson']);
    expect(readFileSync(at('in.ndjson'))).toEqual(readFileSync(INPUT));
  });

  it('may be standard output where standard input is read', () => {
    expect(() => refuseInput('-', 'the report', ['-'])).not.toThrow();
    expect(() => refuseShared({ '--journal': null, '--dead-letter': '-', '-o': '-' })).not.toThrow();
  });

  it.each<[string, () => readonly string[]]>([
    [
      'the clip map cannot be read',
      () => ['convert', '--fix', '--fix-log', at('log'), '--clip-map', at('none'), INPUT],
    ],
    ['the data cannot be written', () => ['simulate', '--labels', at('x'), '-o', at('none/y')]],
  ])('leaves nothing where %s', async (_what, args) => {
    expect((await runHere(args())).code).toBe(2);
    expect(readdirSync(folder)).toEqual(['in.ndjson']);
  });
});
