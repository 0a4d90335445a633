import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BIN, run } from './run.js';

const folder = mkdtempSync(join(tmpdir(), 'omny-consume-pipe-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** More findings than a pipe holds, so that the reader is gone while they are written. */
beforeAll(async () => {
  const made = await run(['simulate', '--sessions', '600', '--seed', '1', '--fault', 'seq-gap'], {
    cwd: folder,
  });
  writeFileSync(join(folder, 'broken.ndjson'), made.stdout);
  writeFileSync(join(folder, 'cut.ndjson'), `{"OrganizationId":\n${made.stdout}`);
});

it.each([
  ['validate --format ndjson broken.ndjson', 1],
  ['convert cut.ndjson', 1],
  ['report --format json cut.ndjson', 1],
  ['simulate --seed 1 --sessions 2000', 0],
])('%s | head -1 ends with %i', (command, code) => {
  const shell = `"${process.execPath}" "${BIN}" ${command} | head -1`;
  const { status, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', shell], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(stderr).not.toMatch(/EPIPE|at .*:\d+:\d+/);
  expect(status).toBe(code);
});
