import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/domain/finding.js';
import { RULE_IDS } from '../../src/domain/finding.js';
import { baselineOf, type Gates, isAboutSessions, judge, NO_GATES } from '../../src/validate/gates.js';
import type { RuleTotal } from '../../src/validate/rule-totals.js';
import type { ValidationReport } from '../../src/validate/validate.js';

type Judged = Parameters<typeof judge>[0];

/** A report of so many sessions, and of what rules found in how many of them. */
function reportOf(
  of: number,
  found: Partial<Record<Finding['rule'], number>>,
  more: Partial<RuleTotal> = {},
): Judged {
  const summary = { sessions: of } as ValidationReport['summary'];
  const rules = RULE_IDS.filter((rule) => found[rule] !== undefined).map(
    (rule): RuleTotal => ({
      rule,
      severity: 'error',
      findings: found[rule]!,
      bySeverity: { error: more.findings ?? found[rule]!, warning: 0, info: 0 },
      sessions: found[rule]!,
      withoutSession: 0,
      exact: true,
      byInput: new Map(),
      ...more,
    }),
  );
  return { summary, rules, diagnoses: [] };
}

const allow = (...pairs: [Finding['rule'], number][]): Gates => ({ ...NO_GATES, allow: new Map(pairs) });
const since = (before: Judged): Gates => ({ ...NO_GATES, baseline: baselineOf(before) });

/** Numbers from 0 to 1, the same in every run. */
function* chance(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** Of so many sessions, how many are faulty where each is by chance. */
function drawn(of: number, share: number, numbers: Iterator<number>): number {
  let faulty = 0;
  for (let n = 0; n < of; n += 1) if (numbers.next().value < share) faulty += 1;
  return faulty;
}

describe('a share that is allowed', () => {
  it('is let pass up to itself, and counts whole above it', () => {
    const report = reportOf(10_000, { 'seq-gap': 100 });
    expect(judge(report, allow(['seq-gap', 0.01])).errors).toBe(0);
    expect(judge(report, allow(['seq-gap', 0.0099])).errors).toBe(100);
    expect(judge(report, allow(['session-open', 1])).errors).toBe(100);
  });

  it('is met exactly, whatever binary fractions make of it', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat({ max: 10_000 }), (of, n) => {
        const sessions = Math.min(n, of);
        const share = Number(`${sessions / of}`);
        expect(judge(reportOf(of, { 'seq-gap': sessions }), allow(['seq-gap', share])).errors).toBe(0);
      }),
    ));

  it('counts a finding about no session as a session more', () => {
    const report = reportOf(98, { 'guid-format': 0 }, { withoutSession: 2, findings: 2 });
    expect(judge(report, allow(['guid-format', 0.02])).errors).toBe(0);
    expect(judge(report, allow(['guid-format', 0.019])).errors).toBe(2);
  });

  it('decides before a baseline does', () => {
    const gates = { ...since(reportOf(100, {})), allow: allow(['seq-gap', 0.5]).allow };
    expect(judge(reportOf(100, { 'seq-gap': 50 }), gates).errors).toBe(0);
  });
});

describe('a baseline', () => {
  const before = reportOf(10_000, { 'seq-gap': 100, syntax: 3, 'request-shape': 1 });

  it('lets 20 inputs of the same share by chance pass, and none of twice that share', () => {
    const numbers = chance(20);
    const fails = (share: number): boolean[] =>
      Array.from(
        { length: 20 },
        () => judge(reportOf(10_000, { 'seq-gap': drawn(10_000, share, numbers) }), since(before)).errors > 0,
      );
    expect(fails(0.01)).toEqual(Array(20).fill(false));
    expect(fails(0.02)).toEqual(Array(20).fill(true));
  });

  it('lets a rise pass of three standard errors of the smaller input', () => {
    // At the share of both, 1.15 %: 3 * sqrt(0.0115 * 0.9885 / 10,000) = 0.32 %
    expect(judge(reportOf(10_000, { 'seq-gap': 131 }), since(before)).errors).toBe(0);
    expect(judge(reportOf(10_000, { 'seq-gap': 133 }), since(before)).errors).toBe(133);
    // 1.95 %, of 100 sessions: 3 * sqrt(0.0195 * 0.9805 / 100) = 4.1 %
    expect(judge(reportOf(100, { 'seq-gap': 4 }), since(before)).errors).toBe(0);
    expect(judge(reportOf(100, { 'seq-gap': 5 }), since(before)).errors).toBe(5);
  });

  it('never hides what is about no session, and nothing that it does not hold', () => {
    const { errors, tolerances } = judge(
      reportOf(10_000, { syntax: 3, 'request-shape': 1, 'seq-gap': 100, 'seq-start': 1 }),
      since(before),
    );
    expect(errors).toBe(5);
    expect(tolerances.map(({ id, by }) => [id, by])).toEqual([
      ['seq-start', 'new'],
      ['seq-gap', 'baseline'],
    ]);
    expect([...baselineOf(before).keys()]).toEqual(['seq-gap']);
  });

  it('holds diagnoses, too', () => {
    const diagnosis = (sessions: number): Judged =>
      ({
        ...reportOf(1000, {}),
        diagnoses: [{ diagnosis: 'position-stuck', severity: 'error', sessions, of: 500 }],
      }) as unknown as Judged;
    expect(judge(diagnosis(20), since(diagnosis(20))).errors).toBe(0);
    expect(judge(diagnosis(60), since(diagnosis(20))).errors).toBe(1);
  });
});

it('tells rules that are about sessions from those that are not', () => {
  expect(RULE_IDS.filter((id) => !isAboutSessions(id))).toMatchInlineSnapshot(`
    [
      "syntax",
      "table-unit",
      "digits-lost",
      "request-shape",
      "source-unknown",
      "source-reserved",
      "events-empty",
      "not-completed",
      "sent-after-disabled",
      "content-type",
      "endpoint-path",
      "organization-parameter",
    ]
  `);
});
