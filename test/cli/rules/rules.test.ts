import { describe, expect, it } from 'vitest';
import type { ExplainedDiagnosis, ExplainedRule } from '../../../src/cli/commands/rules.js';
import { DIAGNOSES } from '../../../src/diagnoses/diagnoses.js';
import { DIAGNOSIS_IDS, RULE_IDS, SEVERITIES } from '../../../src/domain/finding.js';
import { RULES } from '../../../src/rules/index.js';
import { run } from '../run.js';

interface Explained {
  readonly rules: readonly ExplainedRule[];
  readonly diagnoses: readonly ExplainedDiagnosis[];
}

const json = async (...args: string[]): Promise<Explained> => {
  const { stdout, stderr, code } = await run(['rules', '--format', 'json', ...args]);
  expect([stderr, code]).toEqual(['', 0]);
  const told = JSON.parse(stdout);
  expect(Object.keys(told)).toEqual(['version', 'rules', 'diagnoses']);
  expect(told.version).toBe(1);
  return told;
};

describe('rules --format json', () => {
  it('holds every rule whole, or the one asked for', async () => {
    const { rules: all, diagnoses } = await json();
    expect(all.map(({ id }) => id)).toEqual([...RULE_IDS]);
    expect(diagnoses.map(({ id }) => id)).toEqual([...DIAGNOSIS_IDS]);
    expect(await json('seq-gap')).toMatchObject({
      rules: all.filter(({ id }) => id === 'seq-gap'),
      diagnoses: [],
    });
    for (const { id, examples, restsOn, reference } of all) {
      expect([...new Set(examples.broken.findings.map(({ rule }) => rule))]).toEqual([id]);
      expect(examples.fixed.findings).toEqual([]);
      expect(restsOn.length > 0).toBe(reference !== null);
    }
  });

  it('has the documented shape', async () => {
    const [rule] = (await json('content-type')).rules;
    expect(rule).toEqual({
      id: 'content-type',
      subject: 'request',
      severity: 'error',
      title: expect.any(String),
      firesWhen: 'HAR and mock: the media type is not application/json',
      why: expect.any(String),
      reference: 'API-2, OBS-1',
      restsOn: [
        { id: 'API-2', text: 'Content-Type must be application/json', documented: true },
        { id: 'OBS-1', text: expect.any(String), documented: false },
      ],
      inferred: null,
      mend: expect.any(String),
      code: expect.stringContaining('Blob'),
      examples: {
        broken: { format: 'har', text: expect.any(String), findings: [expect.any(Object)] },
        fixed: { format: 'har', text: expect.any(String), findings: [] },
      },
    });
  });
});

it('of a diagnosis rules --format json holds what it rests on, and no rule', async () => {
  const { title, sees, threshold, mend, rules } = DIAGNOSES['position-stuck'];
  expect(await json('position-stuck')).toMatchObject({
    rules: [],
    diagnoses: [
      {
        id: 'position-stuck',
        severity: 'warning',
        title,
        evidence: sees,
        reportedWhen: threshold,
        mend,
        rules: [...rules],
      },
    ],
  });
});

describe('rules, for people', () => {
  it('names each rule and diagnosis once with its severity and its title', async () => {
    const { stdout } = await run(['rules']);
    const lines = stdout.replaceAll(/\n {10,}/g, ' ').split('\n');
    const all = [...Object.entries(RULES), ...Object.entries(DIAGNOSES)];
    for (const [id, { severity, title }] of all) {
      expect(lines.filter((line) => line.split(/ +/)[2] === id)).toEqual([
        expect.stringMatching(new RegExp(`^ {2}${severity} +${id} +`)),
      ]);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`${severity} ${id} ${title}`);
    }
  });

  it('says with -v when each fires, too', async () => {
    const [{ stdout: some }, { stdout: all }] = await Promise.all([run(['rules']), run(['rules', '-v'])]);
    const condition = 'a SeqNumber is used more than once (one finding per number).';
    expect(some.replaceAll(/\s+/g, ' ')).not.toContain(condition);
    expect(all.replaceAll(/\s+/g, ' ')).toContain(condition);
  });

  it('uses colours only where told', async () => {
    const { stdout } = await run(['rules', 'seq-gap', '--color', 'always']);
    expect(stdout).toContain('\u001b[31merror');
    expect((await run(['rules', 'seq-gap'])).stdout).not.toContain('\u001b');
  });
});

it.each(['timestamp-future', 'content-type', 'position-beyond-clip'] as const)(
  'the examples of %s go into validate as they are printed',
  async (id) => {
    const { stdout: broken } = await run(['rules', id, '--example', 'broken']);
    const { stdout: report } = await run(['validate', '--format', 'json'], { stdin: broken });
    const rules = JSON.parse(report).findings.map(({ rule }: { rule: string }) => rule);
    expect([...new Set(rules)]).toEqual([id]);
    const { stdout: fixed } = await run(['rules', id, '--example', 'fixed']);
    const { code, stdout: clean } = await run(['validate', '--max-warnings', '0'], { stdin: fixed });
    expect([clean, code]).toEqual([expect.stringMatching(/^✔ No errors, no warnings in /), 0]);
    expect(SEVERITIES).toContain(RULES[id].severity);
  },
);
