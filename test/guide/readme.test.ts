import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withRuleTable } from '../../scripts/rule-table.js';
import { explained } from '../../src/cli/rules/explained.js';
import { RULE_IDS } from '../../src/domain/finding.js';
import { NOW } from '../rules/fixtures.js';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const rules = await Promise.all(RULE_IDS.map((id) => explained(id, NOW)));

describe('the rule table of the README', () => {
  it('is what `npm run docs` makes', () => {
    expect(README).toBe(withRuleTable(README, rules));
  });

  it('has an anchor for each rule, named as it is, once', () => {
    const anchors = [...README.matchAll(/<a id="([^"]*)">/g)].map(([, id]) => id);
    expect(RULE_IDS.map((id) => anchors.filter((anchor) => anchor === id).length)).toEqual(
      RULE_IDS.map(() => 1),
    );
  });

  it('has four columns in each row', () => {
    const [, table = ''] = README.split(/<!-- \/?rules -->/);
    const rows = table.trim().split('\n');
    expect(rows).toHaveLength(RULE_IDS.length + 6);
    for (const line of rows) expect(line.replaceAll('\\|', '').split('|')).toHaveLength(6);
  });

  it('is not made where its markers are lost', () => {
    expect(() => withRuleTable('# A README', rules)).toThrow('<!-- rules -->');
    expect(() => withRuleTable('<!-- /rules --><!-- rules -->', rules)).toThrow('<!-- /rules -->');
  });
});
