import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startMockEndpoint } from '../../../src/mock/start.js';
import { BIN, run } from '../run.js';
import { Arrivals, idsIn } from './arrivals.js';

const KILLS = Number(process.env.KILLS ?? 25);
const FAULTS = ['reset-after@p0.04', '503@p0.04', 'html@p0.03', 'cut@p0.03', 'delay=15ms'];

test.each([
  { what: 'a file', sessions: 300, most: KILLS, named: (path: string) => [path] },
  {
    what: 'a query',
    sessions: 60,
    most: Math.ceil(KILLS / 10),
    named: (path: string) => ['--query', `select * from '${path}'`],
  },
])(
  'kills at random instants of $what, $most: everything arrives, nothing twice that was not in doubt',
  {
    timeout: 60_000 + KILLS * 10_000,
  },
  async ({ what, sessions, most, named }) => {
    const folder = await mkdtemp(join(tmpdir(), 'kill-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const input = join(folder, 'in.ndjson');
    const simulated = await run(['simulate', '--sessions', String(sessions), '--seed', '4', '-o', input]);
    expect(simulated.code).toBe(0);
    let kills = 0;
    let repeats = 0;
    for (let round = 0; kills < most; round += 1) {
      const arrivals = new Arrivals();
      const mock = await startMockEndpoint({
        port: 0,
        faults: FAULTS,
        seed: round,
        record: arrivals.record,
      });
      const ledger = join(folder, `${round}.ledger`);
      try {
        const args = ['--ledger', ledger, '--endpoint', mock.url, ...named(input)];
        kills += await deliverWithKills(args, most - kills);
        expect(arrivals.repeated).toEqual([]);
        const doubted = idsIn(ledger, 'ambiguous');
        const { code } = await run(['send', '--on-ambiguous', 'resend', '--retries', '50', ...args]);
        expect(code).toBe(0);
        repeats += arrivals.check(sessions, ledger, doubted);
      } finally {
        await mock.close();
      }
    }
    if (process.env.KILLS && what === 'a file') process.stdout.write(`${kills} kills, ${repeats} repeats\n`);
  },
);

/** Runs the command under hold until it has nothing left, killing it on the way. Gives how often it was killed. */
async function deliverWithKills(args: readonly string[], most: number): Promise<number> {
  let kills = 0;
  for (;;) {
    const settings = [
      '--on-ambiguous',
      'hold',
      '--batch-sessions',
      '2',
      '--retries',
      '50',
      '--format',
      'json',
    ];
    const child = spawn(process.execPath, [BIN, 'send', ...settings, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const instant = kills < most ? after(250 + Math.random() * 1500) : new Promise<never>(() => {});
    const code = await Promise.race([ended, instant.then(() => 'kill' as const)]);
    if (code !== 'kill') {
      expect([0, 3]).toContain(code);
      const { sessions } = JSON.parse(text) as { sessions: { left: number } };
      if (sessions.left === 0) return kills;
      continue;
    }
    child.kill('SIGKILL');
    await ended;
    kills += 1;
  }
}
