import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { REPORT_FORMATS, reportWanted } from '../../../src/cli/validate/reporters/reporter.js';
import { destinationsOf, repositoryPath } from '../../../src/cli/validate/run.js';
import { run } from '../run.js';

const folder = mkdtempSync(join(tmpdir(), 'omny-consume-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DOCUMENT = resolve('fixtures/document/curl-body.json');
const at = (name: string): string => join(folder, name);
const formats = (...wanted: readonly string[]) => wanted.flatMap((format) => ['--format', format]);

const validate = (...args: readonly string[]) => run(['validate', ...args, DOCUMENT], { cwd: folder });

describe('--format', () => {
  it('writes a report into a file and another to standard output', async () => {
    const { stdout, stderr, code } = await validate(...formats('ndjson:kinds.ndjson', 'json'));
    const lines = readFileSync(at('kinds.ndjson'), 'utf8').trimEnd().split('\n');
    const kinds = lines.map((line) => JSON.parse(line) as { kind: string });
    const { summary, findings, omitted } = JSON.parse(stdout);
    expect(kinds).toEqual([
      ...findings.map((finding: object) => ({ kind: 'finding', ...finding })),
      { kind: 'summary', version: 1, ...summary, omitted },
    ]);
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('goes to the file of -o where it names none of its own', async () => {
    const { stdout, stderr } = await validate(...formats('sarif:a.sarif', 'pretty'), '-o', 'pretty.txt');
    expect(stdout).toBe('');
    expect(stderr).toBe('⚠ 0 errors, 1 warning in 1 session, 4 events, 1 request; 3 min 59 s played\n');
    expect(readFileSync(at('pretty.txt'), 'utf8')).toContain('      |               ^^^^^\n');
    expect(JSON.parse(readFileSync(at('a.sarif'), 'utf8')).version).toBe('2.1.0');
  });

  it('keeps the verdict to itself with -q', async () => {
    expect(await validate(...formats('json:quiet.json'), '-q')).toMatchObject({
      stdout: '',
      stderr: '',
      code: 0,
    });
  });

  it('may be set in the environment, where flags win', async () => {
    const env = { OMNY_CONSUME_FORMAT: 'json:env.json' };
    await run(['validate', DOCUMENT], { cwd: folder, env });
    expect(existsSync(at('env.json'))).toBe(true);
    const { stdout } = await run(['validate', '--format', 'github', DOCUMENT], { cwd: folder, env });
    expect(stdout).toMatch(/^::warning file=/);
  });

  it.each<[string, readonly string[], string | undefined, string]>([
    [
      'two on standard output',
      ['json', 'pretty'],
      undefined,
      'json and pretty would both go to standard output',
    ],
    ['two in the file of -o', ['json', 'sarif:-'], 'x', 'json and sarif would both go to x'],
    ['-o without a report for it', ['json:y'], 'x', '-o x: every --format already names a file'],
    ['two in one file', ['json:x', 'sarif:./x'], undefined, './x: is named for two reports'],
    [
      'one in place of an input',
      ['json:./plays.csv'],
      undefined,
      './plays.csv: is an input and cannot also be the report',
    ],
    [
      '-o in place of an input',
      ['json'],
      'plays.csv',
      'plays.csv: is an input and cannot also be the report',
    ],
  ])('refuses %s', (_what, wanted, output, message) => {
    const reports = wanted.reduce(
      (before, text) => reportWanted(text, before),
      [] as ReturnType<typeof reportWanted>,
    );
    expect(() => destinationsOf(reports, output, ['plays.csv'])).toThrow(
      expect.objectContaining({ kind: 'usage', message }),
    );
  });

  it.each([
    ['junti', 'Did you mean junit?'],
    ['xml', `Expected one of ${REPORT_FORMATS.join(', ')}, optionally with :FILE.`],
    ['junit:', 'Expected a file after the colon, such as junit:report.txt.'],
  ])('takes no %s', (text, message) => {
    expect(() => reportWanted(text)).toThrow(message);
  });

  it('writes no report where one of them cannot be written', async () => {
    const before = readdirSync(folder);
    const { stdout, code } = await validate(
      ...formats('json:first.json', 'sarif:none/second.sarif', 'pretty'),
    );
    expect([stdout, code]).toEqual(['', 2]);
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('the line with a caret', () => {
  const CARET = '    2 |     "Source": "Web",\n      |               ^^^^^\n';
  const BODY = readFileSync(DOCUMENT);

  it('is shown of standard input', async () => {
    const { stdout } = await run(['validate'], { stdin: BODY });
    expect(stdout).toContain(CARET);
  });

  it('is not shown of a pipe, which cannot be read twice', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const reading = run(['validate', at('pipe')]);
    writeFileSync(at('pipe'), BODY);
    const { stdout } = await reading;
    expect(stdout).toContain(
      'pipe:2:15  /Source\n    Expected a Source for custom players, received "Web"\n  hint:',
    );
  });
});

describe('a path is told as the repository has it', () => {
  const FILE = resolve('fixtures/a.json');

  it.each([
    ['from the checkout', FILE, resolve('fixtures'), 'a.json'],
    ['from the working folder outside of that', 'fixtures/a.json', folder, 'fixtures/a.json'],
    ['from the working folder without one', FILE, undefined, 'fixtures/a.json'],
    ['where it begins with two dots', '..a/b.json', undefined, '..a/b.json'],
    ['whole where it is outside of both', at('a.json'), undefined, at('a.json')],
  ])('%s', (_where, name, workspace, path) => {
    expect(repositoryPath(name, workspace)).toBe(path);
  });
});
