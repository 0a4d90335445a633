import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startMockEndpoint } from '../../../src/mock/start.js';
import { BIN, run } from '../run.js';
import { Arrivals } from './arrivals.js';

const KILLS = Number(process.env.KILLS ?? 25);
const SESSIONS = 300;
const FAULTS = ['reset-after@p0.04', '503@p0.04', 'html@p0.03', 'cut@p0.03', 'delay=15ms'];

test(`${KILLS} kills at random instants: everything arrives, and every repeat was in flight`, {
  timeout: 60_000 + KILLS * 10_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kill-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const input = join(folder, 'in.ndjson');
  const simulated = await run(['simulate', '--sessions', String(SESSIONS), '--seed', '4', '-o', input]);
  expect(simulated.code).toBe(0);
  let kills = 0;
  let repeats = 0;
  for (let round = 0; kills < KILLS; round += 1) {
    const arrivals = new Arrivals();
    const mock = await startMockEndpoint({
      port: 0,
      faults: FAULTS,
      seed: round,
      record: arrivals.record,
    });
    const journal = join(folder, `${round}.journal`);
    try {
      kills += await deliverWithKills(journal, ['--endpoint', mock.url, input], KILLS - kills);
    } finally {
      await mock.close();
    }
    repeats += await arrivals.check(SESSIONS, journal);
  }
  if (process.env.KILLS)
    await writeFile(process.env.KILLS_LOG ?? '/dev/null', `${kills} kills, ${repeats} repeats\n`);
});

/** Runs the command until it ends by itself, killing it on the way. Gives how often it was killed. */
async function deliverWithKills(journal: string, args: readonly string[], most: number): Promise<number> {
  let kills = 0;
  for (;;) {
    const child = spawn(
      process.execPath,
      [BIN, 'send', '--journal', journal, '--batch-sessions', '2', '--retries', '50', ...args],
      {
        stdio: 'ignore',
      },
    );
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const instant = kills < most ? after(250 + Math.random() * 1500) : new Promise<never>(() => {});
    const code = await Promise.race([ended, instant.then(() => 'kill' as const)]);
    if (code !== 'kill') {
      expect(code).toBe(0);
      return kills;
    }
    child.kill('SIGKILL');
    await ended;
    kills += 1;
  }
}
