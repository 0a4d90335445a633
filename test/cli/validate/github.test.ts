import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { appendStepSummary, github, summaryMarkdown } from '../../../src/cli/validate/reporters/github.js';
import type { Finding, RuleId } from '../../../src/domain/finding.js';
import { RULES } from '../../../src/rules/index.js';
import { settledFinding } from '../../finding.js';
import { runHere } from '../in-process.js';
import { anyFindings, reportedOf, textOf } from './reported.js';

const folder = mkdtempSync(join(tmpdir(), 'omny-consume-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Reads a line as a workflow's runner does; null where it is no command. */
function commandOf(line: string): Command | null {
  const [, name, listed = '', data = ''] = /^::(\S+)(?: (.*?))?::(.*)$/.exec(line) ?? [];
  if (name === undefined) return null;
  const decoded = (text: string) =>
    text
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%');
  const properties = listed
    .split(',')
    .filter(Boolean)
    .map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), decoded(pair.slice(at + 1))];
    });
  return {
    name,
    properties: Object.fromEntries(properties),
    message: data.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%'),
  };
}

const finding = (rule: RuleId, line: number, changes: Partial<Finding> = {}): Finding =>
  settledFinding({
    rule,
    severity: RULES[rule].severity,
    place: { input: { index: 0, name: 'a.json' }, line, column: 2, pointer: null, request: null },
    expected: 'this',
    received: 'that',
    hint: 'Mend it.',
    sessionId: null,
    seqNumber: null,
    reference: null,
    ...changes,
  });

const many = (rule: RuleId, from: number, count: number): Finding[] =>
  Array.from({ length: count }, (_, i) => finding(rule, from + i));

describe('workflow annotations', () => {
  it('stand at their lines, an info as a notice', async () => {
    const odd = {
      input: { index: 2, name: "C:\\it's, 2.csv" },
      line: 4,
      column: 9,
      pointer: null,
      request: null,
    };
    const findings = [
      finding('seq-gap', 1),
      finding('session-open', 2, { received: '100%25 of\n::error::it' }),
      finding('session-too-short', 4, { place: odd }),
    ];
    const text = await textOf(github, reportedOf(findings));
    expect(text.split('\n').map((line) => commandOf(line) ?? line)).toEqual([
      {
        name: 'error',
        properties: { file: 'a.json', line: '1', col: '2', title: 'seq-gap' },
        message: 'Expected this, received that\nMend it.',
      },
      {
        name: 'warning',
        properties: { file: 'a.json', line: '2', col: '2', title: 'session-open' },
        message: 'Expected this, received 100%25 of\\u000a::error::it\nMend it.',
      },
      {
        name: 'notice',
        properties: { file: "C:\\it's, 2.csv", line: '4', col: '9', title: 'session-too-short' },
        message: 'Expected this, received that\nMend it.',
      },
      '✖ 1 error, 1 warning, 1 info in 3 sessions, 9 events, 4 files; 0 s played',
      '',
    ]);
  });

  it('name the place in the message where it is standard input', async () => {
    const text = await textOf(github, reportedOf([finding('seq-gap', 1)], { pathOf: () => null }));
    expect(commandOf(text.split('\n')[0]!)).toMatchObject({
      properties: { title: 'seq-gap' },
      message: expect.stringMatching(/^a\.json:1:2: Expected/),
    });
  });

  it('are at most ten of a severity, one of every rule first, in input order, and the rest is counted', async () => {
    const findings = [
      ...many('seq-gap', 1, 30),
      ...many('seq-start', 31, 2),
      ...many('session-open', 33, 11),
    ];
    const lines = (await textOf(github, reportedOf(findings))).split('\n');
    const shown = lines.map(commandOf).filter((command) => command !== null);
    expect(shown.map(({ properties: { title, line } }) => [title, Number(line)])).toEqual([
      ...many('seq-gap', 1, 9).map(({ rule, place }) => [rule, place.line]),
      ['seq-start', 31],
      ...many('session-open', 33, 10).map(({ rule, place }) => [rule, place.line]),
    ]);
    expect(lines.filter((line) => line.startsWith('…'))).toEqual([
      '… and 22 more errors: GitHub shows at most 10 per step',
      '… and 1 more warning: GitHub shows at most 10 per step',
    ]);
  });

  it('are lines of their own, whatever was found', () =>
    fc.assert(
      fc.asyncProperty(anyFindings, async (findings) => {
        const lines = (await textOf(github, reportedOf(findings))).trimEnd().split('\n');
        const commands = lines.flatMap((line) => commandOf(line) ?? []);
        const severities = findings.map(({ severity }) => severity);
        const shown = (severity: string) =>
          Math.min(10, severities.filter((each) => each === severity).length);
        expect(commands).toHaveLength(shown('error') + shown('warning') + shown('info'));
        for (const { properties } of commands) expect(Object.keys(RULES)).toContain(properties.title);
      }),
    ));
});

describe('the summary of a workflow’s step', () => {
  const LIMIT = 1024 * 1024;
  const notes: string[] = [];
  const note = (line: string) => notes.push(line);
  const path = join(folder, 'summary.md');
  /** Each with a hint of its own, so that each is a cause of its own. */
  const groups = Array.from({ length: 6000 }, (_, i) =>
    finding('seq-gap', i + 1, { hint: `${i} ${'ä'.repeat(50)}` }),
  );

  it('is added behind what stands there', async () => {
    writeFileSync(path, 'Before\n\n');
    await appendStepSummary(path, reportedOf([finding('seq-gap', 1, { received: '<b>|`@you`' })]));
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/^Before\n\n### omny-consume validate\n/);
    expect(text).toContain('received &lt;b\\>\\|\\`&#64;you\\`');
  });

  it('keeps within 1 MiB with what stands there, whole groups only, and counts the rest', async () => {
    writeFileSync(path, 'x'.repeat(400_000));
    await appendStepSummary(path, reportedOf(groups));
    const text = readFileSync(path, 'utf8');
    const size = Buffer.byteLength(text);
    expect(size).toBeLessThanOrEqual(LIMIT);
    expect(size).toBeGreaterThan(LIMIT - 1000);
    const shown = text.match(/^\*\*error seq-gap/gm)?.length ?? 0;
    expect(text).toContain(
      `\n${(6000 - shown).toLocaleString('en-US')} more groups left out: a step’s summary can hold 1 MiB.\n`,
    );
  });

  it('never takes more than its room, and always says what is left out', () => {
    const reported = reportedOf(groups.slice(0, 20));
    const whole = Buffer.byteLength(summaryMarkdown(reported, LIMIT));
    for (let room = 0; room < whole + 300; room += 1) {
      const text = summaryMarkdown(reported, room);
      const shown = text.match(/^\*\*error seq-gap/gm)?.length ?? 0;
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(room);
      expect(text === '' || shown === 20 || text.includes('left out')).toBe(true);
    }
  });

  it('is notes where there is no room, and where it cannot be written', async () => {
    writeFileSync(path, 'x'.repeat(LIMIT - 100));
    await appendStepSummary(path, reportedOf(groups, { note }));
    await appendStepSummary(join(folder, 'none', 'summary.md'), reportedOf([], { note }));
    expect(readFileSync(path, 'utf8')).toHaveLength(LIMIT - 100);
    expect(notes).toEqual([
      'GITHUB_STEP_SUMMARY: no space left for the report',
      expect.stringMatching(/^GITHUB_STEP_SUMMARY: cannot be written: ENOENT/),
    ]);
  });
});

describe('in a workflow, without --format', () => {
  const args = ['validate', '--now', '1767225600', 'fixtures/demo/plays-broken.csv'];

  it('annotates on standard error and leaves standard output as it is', async () => {
    const summary = join(folder, 'own-summary.md');
    const inWorkflow = await runHere(args, undefined, undefined, {
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: summary,
    });
    const elsewhere = await runHere(args);
    expect(inWorkflow.stdout).toBe(elsewhere.stdout);
    expect(inWorkflow.code).toBe(1);
    const commands = inWorkflow.stderr
      .split('\n')
      .map(commandOf)
      .filter((command) => command !== null);
    expect(commands.map(({ properties }) => properties.title)).toContain('source-unknown');
    expect(readFileSync(summary, 'utf8')).toContain('| source-unknown | error |');
  });

  it.each([
    [['--format', 'pretty'], 'true'],
    [['-q'], 'true'],
    [[], 'false'],
  ])('annotates nothing with %j and GITHUB_ACTIONS=%s', async (more, GITHUB_ACTIONS) => {
    const { stderr } = await runHere([...args, ...more], undefined, undefined, { GITHUB_ACTIONS });
    expect(stderr.split('\n').filter(commandOf)).toEqual([]);
  });
});
