import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvTemplate } from '../../../src/cli/commands/schema.js';
import { VERSION } from '../../../src/domain/errors.js';
import { SHAPE_NAMES } from '../../../src/read/table-options.js';
import { COLUMNS } from '../../../src/table/columns.js';
import { bodyJsonSchema, eventJsonSchema, openApi } from '../../../src/wire/openapi.js';
import { run } from '../run.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'omny-consume-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each([
  [[], bodyJsonSchema()],
  [['--event'], eventJsonSchema()],
])('schema %s prints the JSON Schema', async (flags, schema) => {
  const { stdout, stderr, code } = await run(['schema', ...flags]);
  expect([JSON.parse(stdout), stderr, code]).toEqual([JSON.parse(JSON.stringify(schema)), '', 0]);
});

it('schema --openapi -o writes the OpenAPI document, of the version of the program', async () => {
  const file = join(folder, 'openapi.json');
  const { stdout, stderr, code } = await run(['schema', '--openapi', '-o', file]);
  expect([stdout, stderr, code]).toEqual(['', '', 0]);
  const { stdout: version } = await run(['--version']);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(openApi(version.trim()))),
  );
  expect(VERSION).toMatch(/^\d/);
});

const CSV_SHAPES = SHAPE_NAMES;

describe.each(CSV_SHAPES)('the CSV template of %s', (shape) => {
  it('is sound, and read as what it is', async () => {
    const { stdout: template } = await run(['schema', '--csv', shape]);
    expect(template).toBe(csvTemplate(shape));
    const { stdout, stderr, code } = await run(
      ['validate', '--shape', shape, '--input-format', 'csv', '--format', 'json'],
      { stdin: template },
    );
    const { summary, findings } = JSON.parse(stdout);
    expect([findings, stderr, code]).toEqual([[], '', 0]);
    expect(summary.sessions).toBe(shape === 'sessions' ? 2 : 1);
  });

  it('has every row as long as its header, and only columns that are read', () => {
    const [header = [], ...rows] = csvTemplate(shape)
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    expect(COLUMNS).toEqual(expect.arrayContaining(header));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toHaveLength(header.length);
  });
});

it('the CSV templates show every column between them', () => {
  const headers = CSV_SHAPES.flatMap((shape) => csvTemplate(shape).split('\n', 1)[0]!.split(','));
  expect(new Set(headers)).toEqual(new Set(COLUMNS));
});

it('schema --csv alone is the template of session rows, and tells of the other', async () => {
  const { stdout, stderr } = await run(['schema', '--csv']);
  expect(stdout).toBe(csvTemplate('sessions'));
  expect(stderr).toContain('--csv events');
  expect((await run(['schema', '--csv', '-q'])).stderr).toBe('');
});
