import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/domain/finding.js';
import { guidKey } from '../../src/domain/guid.js';
import { readInputs } from '../../src/read/read.js';
import { validate } from '../../src/validate/validate.js';
import { type ExpectedFinding, type Fixture, FOLDERS, fixturesOf, NOW } from './fixtures.js';

async function findingsOf({ path, clips }: Fixture): Promise<readonly Finding[]> {
  const clipDurations = new Map(Object.entries(clips).map(([clip, seconds]) => [guidKey(clip), seconds]));
  const { findings } = await validate(readInputs([path]), {
    now: NOW,
    clipDurations,
    minDuration: 10,
    maxSpeed: 4,
    severities: new Map(),
    maxFindings: 0,
  });
  return findings;
}

/** The keys that `expected.json` holds, `reference` only where it does. */
function shown(finding: Finding, expected: ExpectedFinding | undefined): ExpectedFinding {
  const { rule, severity, place, sessionId, seqNumber, reference } = finding;
  const { line, column, pointer: path, request } = place;
  const all = { rule, severity, line, column, path, request, sessionId, seqNumber };
  return expected && !('reference' in expected) ? all : { ...all, reference };
}

describe.each(FOLDERS)('%s', (rule) => {
  it.each(fixturesOf(rule).map((fixture) => [fixture.name, fixture] as const))('%s', async (_, fixture) => {
    const findings = await findingsOf(fixture);
    const { expected = [] } = fixture;
    expect(findings.map((finding, i) => shown(finding, expected[i]))).toEqual(expected);
  });
});
