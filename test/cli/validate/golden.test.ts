import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPORT_FORMATS } from '../../../src/cli/validate/reporters/reporter.js';
import { type Run, run } from '../run.js';

/** A player that stamps events when it sends them, among other faults, and an input without any. */
const INPUTS = [
  'fixtures/reports/player.ndjson',
  'fixtures/document/curl-body.json',
  'fixtures/report/heard-once/input.csv',
];
const GOLDEN = {
  pretty: 'pretty.txt',
  json: 'report.json',
  ndjson: 'report.ndjson',
  junit: 'junit.xml',
  sarif: 'report.sarif',
  github: 'github.txt',
  gitlab: 'gitlab.json',
  markdown: 'report.md',
} as const satisfies Record<(typeof REPORT_FORMATS)[number], string>;

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const folder = mkdtempSync(join(tmpdir(), 'omny-consume-'));
const summary = join(folder, 'summary.md');
let done: Run;

beforeAll(async () => {
  const formats = REPORT_FORMATS.flatMap((format) => [
    '--format',
    `${format}:${join(folder, GOLDEN[format])}`,
  ]);
  done = await run(['validate', '--now', '1767225600', ...formats, ...INPUTS], {
    env: { GITHUB_STEP_SUMMARY: summary },
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('all formats in one run', () => {
  it('leave standard output alone, and tell the verdict', () => {
    expect(done).toMatchObject({
      stdout: '',
      stderr:
        '✖ 6 errors, 3 warnings, 4 infos, 1 diagnosis in 13 sessions, 72 events, 6 requests, 3 files; 1 h 25 min played\n1 row or line could not be read\n',
      code: 1,
    });
  });

  it.each(REPORT_FORMATS)('%s', async (format) => {
    // What changes without this: the version, and the words of SARIF's rules, which stand on lines of their own.
    const text = readFileSync(join(folder, GOLDEN[format]), 'utf8')
      .replaceAll(`"${version}"`, '"VERSION"')
      .replaceAll(/^( +"(?:text|markdown)": )".*"/gm, '$1"WORDS"');
    await expect(text).toMatchFileSnapshot(`golden/${GOLDEN[format]}`);
  });

  it('the summary of a workflow’s step', async () => {
    await expect(readFileSync(summary, 'utf8')).toMatchFileSnapshot('golden/summary.md');
  });
});
