import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startMockEndpoint } from '../../../src/mock/start.js';
import { LedgerHeld } from '../../../src/send/ledger/ledger-file.js';
import { openKnown } from '../../../src/send/ledger/open-ledgers.js';
import { loadSqlite } from '../../../src/send/ledger/sqlite.js';
import { BIN, run } from '../run.js';
import { Arrivals } from './arrivals.js';

const SESSIONS = 40;
/** ONE_RUN_ROUNDS=50 for a long run. */
const ROUNDS = Number(process.env.ONE_RUN_ROUNDS ?? 2);

const canUnshare = (() => {
  try {
    execFileSync('unshare', ['-r', '--pid', '--fork', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

interface Place {
  readonly folder: string;
  readonly input: string;
  readonly url: string;
  readonly arrivals: Arrivals;
}

async function place(faults: readonly string[]): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'one-run-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const input = join(folder, 'in.ndjson');
  await run(['simulate', '--sessions', String(SESSIONS), '--seed', '9', '-o', input]);
  const arrivals = new Arrivals();
  const mock = await startMockEndpoint({ port: 0, faults, record: arrivals.record });
  onTestFinished(() => mock.close());
  return { folder, input, url: mock.url, arrivals };
}

function sending(
  { url, input }: Place,
  ledger: string,
  around: readonly string[] = [],
): Promise<number | null> {
  const [program, ...args] = [
    ...around,
    process.execPath,
    BIN,
    'send',
    '--endpoint',
    url,
    '--ledger',
    ledger,
  ];
  const child = spawn(program, [...args, '--batch-sessions', '2', input], { stdio: 'ignore' });
  return new Promise((resolve) => child.once('close', resolve));
}

test('a run holds its ledger in every phase, from before it reads to its end', async () => {
  const its = await place(['delay=20ms']);
  const ledger = join(its.folder, 'a.ledger');
  const sqlite = await loadSqlite();
  let code: number | null | undefined;
  void sending(its, ledger).then((ended) => {
    code = ended;
  });
  while (!existsSync(`${ledger}.run`)) await after(5);
  let held = 0;
  for (;;) {
    try {
      openKnown(ledger, sqlite).close();
      break;
    } catch (error) {
      expect(error).toBeInstanceOf(LedgerHeld);
      held += 1;
    }
    await after(5);
  }
  // It lets go of the ledger only once it has taken its name off.
  expect(existsSync(`${ledger}.run`)).toBe(false);
  expect(held).toBeGreaterThan(5);
  expect(its.arrivals.times.size).toBe(SESSIONS);
  while (code === undefined) await after(5);
  expect(code).toBe(0);
});

test.each([
  ['through a symbolic link', []],
  ...(canUnshare ? [['in another PID namespace', ['unshare', '-r', '--pid', '--fork']] as const] : []),
] as const)(
  'of two runs at once, one %s, one delivers and the other ends with 2',
  { timeout: 30_000 + ROUNDS * 10_000 },
  async (_, around) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const its = await place(['delay=20ms']);
      const [ledger, link] = [join(its.folder, 'a.ledger'), join(its.folder, 'b.ledger')];
      // A name for what is not there yet leads nowhere.
      await run(['send', '--endpoint', its.url, '--ledger', ledger, '--limit', '1', its.input]);
      await symlink(ledger, link);
      const codes = await Promise.all([sending(its, ledger), sending(its, link, around)]);
      expect(its.arrivals.repeated).toEqual([]);
      expect(its.arrivals.times.size).toBe(SESSIONS);
      expect([0, 2]).toEqual(expect.arrayContaining([...codes]));
      expect(codes).toContain(0);
    }
  },
);

test('a run that waits for the other delivers what that one left', { timeout: 60_000 }, async () => {
  const its = await place(['delay=20ms']);
  const ledger = join(its.folder, 'a.ledger');
  const wait = (): Promise<number | null> => {
    const args = ['send', '--endpoint', its.url, '--ledger', ledger, '--wait', its.input];
    const child = spawn(process.execPath, [BIN, ...args], { stdio: 'ignore' });
    return new Promise((resolve) => child.once('close', resolve));
  };
  expect(await Promise.all([wait(), wait()])).toEqual([0, 0]);
  expect(its.arrivals.repeated).toEqual([]);
  expect(its.arrivals.times.size).toBe(SESSIONS);
});

test('on a file system of another machine nothing is sent', async () => {
  const its = await place([]);
  const faked = join(its.folder, 'faked.mjs');
  const { writeFile } = await import('node:fs/promises');
  await writeFile(
    faked,
    "import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module'; fs.statfsSync = () => ({ type: 0x6969 }); syncBuiltinESMExports();",
  );
  const args = [
    'send',
    '--endpoint',
    'http://traffic.invalid',
    '--retries',
    '0',
    '--yes',
    '--allow-simulated',
  ];
  const to = [...args, '--ledger', join(its.folder, 'a.ledger'), its.input];
  const refused = await run(to, { node: ['--import', faked] });
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/is on NFS.*--ledger-anywhere/s),
  });
  const allowed = await run([...to, '--ledger-anywhere'], { node: ['--import', faked] });
  expect(allowed.code).toBe(3);
});
