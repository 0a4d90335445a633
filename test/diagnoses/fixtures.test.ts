import { describe, expect, it } from 'vitest';
import { DIAGNOSES } from '../../src/diagnoses/diagnoses.js';
import { DIAGNOSIS_IDS } from '../../src/domain/diagnosis.js';
import { readInputs } from '../../src/read/read.js';
import { validate } from '../../src/validate/validate.js';
import { FOLDERS, fixturesOf } from './diagnosis-fixtures.js';

const NOW = 1_767_225_600;

it('every diagnosis is in the list, in its order, and has a folder of fixtures', () => {
  expect(Object.keys(DIAGNOSES)).toEqual(DIAGNOSIS_IDS);
  expect(Object.entries(DIAGNOSES).every(([id, kind]) => kind.id === id)).toBe(true);
  expect(FOLDERS).toEqual([...DIAGNOSIS_IDS].toSorted());
});

describe.each(DIAGNOSIS_IDS)('%s', (id) => {
  const fixtures = fixturesOf(id);

  it.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('%s', async (_, fixture) => {
    const { diagnoses } = await validate(readInputs([fixture.path]), { now: NOW });
    expect(diagnoses.map(({ diagnosis, sessions, of }) => ({ diagnosis, sessions, of }))).toEqual(
      fixture.expected,
    );
  });

  it('has inputs in which it is told, and inputs in which it is not', () => {
    const told = fixtures.filter(({ name }) => name.startsWith('told-'));
    const silent = fixtures.filter(({ name }) => name.startsWith('silent-'));
    expect(told.length).toBeGreaterThan(0);
    expect(silent.length).toBeGreaterThan(0);
    expect(told.length + silent.length).toBe(fixtures.length);
    for (const { expected } of told) expect(expected?.map(({ diagnosis }) => diagnosis)).toEqual([id]);
    for (const { expected } of silent) expect(expected).toEqual([]);
  });

  it('says what it sees, when it is told, and how to mend the player', () => {
    const { title, sees, threshold, mend, rules } = DIAGNOSES[id];
    for (const text of [title, sees, threshold, mend]) {
      expect(text.trim()).toBe(text);
      expect(text).not.toBe('');
    }
    // That of tables explains no finding.
    expect(rules.length > 0).toBe(id !== 'export-repeated');
  });
});
