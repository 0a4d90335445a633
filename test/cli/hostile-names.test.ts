import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forPeople } from '../../src/cli/terminal.js';
import { runHere } from './in-process.js';

/** Clears the screen, turns the text round, feigns a line of our own, begins a control sequence in one byte. */
const HOSTILE = 'a\u001b[2J\u202eb\nerror: c\u009bd';
const SHOWN = 'a\\u001b[2J\\u202eb\\u000aerror: c\\u009bd';

const folder = mkdtempSync(join(tmpdir(), 'omny-consume-names-'));
afterAll(() => rmSync(folder, { recursive: true }));
const broken = join(folder, `${HOSTILE}.ndjson`);
const fixable = join(folder, `${HOSTILE}-fix.ndjson`);

beforeAll(() => {
  copyFileSync(resolve('fixtures/demo/plays-broken.csv'), `${broken}.csv`);
  copyFileSync(resolve('fixtures/fix/events.ndjson'), fixable);
});

const NOW = ['--now', '1767225600'];

describe('the name of a file never steers a terminal', () => {
  it.each<[string, readonly string[]]>([
    ...['pretty', 'json', 'ndjson', 'junit', 'github'].map((format): [string, readonly string[]] => [
      `validate --format ${format}`,
      ['validate', ...NOW, '--format', format, `${broken}.csv`],
    ]),
    ...['pretty', 'json', 'markdown', 'html', 'junit'].map((format): [string, readonly string[]] => [
      `certify --format ${format}`,
      ['certify', ...NOW, '--format', format, `${broken}.csv`],
    ]),
    ['validate -v', ['validate', '-v', ...NOW, `${broken}.csv`]],
    ['a file that is not there', ['validate', join(folder, `${HOSTILE}.none`)]],
    ['a map that is not there', ['validate', '--clip-map', join(folder, HOSTILE), fixable]],
    ['an output that cannot be written', ['simulate', '--seed', '1', '-o', join(folder, HOSTILE, 'x')]],
    ['an output that is an input', ['report', fixable, '-o', fixable]],
    ['convert --fix -v', ['convert', '--fix', '-v', ...NOW, fixable]],
    [
      'a log of changes',
      ['convert', '--fix', '--fix-log', '/dev/stdout', '-o', '/dev/null', ...NOW, fixable],
    ],
    ['report --compare', ['report', fixable, '--compare', `${broken}.csv`, ...NOW]],
    [
      'send --dry-run',
      ['send', '--endpoint', 'mock', '--dry-run', '--ledger', join(folder, `${HOSTILE}.j`), fixable],
    ],
    ['send --skip-invalid', ['send', '--endpoint', 'mock', '--skip-invalid', ...NOW, `${broken}.csv`]],
    ['a config file', ['send', '--endpoint', 'mock', '--config', join(folder, `${HOSTILE}.json`)]],
    ['a ledger', ['ledger', join(folder, `${HOSTILE}.none`)]],
    ['a record', ['mock', '--port', '0', '--record', fixable, '--', 'true']],
    ['a word of the command line', ['validate', `--${HOSTILE}`]],
  ])('%s', async (what, args) => {
    const { stdout, stderr } = await runHere(args);
    const text = stdout + stderr;
    if (what !== 'a log of changes') expect(text.replaceAll('\\\\', '\\')).toContain(SHOWN.slice(0, 9));
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(text.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g)).toBeNull();
    expect(text).not.toMatch(/^error: c/m);
  });
});

describe('in a workflow of GitHub, no name is a command to the runner', () => {
  const name = join(folder, '##[error]plays.csv');
  beforeAll(() => copyFileSync(`${broken}.csv`, name));

  it.each<[string, readonly string[]]>([
    ['validate', ['validate', '-v', ...NOW, name]],
    ['a file that is not there', ['validate', `${name}.none`]],
    ['report --compare', ['report', ...NOW, fixable, '--compare', name]],
    ['send', ['send', '--endpoint', 'mock', '--skip-invalid', ...NOW, name]],
  ])('%s', async (_, args) => {
    const { stdout, stderr } = await runHere(args, undefined, undefined, { GITHUB_ACTIONS: 'true' });
    const lines = (stdout + stderr).split('\n').filter((line) => !line.startsWith('::'));
    expect(lines.join('\n')).toContain('#\\u0023[error]plays.csv');
    expect(lines.join('\n')).not.toContain('##[');
  });

  it('nor text at the beginning of a line', async () => {
    const lines = [];
    const streams = { runner: process.stderr, stdout: process.stdout };
    const pieces = ['::error::a\n  ::add-mask::b\n', 'c ::d\ne: f\n:::\n'];
    for await (const piece of forPeople(pieces, undefined, streams)) lines.push(piece);
    expect(lines.join('')).toBe('\\u003a:error::a\n  \\u003a:add-mask::b\nc ::d\ne: f\n\\u003a::\n');
  });
});

describe('a word that is nearly right', () => {
  it.each([
    [['help', 'sned'], "error: unknown command 'sned'. Did you mean send?"],
    [
      ['help', 'xxxxxxxxxx'],
      "error: unknown command 'xxxxxxxxxx'. List the commands with: omny-consume --help",
    ],
    [['send', '--endpoint', 'omni', fixable], 'error: the endpoint "omni" is not known. Did you mean omny? '],
  ])('%j', async (args, told) => {
    const { stderr, code } = await runHere(args);
    expect(stderr).toContain(told);
    expect(code).toBe(2);
  });
});
