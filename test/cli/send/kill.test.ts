import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startMockEndpoint } from '../../../src/mock/start.js';
import type { ReadRecord } from '../../../src/send/journal/format.js';
import { readJournal } from '../../../src/send/journal/read.js';
import { BIN, run } from '../run.js';

const KILLS = Number(process.env.KILLS ?? 25);
const SESSIONS = 300;
const FAULTS = ['reset-after@p0.04', '503@p0.04', 'html@p0.03', 'cut@p0.03', 'delay=15ms'];

interface Arrivals {
  readonly times: ReadonlyMap<string, number>;
  readonly journal: string;
}

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
    const times = new Map<string, number>();
    const mock = await startMockEndpoint({
      port: 0,
      faults: FAULTS,
      seed: round,
      record: async (body) => count(body, times),
    });
    const journal = join(folder, `${round}.journal`);
    try {
      kills += await deliverWithKills({ times, journal }, ['--endpoint', mock.url, input], KILLS - kills);
    } finally {
      await mock.close();
    }
    repeats += await check({ times, journal });
  }
  if (process.env.KILLS)
    await writeFile(process.env.KILLS_LOG ?? '/dev/null', `${kills} kills, ${repeats} repeats\n`);
});

/** Runs the command until it ends by itself, killing it on the way. Gives how often it was killed. */
async function deliverWithKills(
  { journal }: Arrivals,
  args: readonly string[],
  most: number,
): Promise<number> {
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

/** Checks what arrived against the input and the journal. Gives how many sessions arrived more than once. */
async function check({ times, journal }: Arrivals): Promise<number> {
  expect(times.size).toBe(SESSIONS);
  const perhaps = new Map<string, number>();
  const delivered = new Map<string, number>();
  const open = new Map<number, Extract<ReadRecord, { kind: 'sending' }>>();
  const settle = (request: number, outcome: string): void => {
    const counted = outcome === 'delivered' ? delivered : outcome === 'ambiguous' ? perhaps : null;
    for (const [id] of open.get(request)?.sessions ?? []) counted?.set(id, (counted.get(id) ?? 0) + 1);
    open.delete(request);
  };
  await readJournal(journal, (record) => {
    if (record.kind === 'run') for (const request of open.keys()) settle(request, 'ambiguous');
    if (record.kind === 'sending') open.set(record.request, record);
    if (record.kind === 'settled') settle(record.request, record.outcome);
  });
  for (const [id, arrived] of times) {
    expect(delivered.get(id)).toBe(1);
    expect(arrived).toBeLessThanOrEqual(1 + (perhaps.get(id) ?? 0));
  }
  return [...times.values()].filter((arrived) => arrived > 1).length;
}

function count(body: string, times: Map<string, number>): void {
  const { Events } = JSON.parse(body) as { Events: { SessionId: string }[] };
  for (const id of new Set(Events.map(({ SessionId }) => SessionId.toLowerCase())))
    times.set(id, (times.get(id) ?? 0) + 1);
}
