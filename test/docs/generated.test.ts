import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { withDiagnoses, withRules } from '../../scripts/generated-docs.js';
import { DIAGNOSES } from '../../src/index.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const pageOf = (name: string): string => readFileSync(`${ROOT}/docs/${name}`, 'utf8');
const { rules } = JSON.parse(
  execFileSync(process.execPath, [`${ROOT}/bin/omny-consume.js`, 'rules', '--format', 'json'], {
    encoding: 'utf8',
  }),
) as { readonly rules: readonly { readonly id: string }[] };

describe('what `npm run docs` makes', () => {
  it('is the list of rules in docs/rules.md, with an anchor for each rule', () => {
    const page = pageOf('rules.md');
    expect(page).toBe(withRules(page, rules));
    const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, id]) => id);
    expect(new Set(headings)).toEqual(new Set(rules.map(({ id }) => id)));
    expect(headings).toHaveLength(rules.length);
  });

  it('is the list of diagnoses in docs/diagnoses.md', () => {
    const page = pageOf('diagnoses.md');
    expect(page).toBe(withDiagnoses(page, Object.values(DIAGNOSES)));
  });

  it('is not written into a page without markers', () => {
    expect(() => withRules('# Rules', rules)).toThrow('<!-- generated: rules -->');
  });
});
