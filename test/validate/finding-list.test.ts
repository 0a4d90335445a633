import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Finding, SEVERITIES } from '../../src/domain/finding.js';
import { compareFindings, FindingList } from '../../src/validate/validate.js';
import { settledFinding } from '../finding.js';

const INPUTS = [
  { index: 0, name: 'a.ndjson' },
  { index: 1, name: 'b.ndjson' },
] as const;

const finding: fc.Arbitrary<Finding> = fc
  .record({
    input: fc.constantFrom(...INPUTS),
    line: fc.integer({ min: 1, max: 20 }),
    pointer: fc.constantFrom('/Events/2/Type', '/Events/10/Type', '/Events/2', null),
    rule: fc.constantFrom('seq-gap', 'guid-format', 'type-unknown'),
    severity: fc.constantFrom(...SEVERITIES),
  })
  .map(({ input, line, pointer, rule, severity }) =>
    settledFinding({
      rule,
      severity,
      place: { input, line, column: 1, pointer, request: null },
      expected: 'this',
      received: 'that',
      hint: '',
      sessionId: null,
      seqNumber: null,
      reference: null,
    }),
  );

it('keeps the most severe findings, of each severity the first in output order, whatever order they come in', () => {
  fc.assert(
    fc.property(fc.array(finding, { maxLength: 300 }), fc.integer({ min: 1, max: 40 }), (findings, most) => {
      const all = new FindingList(0);
      const few = new FindingList(most);
      for (const one of findings) {
        all.add(one);
        few.add(one);
      }
      expect(all.sorted()).toHaveLength(findings.length);
      expect(all.omitted).toBe(0);
      const sorted = all.sorted();
      const bySeverity = SEVERITIES.flatMap((severity) => sorted.filter((one) => one.severity === severity));
      const kept = few.sorted();
      expect([...kept].sort(compareFindings)).toEqual(kept);
      expect(kept.map(nameOf).sort()).toEqual(bySeverity.slice(0, most).map(nameOf).sort());
      expect(few.omitted).toBe(Math.max(0, findings.length - most));
    }),
  );
});

const nameOf = ({ severity, rule, place }: Finding): string =>
  JSON.stringify([severity, rule, place.input.index, place.line, place.pointer]);

it('orders by file, line, path with its numbers as numbers, then rule', () => {
  const at = (index: 0 | 1, line: number, pointer: string | null, rule: Finding['rule']): Finding =>
    settledFinding({
      rule,
      severity: 'info',
      place: { input: INPUTS[index], line, column: 1, pointer, request: null },
      expected: '',
      received: '',
      hint: '',
      sessionId: null,
      seqNumber: null,
      reference: null,
    });
  const ordered = [
    at(0, 1, '/Events/2', 'seq-gap'),
    at(0, 1, '/Events/2/Type', 'guid-format'),
    at(0, 1, '/Events/2/Type', 'seq-gap'),
    at(0, 1, '/Events/10', 'guid-format'),
    at(0, 2, null, 'guid-format'),
    at(1, 1, null, 'guid-format'),
  ];
  const list = new FindingList(0);
  for (const one of ordered.toReversed()) list.add(one);
  expect(list.sorted()).toEqual(ordered);
});
