import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { readInputs } from '../../src/read/read.js';
import { reportJson } from '../../src/report/output.js';
import { report } from '../../src/report/report.js';

const FOLDER = 'fixtures/report';
const EXAMPLES = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => join(FOLDER, name))
  .filter((folder) => existsSync(join(folder, 'expected.jsonc')));

describe('the figures of the examples, worked out by hand', () => {
  it.each(EXAMPLES)('%s', async (folder) => {
    const figures = await reportOf(folder);
    const expected = parse(readFileSync(join(folder, 'expected.jsonc'), 'utf8'));
    expect(figures).toEqual({ ...expected, diagnoses: [] });
  });

  it('are many', () => {
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(6);
  });

  it.each(EXAMPLES)('%s, as JSON in the documented order', async (folder) => {
    const figures = await reportOf(folder);
    const text = [...reportJson(figures)].join('');
    expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(figures));
  });
});

function reportOf(folder: string) {
  const inputs = readdirSync(folder).filter((file) => file.startsWith('input.'));
  const options = JSON.parse(readFileSync(join(folder, 'options.json'), 'utf8'));
  return report(readInputs(inputs.map((file) => join(folder, file))), {
    now: 1767225600,
    ...options,
    clipDurations: new Map(Object.entries<number>(options.clipDurations ?? {})),
  });
}
