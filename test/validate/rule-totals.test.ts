import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/domain/finding.js';
import { readInputs } from '../../src/read/read.js';
import { DistinctSessions, RuleTotals, totalsOf } from '../../src/validate/rule-totals.js';
import { validate } from '../../src/validate/validate.js';
import { settledFinding } from '../finding.js';

/** The n-th of many ids without any order. */
const id = (n: number): string => {
  const [a, b] = [Math.imul(n + 1, 0x9e3779b9) >>> 0, Math.imul(n + 7, 0x85ebca6b) >>> 0];
  const hex = (word: number) => word.toString(16).padStart(8, '0');
  return `${hex(a)}-${hex(b).slice(0, 4)}-4000-8000-${hex(b).slice(4)}${hex(n)}`;
};

describe('counting sessions', () => {
  it('is exact, whatever the letter case and order, up to a limit', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 60 }), fc.boolean())), (drawn) => {
        const distinct = new DistinctSessions(61);
        for (const [n, upper] of drawn) distinct.add(upper ? id(n).toUpperCase() : id(n));
        expect(distinct.count).toBe(new Set(drawn.map(([n]) => n)).size);
        expect(distinct.exact).toBe(true);
      }),
    ));

  it('is near beyond it', () => {
    const distinct = new DistinctSessions(4096);
    for (let round = 0; round < 2; round += 1) for (let n = 0; n < 50_000; n += 1) distinct.add(id(n));
    expect(distinct.exact).toBe(false);
    expect(Math.abs(distinct.count - 50_000)).toBeLessThan(50_000 * 0.06);
  });
});

const input = (index: number) => ({ index, name: `${index}.json` });
const finding = (rule: Finding['rule'], index: number, sessionId: string | null): Finding =>
  settledFinding({
    rule,
    severity: 'error',
    place: { input: input(index), line: 1, column: 1, pointer: null, request: null },
    expected: '',
    received: '',
    hint: '',
    sessionId,
    seqNumber: null,
    reference: null,
  });

describe('what each rule found', () => {
  const findings = [
    finding('seq-gap', 0, id(1)),
    finding('seq-gap', 0, id(1).toUpperCase()),
    finding('seq-gap', 1, id(2)),
    finding('guid-format', 1, id(1)),
    finding('guid-format', 1, null),
    finding('guid-format', 0, id(1)),
  ];
  const all = { severity: 'error', findings: 3, bySeverity: { error: 3, warning: 0, info: 0 }, exact: true };
  const guidFormat = { ...all, rule: 'guid-format', sessions: 1, withoutSession: 1 };
  const seqGap = { ...all, rule: 'seq-gap', sessions: 2, withoutSession: 0 };

  it('is added up by rule, in the catalogue’s order, and by input', () => {
    const totals = new RuleTotals();
    for (const [n, each] of findings.entries()) {
      if (n === 2) totals.endSession();
      totals.add(each);
    }
    expect(totals.totals()).toEqual([
      {
        ...guidFormat,
        byInput: new Map([
          [1, 2],
          [0, 1],
        ]),
      },
      {
        ...seqGap,
        byInput: new Map([
          [0, 2],
          [1, 1],
        ]),
      },
    ]);
  });

  it('counts a session once where its findings come apart', () => {
    const [, total] = totalsOf([...findings, finding('seq-gap', 0, id(1))]);
    expect(total).toMatchObject({ findings: 4, sessions: 2 });
  });

  it('is told of findings that are not kept, and of inputs without any', async () => {
    const event = (session: number, seqNumber: number, type = 'Start') =>
      `{"OrganizationId":"${id(900)}","ClipId":"${id(901)}","SessionId":"${id(session)}","Type":"${type}","Position":1,"SeqNumber":${seqNumber},"Timestamp":1736592543}\n`;
    const bytes = async function* (text: string) {
      yield Buffer.from(text);
    };
    const broken = [1, 2, 3].flatMap((n) => [event(n, 2), event(n, 4)]).join('');
    const sources = [
      { name: 'sound.ndjson', bytes: bytes(event(9, 1) + event(9, 2, 'Stop')) },
      { name: 'broken.ndjson', bytes: bytes(broken) },
    ];
    const {
      findings: kept,
      omitted,
      rules,
      inputs,
    } = await validate(readInputs(sources), { now: 2e9, maxFindings: 1 });
    expect([kept.length, omitted]).toEqual([1, 12]);
    expect(inputs.map(({ name }) => name)).toEqual(['sound.ndjson', 'broken.ndjson']);
    expect(
      rules.map(({ rule, findings: found, sessions, byInput }) => [rule, found, sessions, [...byInput]]),
    ).toEqual([
      ['seq-start', 3, 3, [[1, 3]]],
      ['seq-gap', 3, 3, [[1, 3]]],
      ['repeated-event', 3, 3, [[1, 3]]],
      ['session-open', 3, 3, [[1, 3]]],
      ['session-too-short', 1, 1, [[0, 1]]],
    ]);
  });
});
