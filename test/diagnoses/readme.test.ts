import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withDiagnosisTable } from '../../scripts/diagnosis-table.js';
import { DIAGNOSES } from '../../src/diagnoses/index.js';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const diagnoses = Object.values(DIAGNOSES);

describe('the table of diagnoses', () => {
  it.runIf(README.includes('<!-- diagnoses -->'))('is in the README what `npm run docs` makes', () => {
    expect(README).toBe(withDiagnosisTable(README, diagnoses));
  });

  it('has four columns in each row, a row a diagnosis', () => {
    const [, table = ''] = withDiagnosisTable('<!-- diagnoses --><!-- /diagnoses -->', diagnoses).split(
      /<!-- \/?diagnoses -->/,
    );
    const rows = table.trim().split('\n');
    expect(rows).toHaveLength(diagnoses.length + 2);
    for (const row of rows) expect(row.split('|')).toHaveLength(6);
  });

  it('is not made where its markers are lost', () => {
    expect(() => withDiagnosisTable('# A README', diagnoses)).toThrow('<!-- diagnoses -->');
    expect(() => withDiagnosisTable('<!-- /diagnoses --><!-- diagnoses -->', diagnoses)).toThrow('<!-- /diagnoses -->');
  });
});
