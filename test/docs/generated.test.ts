import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { withBehaviours, withDiagnoses, withRules, withShapes } from '../../scripts/generated-docs.js';
import { BEHAVIOURS } from '../../src/certify/behaviours/index.js';
import { DIAGNOSES } from '../../src/index.js';
import { SHAPES } from '../../src/table/shapes/index.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const pathOf = (name: string): string => `${ROOT}docs/${name}`;
const pageOf = (name: string): string => readFileSync(pathOf(name), 'utf8');
const { rules } = JSON.parse(
  execFileSync(process.execPath, [`${ROOT}/bin/omny-consume.js`, 'rules', '--format', 'json'], {
    encoding: 'utf8',
  }),
) as { readonly rules: readonly { readonly id: string }[] };

describe('what `npm run record` makes', () => {
  it('is the list of rules in docs/rules.md, with an anchor for each rule', async () => {
    const page = withRules(pageOf('rules.md'), rules);
    await expect(page).toMatchFileSnapshot(pathOf('rules.md'));
    const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, id]) => id);
    expect(new Set(headings)).toEqual(new Set(rules.map(({ id }) => id)));
    expect(headings).toHaveLength(rules.length);
  });

  it('is the list of diagnoses in docs/diagnoses.md', async () => {
    const page = withDiagnoses(pageOf('diagnoses.md'), Object.values(DIAGNOSES));
    await expect(page).toMatchFileSnapshot(pathOf('diagnoses.md'));
  });

  it('is the list of behaviours in docs/certify.md', async () => {
    const page = withBehaviours(pageOf('certify.md'), Object.values(BEHAVIOURS));
    await expect(page).toMatchFileSnapshot(pathOf('certify.md'));
  });

  it('is the table of shapes in docs/formats.md', async () => {
    const page = withShapes(pageOf('formats.md'), SHAPES);
    await expect(page).toMatchFileSnapshot(pathOf('formats.md'));
  });

  it('is not written into a page without markers', () => {
    expect(() => withRules('# Rules', rules)).toThrow('<!-- generated: rules -->');
  });
});
