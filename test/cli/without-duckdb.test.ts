import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from './run.js';

const folder = mkdtempSync(join(tmpdir(), 'omny-consume-without-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Node looks for DuckDB where there are no packages. */
const HOOK = `export const resolve = (name, context, next) =>
  next(name, name === '@duckdb/node-api' ? { ...context, parentURL: 'file:///nowhere/program.js' } : context);`;
const url = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
const WITHOUT = [
  '--import',
  url(`import { register } from 'node:module'; register(${JSON.stringify(url(HOOK))});`),
];

const INSTALL =
  'Parquet and --query are read by DuckDB, which is not installed. Install it beside omny-consume: npm install @duckdb/node-api\n';

describe('without DuckDB', () => {
  it('a Parquet file and --query tell how to install it', async () => {
    const path = join(folder, 'plays.parquet');
    writeFileSync(path, 'PAR1 and so on PAR1');
    for (const args of [
      ['validate', path],
      ['report', '--query', 'select 1'],
      ['send', '--endpoint', 'mock', path],
    ]) {
      const { stdout, stderr, code } = await run(args, { node: WITHOUT });
      expect([code, stdout, stderr], args.join(' ')).toEqual([2, '', `error: ${INSTALL}`]);
    }
  });

  it('all else is as it was', async () => {
    const path = join(folder, 'plays.csv');
    writeFileSync(
      path,
      'OrganizationId,ClipId,StartedAt,ListenedSeconds\n126281f8-200e-4c9f-8378-a4870055423b,9b5c82f7-74cf-4841-a870-a670017cc8eb,1540270724,30\n',
    );
    const { stderr, code } = await run(['validate', path], { node: WITHOUT });
    expect([code, stderr]).toEqual([0, '']);
  });
});
