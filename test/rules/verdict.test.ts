import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Finding, RULE_IDS, type RuleId, SEVERITIES } from '../../src/domain/finding.js';
import { type ValidationReport, validate } from '../../src/validate/validate.js';
import { SESSIONS, session } from './listening.js';
import type { NaiveInput } from './naive.js';
import { asFiles, asRecords, cases, LONG, SETTINGS } from './run.js';
import { scenario, shuffled } from './scenario.js';

/** Findings without their places. */
const told = ({ findings }: ValidationReport) =>
  findings
    .map(({ rule, severity, sessionId, seqNumber }) => `${rule} ${severity} ${sessionId} ${seqNumber}`)
    .toSorted();

describe('the verdict', () => {
  it(
    'does not depend on the order of bare events, nor on the files they stand in',
    () =>
      fc.assert(
        fc.asyncProperty(
          fc.tuple(...SESSIONS.map(session)),
          fc.array(fc.nat(1000), { minLength: 8, maxLength: 40 }),
          fc.array(fc.nat(2), { minLength: 1, maxLength: 9 }),
          async (sessions, keys, files) => {
            const inputs = sessions.flat().map((value): NaiveInput => ({ kind: 'event', value }));
            const inOrder = await validate(asFiles([inputs]), SETTINGS);
            const mixed = shuffled(inputs, keys);
            const spread = [0, 1, 2].map((n) => mixed.filter((_, i) => files[i % files.length] === n));
            const anyhow = await validate(asFiles(spread), SETTINGS);
            expect(told(anyhow)).toEqual(told(inOrder));
            expect({ ...anyhow.summary, files: 1 }).toEqual(inOrder.summary);
          },
        ),
        cases(0.3),
      ),
    LONG,
  );

  it(
    'is the same but for the severity where severities are set: conditions are met also where a rule is off',
    () =>
      fc.assert(
        fc.asyncProperty(
          scenario,
          fc.dictionary(fc.constantFrom(...RULE_IDS), fc.constantFrom(...SEVERITIES, 'off' as const)),
          async (inputs, chosen) => {
            const severities = new Map(Object.entries(chosen) as [RuleId, 'off'][]);
            const byDefault = await validate(asRecords(inputs), SETTINGS);
            const { findings, summary } = await validate(asRecords(inputs), { ...SETTINGS, severities });
            const wanted = byDefault.findings
              .map((finding) => ({ ...finding, severity: severities.get(finding.rule) ?? finding.severity }))
              .filter(({ severity }) => severity !== 'off');
            expect(findings).toEqual(wanted);
            expect(summary.playedSeconds).toBe(byDefault.summary.playedSeconds);
          },
        ),
        cases(0.3),
      ),
    LONG,
  );

  it(
    'comes in the order of the input: file, line, path, rule',
    () =>
      fc.assert(
        fc.asyncProperty(scenario, fc.nat(20), async (inputs, maxFindings) => {
          const half = Math.ceil(inputs.length / 2);
          const files = () => asFiles([inputs.slice(0, half), inputs.slice(half)]);
          const all = await validate(files(), SETTINGS);
          for (const [i, later] of all.findings.entries()) {
            const earlier = all.findings[i - 1];
            if (earlier) expect(isInOrder(earlier, later)).toBe(true);
          }
          const some = await validate(files(), { ...SETTINGS, maxFindings });
          const bySeverity = SEVERITIES.flatMap((severity) =>
            all.findings.filter((finding) => finding.severity === severity),
          );
          const kept = new Set(maxFindings === 0 ? bySeverity : bySeverity.slice(0, maxFindings));
          expect(some.findings).toEqual(all.findings.filter((finding) => kept.has(finding)));
          expect(some.omitted).toBe(all.findings.length - some.findings.length);
          expect(some.summary).toEqual(all.summary);
        }),
        cases(0.2),
      ),
    LONG,
  );
});

function isInOrder(earlier: Finding, later: Finding): boolean {
  const steps = [
    earlier.place.input.index - later.place.input.index,
    earlier.place.line - later.place.line,
    byPath(earlier.place.pointer ?? '', later.place.pointer ?? ''),
    byText(earlier.rule, later.rule),
  ];
  return (steps.find((step) => step !== 0) ?? 0) <= 0;
}

function byPath(left: string, right: string): number {
  const [a, b] = [left.split('/'), right.split('/')];
  const at = a.findIndex((segment, i) => segment !== b[i]);
  if (at === -1) return a.length - b.length;
  const [x, y] = [a[at] as string, b[at]];
  if (y === undefined) return 1;
  return /^\d+$/.test(x) && /^\d+$/.test(y) ? Number(x) - Number(y) : byText(x, y);
}

function byText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
