import { describe, expect, it } from 'vitest';
import { DIAGNOSES } from '../../src/diagnoses/diagnoses.js';
import { DIAGNOSIS_IDS } from '../../src/domain/finding.js';
import { readInputs } from '../../src/read/read.js';
import { validate } from '../../src/validate/validate.js';
import { expectedText } from '../expected-text.js';
import { type ExpectedDiagnosis, expectedPath, FOLDERS, fixturesOf } from './diagnosis-fixtures.js';

const NOW = 1_767_225_600;

it('every diagnosis is in the list, in its order, and has a folder of fixtures', () => {
  expect(Object.keys(DIAGNOSES)).toEqual(DIAGNOSIS_IDS);
  expect(Object.entries(DIAGNOSES).every(([id, kind]) => kind.id === id)).toBe(true);
  expect(FOLDERS).toEqual([...DIAGNOSIS_IDS].toSorted());
});

describe.each(DIAGNOSIS_IDS)('%s', (id) => {
  const fixtures = fixturesOf(id);

  it('is reported in its fixtures as expected.json says', async () => {
    const found: (readonly [name: string, diagnoses: readonly ExpectedDiagnosis[]])[] = [];
    for (const { name, path } of fixtures) {
      const { diagnoses } = await validate(readInputs([path]), { now: NOW });
      found.push([name, diagnoses.map(({ diagnosis, sessions, of }) => ({ diagnosis, sessions, of }))]);
    }
    await expect(expectedText(found)).toMatchFileSnapshot(expectedPath(id));
    for (const [name, diagnoses] of found) {
      const wanted = name.startsWith('reported-') ? [id] : [];
      expect(
        diagnoses.map(({ diagnosis }) => diagnosis),
        name,
      ).toEqual(wanted);
    }
  });

  it('has inputs in which it is told, and inputs in which it is not', () => {
    const told = fixtures.filter(({ name }) => name.startsWith('reported-'));
    const silent = fixtures.filter(({ name }) => name.startsWith('silent-'));
    expect(told.length).toBeGreaterThan(0);
    expect(silent.length).toBeGreaterThan(0);
    expect(told.length + silent.length).toBe(fixtures.length);
  });

  it('says what it sees, when it is told, and how to mend the player', () => {
    const { title, sees, threshold, mend } = DIAGNOSES[id];
    for (const text of [title, sees, threshold, mend]) {
      expect(text.trim()).toBe(text);
      expect(text).not.toBe('');
    }
  });
});
