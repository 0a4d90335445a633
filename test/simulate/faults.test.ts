import { describe, expect, test } from 'vitest';
import { RULE_IDS, type RuleId, TABLE_RULE_IDS, TRAFFIC_RULE_IDS } from '../../src/domain/finding.js';
import { faultOf } from '../../src/simulate/faults/inject.js';
import {
  carrierOf,
  FAULT_IDS,
  type FaultId,
  type Label,
  labelsOf,
  PROFILES,
  simulate,
} from '../../src/simulate/simulate.js';
import { INSPECT_DEFAULTS, severityOf } from '../../src/validate/options.js';
import { casesOf } from '../cases.js';
import { findingsOf } from './judged.js';

const CLIPS = [
  { id: '7a4df1b1-1c20-4c77-9d2c-8f0f6a1f2a10', seconds: 60 },
  { id: '0f3b2c4d-5e6f-4a1b-8c2d-3e4f5a6b7c8d', seconds: 1800 },
];

/** Milliseconds, and what is too long, lie past the end of any clip: judged where durations are not known. */
const clipDurations = (rule: FaultId): Map<string, number> =>
  new Map(
    rule === 'position-unit' || rule === 'interval-too-long'
      ? []
      : CLIPS.map(({ id, seconds }) => [id, seconds]),
  );

test('every rule that a file of events or bodies can break has a fault', () => {
  const others: readonly RuleId[] = ['syntax', 'event-resent', ...TABLE_RULE_IDS, ...TRAFFIC_RULE_IDS];
  expect([...FAULT_IDS].sort()).toEqual(RULE_IDS.filter((rule) => !others.includes(rule)).sort());
});

/** The labels as findings by SessionId, those without a finding left out. */
function told(labels: readonly Label[]): Record<string, RuleId[]> {
  const findings: Record<string, RuleId[]> = {};
  for (const label of labels) {
    const key = String(label.SessionId);
    if (label.findings.length > 0) findings[key] = [...(findings[key] ?? []), ...label.findings];
  }
  return findings;
}

describe.each(FAULT_IDS)('fault %s', (rule) => {
  test.each(['default', ...PROFILES] as const)(
    'draws what its labels say and no other error or warning: %s',
    (name) => {
      const profiles = name === 'default' ? undefined : [{ name, weight: 1 }];
      for (let seed = 0; seed < casesOf(4); seed += 1) {
        const sessions = [
          ...simulate({ seed, sessions: 32, clips: CLIPS, profiles, faults: [{ rule, share: 1 }] }),
        ];
        const labels = sessions.flatMap(labelsOf);
        expect(Object.fromEntries(findingsOf(sessions, { clipDurations: clipDurations(rule) }))).toEqual(
          told(labels),
        );
        for (const { findings } of labels) {
          const others = findings.filter((other) => other !== rule);
          expect(others.filter((other) => severityOf(other, INSPECT_DEFAULTS) !== 'info')).toEqual([]);
        }
        expect(labels.filter(({ findings }) => findings.includes(rule))).toHaveLength(sessions.length);
      }
    },
  );

  test('is carried by its requests only where it is a fault of a request', () => {
    const [session] = simulate({ seed: 1, sessions: 1, faults: [{ rule, share: 1 }] });
    expect(session?.fault?.requests !== null).toBe(carrierOf(rule) === 'bodies');
  });
});

describe('which session has which fault', () => {
  test('of n sessions n times the share, for any n, and the shares of several', () => {
    const faults = [
      { rule: 'seq-gap', share: 0.29 },
      { rule: 'seq-start', share: 0.01 },
      { rule: 'guid-format', share: 0.5 },
    ] as const;
    const counts: Record<string, number> = {};
    for (let number = 0; number < 10_000; number += 1) {
      const rule = faultOf(faults, number) ?? 'sound';
      counts[rule] = (counts[rule] ?? 0) + 1;
      if (number === 99)
        expect(counts).toEqual({ 'seq-gap': 29, 'seq-start': 1, 'guid-format': 50, sound: 20 });
    }
    expect(counts).toEqual({ 'seq-gap': 2900, 'seq-start': 100, 'guid-format': 5000, sound: 2000 });
  });

  test('all with a share of 1, none with 0', () => {
    const numbers = Array.from({ length: 50 }, (_, number) => number);
    expect(numbers.every((number) => faultOf([{ rule: 'seq-gap', share: 1 }], number) === 'seq-gap')).toBe(
      true,
    );
    expect(numbers.filter((number) => faultOf([{ rule: 'seq-gap', share: 0 }], number) !== null)).toEqual([]);
  });
});

test('a request without a session has SessionId null in its label', () => {
  const [session] = simulate({ seed: 1, sessions: 1, faults: [{ rule: 'events-empty', share: 1 }] });
  expect(labelsOf(session!)).toEqual([
    { SessionId: null, profile: session!.profile, findings: ['events-empty'] },
  ]);
});

test('organization-mismatch stands behind a sound session of another organization, which has a label too', () => {
  const [session] = simulate({ seed: 1, sessions: 1, faults: [{ rule: 'organization-mismatch', share: 1 }] });
  const [companion, label] = labelsOf(session!);
  expect(companion).toMatchObject({ findings: [] });
  expect(companion?.SessionId).toMatch(/^5eed/);
  expect(label).toMatchObject({ SessionId: session!.key, findings: ['organization-mismatch'] });
});
