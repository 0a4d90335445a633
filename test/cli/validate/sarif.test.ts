import { readFileSync } from 'node:fs';
import ajvModule from 'ajv-draft-04';
import formatsModule from 'ajv-formats';
import fc from 'fast-check';
import type { Log, Result } from 'sarif';
import { describe, expect, it } from 'vitest';
import { sarif } from '../../../src/cli/validate/reporters/sarif.js';
import { DIAGNOSIS_IDS, type Finding, RULE_IDS } from '../../../src/domain/finding.js';
import { settledFinding } from '../../finding.js';
import { anyFindings, reportedOf, textOf } from './reported.js';

const SCHEMA = 'test/cli/validate/sarif-schema/sarif-2.1.0-rtm.5.json';
const ajv = new ajvModule.default({ strict: false, allErrors: true, unicodeRegExp: false });
formatsModule.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));

function faults(text: string): unknown {
  validate(JSON.parse(text));
  return validate.errors ?? [];
}

const FINDING = settledFinding({
  rule: 'position-range',
  severity: 'error',
  place: {
    input: { index: 0, name: 'a.json' },
    line: 3,
    column: 12,
    pointer: '/Events/0/Position',
    request: 0,
  },
  expected: 'a Position of at least 0',
  received: '-3',
  hint: 'Look for a seek to before the beginning.',
  sessionId: 'a039f83d-1916-436b-a090-efbc08698506',
  seqNumber: 2,
  reference: 'API-11',
});

const at = (line: number, changes: Partial<Finding> = {}): Finding =>
  settledFinding({ ...FINDING, ...changes, place: { ...FINDING.place, line } });

async function logOf(findings: readonly Finding[], changes = {}): Promise<Log> {
  return JSON.parse(await textOf(sarif, reportedOf(findings, changes))) as Log;
}

async function resultsOf(findings: readonly Finding[], changes = {}): Promise<readonly Result[]> {
  return (await logOf(findings, changes)).runs[0]?.results ?? [];
}

describe('SARIF', () => {
  it('is what the official schema asks for, in the golden file', () => {
    expect(faults(readFileSync('test/cli/validate/golden/report.sarif', 'utf8'))).toEqual([]);
  });

  it('is what the schema asks for, whatever was found', () =>
    fc.assert(
      fc.asyncProperty(anyFindings, async (findings) => {
        const text = await textOf(sarif, reportedOf(findings));
        expect(faults(text)).toEqual([]);
        expect(JSON.parse(text).runs[0].results).toHaveLength(findings.length);
      }),
      { numRuns: 25 },
    ));

  it('says where, with the text that stands there', async () => {
    const textsOf = async () => () => ({
      text: '{"Position":-3}',
      at: 12,
      cut: { before: false, after: false },
    });
    expect((await resultsOf([FINDING], { textsOf }))[0]).toEqual({
      ruleId: 'position-range',
      ruleIndex: RULE_IDS.indexOf('position-range'),
      level: 'error',
      message: {
        text: 'Expected a Position of at least 0, received -3. Look for a seek to before the beginning.',
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'a.json', uriBaseId: '%SRCROOT%' },
            region: { startLine: 3, startColumn: 12, endLine: 3, endColumn: 14, snippet: { text: '-3' } },
          },
          logicalLocations: [
            { name: 'Position', fullyQualifiedName: '/Events/0/Position', kind: 'property' },
          ],
        },
      ],
      partialFingerprints: { 'omnyConsumeFinding/v1': expect.stringMatching(/^[0-9a-f]{16}:1$/) },
      properties: {
        sessionId: 'a039f83d-1916-436b-a090-efbc08698506',
        seqNumber: 2,
        request: 0,
        entry: null,
        reference: 'API-11',
      },
    });
  });

  it.each([
    ['plays.ndjson', 'plays.ndjson'],
    ['a folder/50%/ä#1.json', 'a%20folder/50%25/%C3%A4%231.json'],
    ['/srv/a b.json', 'file:///srv/a%20b.json'],
    ['C:/data/a b.json', 'file:///C:/data/a%20b.json'],
    ['half a \ud83d', 'half%20a%20%EF%BF%BD'],
    [null, 'stdin'],
  ])('writes the path %s as %s', async (path, uri) => {
    const [result] = await resultsOf([FINDING], { pathOf: () => path });
    expect(result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe(uri);
  });

  it('gives a finding the same fingerprint where lines were put before it, and no two the same', async () => {
    const other = { sessionId: '5eed4ec1-2d46-8e36-bfa5-9fa547a34825' };
    const prints = async (findings: readonly Finding[]) =>
      (await resultsOf(findings)).map(
        ({ partialFingerprints }) => Object.values(partialFingerprints ?? {})[0],
      );
    const before = await prints([at(3), at(4)]);
    expect(await prints([at(1, other), at(13), at(14)])).toEqual([expect.any(String), ...before]);
    expect(new Set(before).size).toBe(2);
  });

  it('takes the 25,000 most severe, and says how many are left out', async () => {
    const told: string[] = [];
    const infos = Array.from({ length: 25_000 }, (_, i) =>
      at(i + 1, { rule: 'session-too-short', severity: 'info' }),
    );
    const findings = [...infos, at(30_000), at(30_001)];
    const log = await logOf(findings, { note: (line: string) => told.push(line) });
    const { results = [], invocations } = log.runs[0]!;
    expect(results).toHaveLength(25_000);
    expect(results.filter(({ level }) => level === 'error')).toHaveLength(2);
    expect(invocations?.[0]?.toolExecutionNotifications).toEqual([
      { level: 'warning', message: { text: '2 more findings left out of the results' } },
    ]);
    expect(told).toEqual([
      'sarif: holds only the 25,000 most severe of 25,002 findings: code scanning accepts no more',
      'sarif: code scanning shows the 5,000 most severe of 25,000 results',
    ]);
  });

  it('tells which severities were set', async () => {
    const severityOf = (rule: string) =>
      rule === 'position-range' ? 'off' : rule === 'seq-gap' ? 'info' : 'error';
    const [invocation] = (await logOf([], { severityOf })).runs[0]?.invocations ?? [];
    const overrides = invocation?.ruleConfigurationOverrides ?? [];
    expect(overrides).toContainEqual({
      descriptor: { id: 'position-range', index: RULE_IDS.indexOf('position-range') },
      configuration: { enabled: false },
    });
    expect(overrides).toContainEqual({
      descriptor: { id: 'seq-gap', index: RULE_IDS.indexOf('seq-gap') },
      configuration: { level: 'note' },
    });
    expect(overrides).not.toContainEqual(expect.objectContaining({ descriptor: { id: 'syntax', index: 0 } }));
  });

  it('keeps to what code scanning takes of a rule', async () => {
    const rules = (await logOf([])).runs[0]?.tool.driver.rules ?? [];
    expect(rules).toHaveLength(RULE_IDS.length + DIAGNOSIS_IDS.length);
    for (const { id, shortDescription, fullDescription, help, properties } of rules) {
      expect(id.length).toBeLessThanOrEqual(255);
      expect(shortDescription?.text.length).toBeLessThanOrEqual(1024);
      expect(fullDescription?.text.length).toBeLessThanOrEqual(1024);
      expect(help?.text).not.toBe('');
      expect(help?.markdown).toContain('How to fix the player');
      expect((properties?.tags ?? []).length).toBeLessThanOrEqual(10);
    }
  });
});
