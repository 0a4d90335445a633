import { Chalk } from 'chalk';
import fc from 'fast-check';
import type { Reported, Reporter } from '../../../src/cli/validate/reporters/reporter.js';
import { DIAGNOSES } from '../../../src/diagnoses/diagnoses.js';
import { type Finding, RULE_IDS } from '../../../src/domain/finding.js';
import type { Input } from '../../../src/domain/place.js';
import { RULES } from '../../../src/rules/index.js';
import { totalsOf } from '../../../src/validate/rule-totals.js';
import { settledFinding } from '../../finding.js';

const NAMES = ['plays.ndjson', 'clips & co/ä <1>%.json', "C:\\it's, 2.csv", '<stdin>'];

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\n', '\r', '\t', '\0', '\x1b', '\ud800', '\ufffe', ']]>', '%'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 12,
});

/** Findings of any rule, about anything, in inputs of any name. */
export const anyFindings: fc.Arbitrary<readonly Finding[]> = fc.array(
  fc
    .record({
      rule: fc.constantFrom(...RULE_IDS),
      index: fc.nat({ max: NAMES.length - 1 }),
      line: fc.integer({ min: 1, max: 9 }),
      column: fc.integer({ min: 1, max: 9 }),
      pointer: fc.option(fc.constantFrom('', '/Events/0', '/Events/0/Position', '/So~1urce')),
      expected: text,
      received: text,
      hint: text,
      sessionId: fc.option(fc.uuid()),
      seqNumber: fc.option(fc.nat()),
    })
    .map(
      ({ index, line, column, pointer, ...finding }): Finding =>
        settledFinding({
          ...finding,
          severity: RULES[finding.rule].severity,
          place: { input: { index, name: NAMES[index]! }, line, column, pointer, request: null },
          reference: null,
        }),
    ),
  { maxLength: 12 },
);

/** What a reporter would be handed of a run with these findings. */
export function reportedOf(findings: readonly Finding[], changes: Partial<Reported> = {}): Reported {
  const count = (severity: string): number => findings.filter((each) => each.severity === severity).length;
  const inputs: readonly Input[] = NAMES.map((name, index) => ({ index, name }));
  return {
    report: {
      summary: {
        files: inputs.length,
        requests: 0,
        sessions: findings.length,
        events: 9,
        diagnoses: 0,
        unreadable: 0,
        errors: count('error'),
        warnings: count('warning'),
        infos: count('info'),
        playedSeconds: 0,
      },
      findings,
      diagnoses: [],
      listening: [],
      omitted: 0,
      keptOut: 0,
      rules: totalsOf(findings),
      inputs,
    },
    exitCode: count('error') > 0 ? 1 : 0,
    gated: { errors: count('error'), warnings: count('warning'), tolerances: [], counts: () => true },
    warningsFail: null,
    severityOf: (rule) => RULES[rule].severity,
    diagnosisSeverityOf: (id) => DIAGNOSES[id].severity,
    pathOf: ({ name }) => (name === '<stdin>' ? null : name),
    textsOf: async () => () => undefined,
    colors: new Chalk({ level: 0 }),
    columns: null,
    all: false,
    note: () => {},
    ...changes,
  };
}

/** All that a reporter writes. */
export async function textOf(reporter: Reporter, reported: Reported): Promise<string> {
  const chunks: string[] = [];
  for await (const chunk of reporter(reported)) chunks.push(chunk);
  return chunks.join('');
}
