import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Finding, RULE_IDS, type RuleId, TABLE_RULE_IDS } from '../../src/domain/finding.js';
import { validate } from '../../src/validate/validate.js';
import { casesOf } from '../cases.js';
import { CATALOGUE } from './catalogue.js';
import { type NaiveResult, naive } from './naive.js';
import { asFiles, asHar, asRecords, CLIP_SECONDS, captured, cases, LONG, SEED, SETTINGS } from './run.js';
import { scenario } from './scenario.js';

const SEVERITY = new Map(CATALOGUE.map(([rule, severity]) => [rule, severity]));

const sorted = (keys: readonly unknown[][]) => keys.map((key) => JSON.stringify(key)).toSorted();

const ofReal = (findings: readonly Pick<Finding, 'rule' | 'sessionId' | 'seqNumber' | 'place'>[]) =>
  sorted(
    findings.map(({ rule, sessionId, seqNumber, place }) => [
      rule,
      sessionId,
      String(seqNumber),
      place.request,
      place.line - 1,
      place.pointer,
    ]),
  );

const ofNaive = ({ findings }: NaiveResult) =>
  sorted(
    findings.map(({ rule, sessionId, seqNumber, request, input, path }) => [
      rule,
      sessionId,
      String(seqNumber),
      request,
      input,
      path,
    ]),
  );

/** What a summary says, by the naive reading. */
function summaryOf({ findings, requests, sessions, events, playedSeconds }: NaiveResult) {
  const of = (severity: string) => findings.filter(({ rule }) => SEVERITY.get(rule) === severity).length;
  const counts = { errors: of('error'), warnings: of('warning'), infos: of('info') };
  return { files: 1, requests, sessions, events, ...counts, unreadable: 0, diagnoses: 0, playedSeconds };
}

describe('the validator agrees with a naive reading of the catalogue', () => {
  it(
    'on the findings, on where they stand, and on the summary',
    () =>
      fc.assert(
        fc.asyncProperty(scenario, async (inputs) => {
          const wanted = naive(inputs, { ...SETTINGS, clips: CLIP_SECONDS });
          const { findings, summary } = await validate(asRecords(inputs), SETTINGS);
          expect(ofReal(findings)).toEqual(ofNaive(wanted));
          expect({ ...summary, diagnoses: 0 }).toEqual(summaryOf(wanted));
        }),
        cases(),
      ),
    LONG,
  );

  it(
    'also where the inputs are read from text',
    () =>
      fc.assert(
        fc.asyncProperty(scenario, async (inputs) => {
          const untold = inputs.map(({ kind, value }) => ({ kind, value }));
          const wanted = naive(untold, { ...SETTINGS, clips: CLIP_SECONDS });
          const { findings, summary } = await validate(asFiles([untold]), SETTINGS);
          expect(ofReal(findings)).toEqual(ofNaive(wanted));
          expect({ ...summary, diagnoses: 0 }).toEqual(summaryOf(wanted));
        }),
        cases(0.3),
      ),
    LONG,
  );

  it(
    'also where requests are read from a capture',
    () =>
      fc.assert(
        fc.asyncProperty(scenario.map(captured), async (inputs) => {
          // The capture does not say that a mock recorded it.
          const asRead = inputs.map(({ exchange, ...input }) =>
            exchange ? { ...input, exchange: { ...exchange, fromMock: false } } : input,
          );
          const wanted = naive(asRead, { ...SETTINGS, clips: CLIP_SECONDS });
          const { findings, summary } = await validate(asHar(inputs), SETTINGS);
          const moved = findings.map(({ rule, sessionId, seqNumber, place }) => ({
            rule,
            sessionId,
            seqNumber,
            place: { ...place, line: place.line - 1 },
          }));
          expect(ofReal(moved)).toEqual(ofNaive(wanted));
          expect({ ...summary, diagnoses: 0 }).toEqual(summaryOf(wanted));
        }),
        cases(0.5),
      ),
    LONG,
  );

  it('in cases that meet every rule', () => {
    const met = new Map<string, number>();
    // In short runs, fewer would miss a rule by chance.
    const drawn = Math.max(1000, casesOf(3000));
    for (const inputs of fc.sample(scenario, { seed: SEED, numRuns: drawn })) {
      const { findings } = naive(inputs, { ...SETTINGS, clips: CLIP_SECONDS });
      for (const rule of new Set(findings.map((finding) => finding.rule)))
        met.set(rule, (met.get(rule) ?? 0) + 1);
    }
    const others: readonly RuleId[] = ['syntax', 'event-resent', ...TABLE_RULE_IDS];
    // The more rules there are, the more seldom each is broken.
    const least = Math.floor(drawn / (8 * RULE_IDS.length));
    const seldom = RULE_IDS.filter((rule) => !others.includes(rule) && (met.get(rule) ?? 0) < least);
    expect(seldom.map((rule) => [rule, met.get(rule)])).toEqual([]);
  });
});
