import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startMockEndpoint } from '../../../src/mock/start.js';
import { BIN, run } from '../run.js';
import { Arrivals, idsIn } from './arrivals.js';

const SESSIONS = 40;
const SEND = `"${process.execPath}" "${BIN}" send --batch-sessions 1 --concurrency 1`;

/** So many that the ledger grows while they are sent. */
const MANY = ['--sessions', '400'];

interface Place {
  readonly folder: string;
  readonly input: string;
  readonly url: string;
  readonly arrivals: Arrivals;
}

/** A folder with an input in it, some of whose sessions may be broken, and a mock that counts what arrives. */
async function place(faults: readonly string[] = [], simulated: readonly string[] = []): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'disk-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const input = join(folder, 'in.ndjson');
  await run(['simulate', '--sessions', String(SESSIONS), '--seed', '9', ...simulated, '-o', input]);
  const arrivals = new Arrivals();
  const mock = await startMockEndpoint({ port: 0, faults, record: arrivals.record });
  onTestFinished(() => mock.close());
  return { folder, input, url: mock.url, arrivals };
}

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

/** A shell command; its two outputs are told as one text. */
function shell(command: string): Promise<Ended> {
  const child = spawn('sh', ['-c', `exec 2>&1; ${command}`], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, text })));
}

/** Runs a command with a small disk of its own at `disk`; what is in it then is copied to `kept`. */
function onDisk({ folder }: Place, size: string, command: string): Promise<Ended> {
  const mount = `mkdir -p ${folder}/disk ${folder}/kept; mount -t tmpfs -o size=${size} none ${folder}/disk`;
  const keep = `cp ${folder}/disk/* ${folder}/kept/ 2>/dev/null`;
  return shell(`unshare -rm sh -c '${mount}; ${command}; c=$?; ${keep}; exit $c'`);
}

const canMount = (() => {
  try {
    execFileSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs none /mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe('a disk with no room left', () => {
  test.skipIf(!canMount)('before the first request: nothing is sent', async () => {
    const its = await place();
    const fill = `dd if=/dev/zero of=${its.folder}/disk/full bs=1k 2>/dev/null`;
    const command = `${SEND} --endpoint ${its.url} --ledger ${its.folder}/disk/j ${its.input}`;
    const { code, text } = await onDisk(its, '16k', `${fill}; ${command}`);
    expect(text).toMatch(/disk\/j: the ledger cannot be .*: nothing was sent/);
    expect(code).toBe(2);
    expect(its.arrivals.times.size).toBe(0);
  });

  test.skipIf(!canMount)('while it sends: nothing leaves that is not written down', async () => {
    const its = await place([], MANY);
    const command = `${SEND} --endpoint ${its.url} --ledger ${its.folder}/disk/j ${its.input}`;
    const { code, text } = await onDisk(its, '80k', command);
    expect(text).toMatch(/Stopped, because the results cannot be saved: .*j: the ledger cannot be written/);
    expect(code).toBe(3);
    await goesOn(its, `${its.folder}/kept/j`);
  });

  test('for the ledger alone, by a limit to the size of files: the same', async () => {
    const its = await place([], MANY);
    const ledger = join(its.folder, 'j');
    const command = `ulimit -f 120; exec ${SEND} --endpoint ${its.url} --ledger ${ledger} ${its.input}`;
    const { code, text } = await shell(command);
    expect(text).toMatch(/Stopped, because the results cannot be saved: .*j: the ledger cannot be written/);
    expect(code).toBe(3);
    await goesOn(its, ledger);
  });

  test('for the dead letters of invalid sessions: nothing is sent', async () => {
    const its = await place([], ['--fault', 'seq-gap=0.2']);
    const { stderr, code } = await run(
      ['send', '--skip-invalid', '--dead-letter', '/dev/full', '--endpoint', its.url, its.input],
      { cwd: its.folder },
    );
    expect(stderr).toMatch(/\/dev\/full: the dead letters cannot be written: no space left on the disk/);
    expect(code).toBe(2);
    expect(its.arrivals.times.size).toBe(0);
  });

  test('for the dead letters of what is refused: no further request leaves', async () => {
    const its = await place(['400@#3']);
    const { stdout, code } = await run(
      ['send', '--batch-sessions', '1', '--concurrency', '1', '--dead-letter', '/dev/full'].concat([
        '--endpoint',
        its.url,
        '--ledger',
        'j',
        its.input,
      ]),
      { cwd: its.folder },
    );
    expect(stdout).toMatch(/cannot be saved: \/dev\/full: the dead letters cannot be written/);
    expect(code).toBe(3);
    expect(its.arrivals.times.size).toBeLessThanOrEqual(4);
  });

  test.skipIf(!canMount)('for temporary files: nothing is sent', async () => {
    const its = await place([], ['--sessions', '4000']);
    const command = `TMPDIR=${its.folder}/disk ${SEND} --memory 1 --endpoint ${its.url} ${its.input}`;
    const { code, text } = await onDisk(its, '64k', command);
    expect(text).toMatch(/disk: temporary files cannot be written: no space left on the disk.*Set TMPDIR/);
    expect(code).toBe(2);
    expect(its.arrivals.times.size).toBe(0);
    expect(await readdir(`${its.folder}/kept`)).toEqual([]);
  });
});

test.skipIf(!canMount)('a read-only folder: nothing is sent', async () => {
  const its = await place([], ['--fault', 'seq-gap=0.2']);
  const readOnly = `cp ${its.input} ${its.folder}/disk/in.ndjson; mount -o remount,ro ${its.folder}/disk`;
  const rest = `--endpoint ${its.url} ${its.folder}/disk/in.ndjson`;
  const withLedger = await onDisk(its, '4m', `${readOnly}; ${SEND} --ledger ${its.folder}/disk/j ${rest}`);
  expect(withLedger.text).toMatch(/disk\/j: the ledger cannot be created: .*: nothing was sent/);
  expect(withLedger.code).toBe(2);
  const withLetters = await onDisk(its, '4m', `${readOnly}; ${SEND} --skip-invalid ${rest}`);
  expect(withLetters.text).toMatch(
    /in.ndjson.refused: the dead letters cannot be written: the disk is read-only/,
  );
  expect(withLetters.code).toBe(2);
  expect(its.arrivals.times.size).toBe(0);
});

test.each(['/dev/null', '/dev/full', '/tmp'])('%s is no ledger', async (ledger) => {
  const its = await place();
  const { stderr, code } = await run(['send', '--endpoint', its.url, '--ledger', ledger, its.input]);
  expect(stderr).toBe(
    `error: ${ledger}: is not a regular file, and cannot be the ledger: nothing was sent. Name another file with --ledger FILE.\n`,
  );
  expect(code).toBe(2);
  expect(its.arrivals.times.size).toBe(0);
});

/** Goes on with a ledger on a disk with room: everything arrives, and what came twice had been in doubt. */
async function goesOn({ url, input, arrivals }: Place, ledger: string): Promise<void> {
  expect(arrivals.times.size).toBeGreaterThan(0);
  expect(arrivals.times.size).toBeLessThan(400);
  const doubted = idsIn(ledger, 'ambiguous');
  const { code } = await run(['send', '--endpoint', url, '--ledger', ledger, input]);
  expect(code).toBe(0);
  expect(arrivals.check(400, ledger, doubted)).toBeLessThanOrEqual(1);
}
