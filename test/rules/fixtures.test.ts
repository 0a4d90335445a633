import { expect, it } from 'vitest';
import { type Finding, RULE_IDS } from '../../src/domain/finding.js';
import { guidKey } from '../../src/domain/guid.js';
import { readInputs } from '../../src/read/read.js';
import { validate } from '../../src/validate/validate.js';
import { expectedText } from '../expected-text.js';
import {
  type ExpectedFinding,
  expectedPath,
  type Fixture,
  fixturesOf,
  inputOfFixture,
  NOW,
} from './fixtures.js';

async function findingsOf(fixture: Fixture): Promise<readonly Finding[]> {
  const clipDurations = new Map(
    Object.entries(fixture.clips).map(([clip, seconds]) => [guidKey(clip), seconds]),
  );
  const { findings } = await validate(readInputs([inputOfFixture(fixture)]), {
    now: NOW,
    clipDurations,
    minDuration: 10,
    maxSpeed: 4,
    severities: new Map(),
    maxFindings: 0,
  });
  return findings;
}

function recorded({ rule, severity, place, sessionId, seqNumber, reference }: Finding): ExpectedFinding {
  const { line, column, pointer: path, request } = place;
  return { rule, severity, line, column, path, request, sessionId, seqNumber, reference };
}

it.each(RULE_IDS)('the findings in the fixtures of %s are those of its expected.json', async (rule) => {
  const found: (readonly [string, ExpectedFinding[]])[] = [];
  for (const fixture of fixturesOf(rule))
    found.push([fixture.name, (await findingsOf(fixture)).map(recorded)]);
  await expect(expectedText(found)).toMatchFileSnapshot(expectedPath(rule));
  const wrong = found.flatMap(([name, findings]) => wrongIn(rule, name, findings));
  expect(wrong, 'change the fixture, or make the condition of the rule narrower').toEqual([]);
});

/** An `accept-` fixture has infos of other rules at most, a `reject-` fixture a finding of its rule. */
function wrongIn(id: string, name: string, findings: readonly ExpectedFinding[]): string[] {
  if (name.startsWith('reject-'))
    return findings.some(({ rule }) => rule === id) ? [] : [`${name}: ${id} finds nothing`];
  return findings
    .filter(({ rule, severity }) => rule === id || severity !== 'info')
    .map(({ rule, line }) => `${name}:${line}: ${rule} finds something`);
}
