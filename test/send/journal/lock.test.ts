import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type LockOwner, type LockSettings, lockJournal } from '../../../src/send/journal/lock.js';

const ME: LockOwner = { pid: 10, host: 'here', boot: 'b1', began: '500' };

async function place(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lock-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'j');
}

/** @param running When the processes that there are began. */
function settings(running: Readonly<Record<number, string>> = {}, owner = ME): LockSettings {
  return { owner, beganAt: async (pid) => running[pid] ?? null };
}

async function heldBy(path: string, owner: Partial<LockOwner>): Promise<void> {
  await writeFile(`${path}.lock`, JSON.stringify({ ...ME, pid: 20, ...owner }));
}

test('is held until it is let go, and leaves nothing behind', async () => {
  const path = await place();
  const release = await lockJournal(path, settings());
  await expect(lockJournal(path, settings({ 10: '500' }, { ...ME, pid: 11 }))).rejects.toThrow(
    /process 10 is sending/,
  );
  await release();
  await (await lockJournal(path, settings())).call(null);
  expect(await readdir(join(path, '..'))).toEqual([]);
});

test.each<[what: string, holder: Partial<LockOwner>, running: Record<number, string>]>([
  ['is gone', {}, {}],
  ['was of an earlier start of the machine', { boot: 'b0' }, { 20: '500' }],
  ['had a number that another process has now', {}, { 20: '900' }],
  ['had our own number', { pid: 10, began: '1' }, { 10: '500' }],
])('is taken over where its owner %s', async (_, holder, running) => {
  const path = await place();
  await heldBy(path, holder);
  await lockJournal(path, settings(running));
  expect(JSON.parse(await readFile(`${path}.lock`, 'utf8'))).toEqual(ME);
});

test.each<[what: string, holder: Partial<LockOwner>, running: Record<number, string>, message: RegExp]>([
  ['runs', {}, { 20: '500' }, /process 20 is sending/],
  ['runs, as far as can be told', { began: '' }, { 20: '900' }, /process 20 is sending/],
  ['is on another machine', { host: 'there' }, {}, /process 20 on there/],
])('is not where its owner %s', async (_, holder, running, message) => {
  const path = await place();
  await heldBy(path, holder);
  await expect(lockJournal(path, settings(running))).rejects.toThrow(message);
});

test('that cannot be read is not taken over', async () => {
  const path = await place();
  await writeFile(`${path}.lock`, '');
  await expect(lockJournal(path, settings())).rejects.toThrow(/cannot be read/);
});

test('is had by one of many that fight for a dead one', async () => {
  const path = await place();
  await heldBy(path, {});
  const alive = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [100 + i, '1']));
  const tries = Object.keys(alive).map((pid) =>
    lockJournal(path, settings(alive, { ...ME, pid: Number(pid), began: '1' })),
  );
  const won = (await Promise.allSettled(tries)).filter(({ status }) => status === 'fulfilled');
  expect(won).toHaveLength(1);
});
