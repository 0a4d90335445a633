import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { withCauseTable } from '../../scripts/cause-table.js';
import { CAUSES } from '../../src/causes/index.js';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const causes = Object.values(CAUSES);

describe('the table of causes', () => {
  it.runIf(README.includes('<!-- causes -->'))('is in the README what `npm run docs` makes', () => {
    expect(README).toBe(withCauseTable(README, causes));
  });

  it('has four columns in each row, a row a cause', () => {
    const [, table = ''] = withCauseTable('<!-- causes --><!-- /causes -->', causes).split(
      /<!-- \/?causes -->/,
    );
    const rows = table.trim().split('\n');
    expect(rows).toHaveLength(causes.length + 2);
    for (const row of rows) expect(row.split('|')).toHaveLength(6);
  });

  it('is not made where its markers are lost', () => {
    expect(() => withCauseTable('# A README', causes)).toThrow('<!-- causes -->');
    expect(() => withCauseTable('<!-- /causes --><!-- causes -->', causes)).toThrow('<!-- /causes -->');
  });
});
