import { describe, expect, it } from 'vitest';
import { CAUSES } from '../../src/causes/index.js';
import { CAUSE_IDS } from '../../src/domain/cause.js';
import { readInputs } from '../../src/read/read.js';
import { validate } from '../../src/validate/validate.js';
import { FOLDERS, fixturesOf } from './fixtures.js';

const NOW = 1_767_225_600;

it('every cause is in the list, in its order, and has a folder of fixtures', () => {
  expect(Object.keys(CAUSES)).toEqual(CAUSE_IDS);
  expect(Object.entries(CAUSES).every(([id, kind]) => kind.id === id)).toBe(true);
  expect(FOLDERS).toEqual([...CAUSE_IDS].toSorted());
});

describe.each(CAUSE_IDS)('%s', (id) => {
  const fixtures = fixturesOf(id);

  it.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('%s', async (_, fixture) => {
    const { causes } = await validate(readInputs([fixture.path]), { now: NOW });
    expect(causes.map(({ cause, sessions, of }) => ({ cause, sessions, of }))).toEqual(fixture.expected);
  });

  it('has inputs in which it is told, and inputs in which it is not', () => {
    const told = fixtures.filter(({ name }) => name.startsWith('told-'));
    const silent = fixtures.filter(({ name }) => name.startsWith('silent-'));
    expect(told.length).toBeGreaterThan(0);
    expect(silent.length).toBeGreaterThan(0);
    expect(told.length + silent.length).toBe(fixtures.length);
    for (const { expected } of told) expect(expected?.map(({ cause }) => cause)).toEqual([id]);
    for (const { expected } of silent) expect(expected).toEqual([]);
  });

  it('says what it sees, when it is told, and how to mend the player', () => {
    const { title, sees, threshold, mend, rules } = CAUSES[id];
    for (const text of [title, sees, threshold, mend]) {
      expect(text.trim()).toBe(text);
      expect(text).not.toBe('');
    }
    expect(rules.length).toBeGreaterThan(0);
  });
});
