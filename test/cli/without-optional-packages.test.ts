import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from './run.js';

const folder = mkdtempSync(join(tmpdir(), 'omny-consume-without-'));
afterAll(() => rmSync(folder, { recursive: true }));

const url = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;

/** Node looks for a package where there are none, and has no SQLite of its own. */
function without(name: string): readonly string[] {
  const resolve = `(name, context, next) =>
    next(name, name === '${name}' ? { ...context, parentURL: 'file:///nowhere/program.js' } : context)`;
  // Node 26 has no `register` any more, Node 20 no `registerHooks` yet.
  const code = `import * as hooks from 'node:module';
    if (hooks.registerHooks) hooks.registerHooks({ resolve: ${resolve} });
    else hooks.register(${JSON.stringify(url(`export const resolve = ${resolve};`))});
    const builtin = process.getBuiltinModule;
    process.getBuiltinModule = (name) => (name === 'node:sqlite' ? undefined : builtin.call(process, name));`;
  return ['--import', url(code)];
}

const WITHOUT = without('@duckdb/node-api');

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

describe('without SQLite', () => {
  const node = without('better-sqlite3');
  const path = join(folder, 'sent.csv');
  writeFileSync(
    path,
    'OrganizationId,ClipId,StartedAt,ListenedSeconds\n126281f8-200e-4c9f-8378-a4870055423b,9b5c82f7-74cf-4841-a870-a670017cc8eb,1540270724,30\n',
  );

  it('a plan is shown where there is no ledger yet', async () => {
    const { stderr, code } = await run(['send', '--endpoint', 'omny', '--dry-run', path], { node });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('a delivery that needs a ledger says what to install', async () => {
    const ledger = join(folder, 'sent.ledger');
    const args = ['send', '--endpoint', 'http://127.0.0.1:1', '--ledger', ledger, path];
    const { stdout, stderr, code } = await run(args, { node });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: a delivery ledger needs SQLite, .*npm install better-sqlite3@12\n$/);
  });
});
