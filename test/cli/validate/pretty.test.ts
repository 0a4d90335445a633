import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { pretty } from '../../../src/cli/validate/reporters/pretty.js';
import type { Reported } from '../../../src/cli/validate/reporters/reporter.js';
import type { Diagnosis, Finding, RuleId } from '../../../src/domain/finding.js';
import { RULES } from '../../../src/rules/index.js';
import { settledFinding } from '../../finding.js';
import { reportedOf, textOf } from './reported.js';

const session = (n: number): string => `5eed4ec1-2d46-8e36-bfa5-${String(n).padStart(12, '0')}`;

const finding = (rule: RuleId, n: number, changes: Partial<Finding> = {}): Finding =>
  settledFinding({
    rule,
    severity: RULES[rule].severity,
    place: { input: { index: 0, name: 'a.json' }, line: n, column: 1, pointer: '', request: null },
    expected: 'this',
    received: 'that',
    hint: 'Mend it.',
    sessionId: session(n),
    seqNumber: null,
    reference: null,
    ...changes,
  });

const many = (rule: RuleId, count: number, changes: Partial<Finding> = {}): Finding[] =>
  Array.from({ length: count }, (_, i) => finding(rule, i + 1, changes));

async function lines(
  findings: readonly Finding[],
  changes: Partial<Reported> = {},
): Promise<readonly string[]> {
  return (await textOf(pretty, reportedOf(findings, changes))).split('\n');
}

describe('the report for people', () => {
  it('groups one cause over many sessions, with the first places', async () => {
    expect(await lines(many('seq-gap', 312))).toEqual([
      'error seq-gap: SeqNumbers are missing between the lowest and the highest, 312 of 312 sessions',
      `  a.json:1:1  session ${session(1)}`,
      '    Expected this, received that',
      '  a.json:2:1  received that',
      '  a.json:3:1  received that',
      '  … and 309 more places (show all with -v)',
      '  hint: Mend it.',
      '',
      '✖ 312 errors, 0 warnings in 312 sessions, 9 events, 4 files; 0 s played',
      '',
    ]);
  });

  it('tells how to see the places that are not shown', async () => {
    const all = reportedOf(many('seq-gap', 20));
    const hidden = async (listed: number, changes: Partial<Reported> = {}) => {
      const findings = many('seq-gap', listed);
      const report = { ...all.report, findings, omitted: 20 - listed };
      return (await lines(findings, { report, ...changes })).filter((line) => line.startsWith('  …'));
    };
    expect(await hidden(20)).toEqual(['  … and 17 more places (show all with -v)']);
    expect(await hidden(5)).toEqual(['  … and 17 more places (show 2 of them with -v)']);
    expect(await hidden(5, { all: true })).toEqual([
      '  … and 15 more places (list more with --max-findings)',
    ]);
    expect(await hidden(3)).toEqual(['  … and 17 more places (list more with --max-findings)']);
  });

  it('names of what a diagnosis explains only what was found', async () => {
    const { report } = reportedOf(many('seq-gap', 3));
    const diagnosis: Diagnosis = {
      diagnosis: 'session-id-kept',
      severity: 'warning',
      title: 'A SessionId is kept',
      sessions: 3,
      of: 3,
      evidence: '3 of 3 sessions.',
      mend: 'Make a new one.',
      rules: ['clip-changed', 'seq-gap'],
      examples: [session(1)],
    };
    const explained = async (rules: Diagnosis['rules']) =>
      (await lines(report.findings, { report: { ...report, diagnoses: [{ ...diagnosis, rules }] } })).filter(
        (line) => line.includes('explains'),
      );
    expect(await explained(['clip-changed', 'seq-gap'])).toEqual(['  explains: seq-gap']);
    expect(await explained(['clip-changed'])).toEqual([]);
  });

  it('says why warnings fail', async () => {
    const [verdict] = (
      await lines(many('session-open', 1), { warningsFail: 'more warnings than --max-warnings' })
    ).slice(-2);
    expect(verdict).toMatch(/^✖ 0 errors, 1 warning in .* played; more warnings than --max-warnings$/);
  });

  it('shows every place with -v', async () => {
    const places = (await lines(many('seq-gap', 312), { all: true })).filter((line) =>
      line.includes('a.json'),
    );
    expect(places).toHaveLength(312);
  });

  it('reads again only the lines that it shows', async () => {
    const read: number[] = [];
    const textsOf: Reported['textsOf'] = async (findings) => {
      read.push(findings.length);
      return () => undefined;
    };
    await lines([...many('seq-gap', 9), ...many('seq-start', 2)], { textsOf });
    expect(read).toEqual([5]);
  });

  it('tells two causes of one rule apart', async () => {
    const heads = (
      await lines([...many('seq-gap', 2), finding('seq-gap', 3, { hint: 'Mend that.' })])
    ).filter((line) => line.startsWith('error'));
    expect(heads.map((line) => line.split(', ')[1] ?? null)).toEqual(['2 of 3 sessions', null]);
  });

  it('counts sessions over all findings where not all are listed, and none of a cause where that is not known', async () => {
    const all = reportedOf(many('seq-gap', 20));
    const share = async (findings: readonly Finding[]) => {
      const text = await lines(findings, {
        report: { ...all.report, findings, omitted: 20 - findings.length },
      });
      return text.filter((line) => line.startsWith('error')).map((line) => line.split(', ')[1] ?? null);
    };
    expect(await share(many('seq-gap', 5))).toEqual(['20 of 20 sessions']);
    expect(await share([...many('seq-gap', 5), ...many('seq-gap', 2, { hint: 'Mend that.' })])).toEqual([
      null,
      null,
    ]);
  });

  it('ends with a table by rule where there are several', async () => {
    const findings = [
      ...many('seq-gap', 2),
      ...many('session-open', 1),
      finding('syntax', 1, { sessionId: null }),
    ];
    expect((await lines(findings)).slice(-7)).toEqual([
      'rule          severity  findings  sessions',
      'syntax        error            1         –',
      'seq-gap       error            2         2',
      'session-open  warning          1         1',
      '',
      '✖ 3 errors, 1 warning in 4 sessions, 9 events, 4 files; 0 s played',
      '',
    ]);
    expect((await lines(findings, { columns: 40 })).slice(-7, -5)).toEqual([
      'rule          findings  sessions',
      'syntax               1         –',
    ]);
  });

  it('shows the line, as wide as the terminal', async () => {
    const text = {
      text: `{"Type":"stop","Position":${'1'.repeat(99)}`,
      at: 8,
      cut: { before: false, after: true },
    };
    const [, , , line = '', carets] = await lines([finding('type-unknown', 7)], {
      textsOf: async () => () => text,
      columns: 60,
    });
    expect(line).toBe(`    7 | {"Type":"stop","Position":${'1'.repeat(25)}…`);
    expect(line).toHaveLength(60);
    expect(carets).toBe('      |         ^^^^^^');
  });

  it('colours by severity', async () => {
    const [head] = await lines(many('session-open', 1), { colors: new Chalk({ level: 1 }) });
    expect(head).toContain('\u001b[33mwarning\u001b[39m');
  });

  it('shows control characters escaped', async () => {
    const odd = finding('seq-gap', 1, {
      place: {
        input: { index: 0, name: 'a\u001b[2J' },
        line: 1,
        column: 1,
        pointer: '/\u0007',
        request: null,
      },
      received: '\u009b1m',
      hint: '\r',
    });
    const text = await textOf(pretty, reportedOf([odd]));
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    expect(text).toContain('a\\u001b[2J:1:1  /\\u0007');
  });
});
