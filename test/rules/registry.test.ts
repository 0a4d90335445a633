import { describe, expect, it } from 'vitest';
import { RULE_IDS } from '../../src/domain/finding.js';
import { RULES } from '../../src/rules/index.js';
import { CATALOGUE } from './catalogue.js';
import { expectedOf, FOLDERS, fixturesOf } from './fixtures.js';

describe('the rules', () => {
  it('are those of the catalogue, in its order', () => {
    expect(Object.keys(RULES)).toEqual(CATALOGUE.map(([rule]) => rule));
    expect(RULE_IDS).toEqual(CATALOGUE.map(([rule]) => rule));
  });

  it('have each a folder of fixtures, and no folder lacks its rule', () => {
    expect(FOLDERS).toEqual([...RULE_IDS].toSorted());
  });
});

describe.each(RULE_IDS)('%s', (id) => {
  const rule = RULES[id];
  const row = CATALOGUE.find(([name]) => name === id);

  it('has the severity and the source of its row', () => {
    expect([rule.id, rule.severity, rule.reference]).toEqual(row);
  });

  it('says what it finds, why it matters and how to mend it', () => {
    for (const text of [rule.title, rule.why, rule.mend]) {
      expect(text.trim()).toBe(text);
      expect(text).not.toBe('');
    }
  });

  it('has accept and reject fixtures, and what to expect of each', () => {
    const fixtures = fixturesOf(id);
    const names = fixtures.map(({ name }) => name);
    const accepted = fixtures.filter(({ name }) => name.startsWith('accept-'));
    const rejected = fixtures.filter(({ name }) => name.startsWith('reject-'));
    expect(accepted.length + rejected.length).toBe(fixtures.length);
    expect(Object.keys(expectedOf(id)).toSorted()).toEqual(names.toSorted());
    expect(accepted.length).toBeGreaterThan(0);
    expect(rejected.length).toBeGreaterThan(0);
  });
});
