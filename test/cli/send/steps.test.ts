import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startMockEndpoint } from '../../../src/mock/start.js';
import { run } from '../run.js';
import { Arrivals, idsIn } from './arrivals.js';

const SESSIONS = 6;
const FAULTS = ['503@#1', 'reset-after@#3'];
const DIE_AT = fileURLToPath(new URL('die-at.mjs', import.meta.url));
/** The long form dies at every step; the short one where each kind of step comes up first. */
const EVERY = process.env.STEPS === 'every';

test('a process killed at any step of a delivery loses nothing, and repeats nothing that was not in flight', {
  timeout: EVERY ? 1_200_000 : 300_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'steps-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const input = join(folder, 'in.ndjson');
  expect((await run(['simulate', '--sessions', String(SESSIONS), '--seed', '4', '-o', input])).code).toBe(0);

  const steps = await delivered(input, join(folder, 'whole'), 0);
  expect([...new Set(steps)].toSorted()).toEqual([
    'after a commit',
    'after a part of a request left',
    'after an answer',
    'before a commit',
    'before a part of a request leaves',
    'before an answer',
    'between the headers and the body of an answer',
    'in a transaction',
  ]);
  const chosen = [...steps.keys()].filter((i) => EVERY || isFirstInARequest(steps, i)).map((i) => i + 1);
  for (let i = 0; i < chosen.length; i += 2) {
    await Promise.all(chosen.slice(i, i + 2).map((at) => delivered(input, join(folder, String(at)), at)));
  }
});

/** Of each kind the first step after a first request has begun: before that a ledger holds nothing to lose. */
function isFirstInARequest(steps: readonly string[], i: number): boolean {
  const begun = steps.indexOf('before a part of a request leaves');
  return i >= begun && steps.indexOf(steps[i]!, begun) === i;
}

/** Delivers to a mock, dying at a step (0: at none), going on under hold, then under resend; checks what arrived. Gives the steps until then. */
async function delivered(input: string, name: string, dieAt: number): Promise<readonly string[]> {
  const arrivals = new Arrivals();
  const mock = await startMockEndpoint({ port: 0, faults: FAULTS, record: arrivals.record });
  const [ledger, log] = [`${name}.ledger`, `${name}.steps`];
  const args = ['send', '--ledger', ledger, '--batch-sessions', '2', '--concurrency', '1'];
  const to = ['--endpoint', mock.url, input];
  try {
    const env = { DIE_AT: String(dieAt), STEPS_LOG: log, STEPS_PORT: new URL(mock.url).port };
    const hold = [...args, '--on-ambiguous', 'hold', ...to];
    const first = await run(hold, { node: ['--import', DIE_AT], env });
    // What the third request's lost answer leaves in doubt is held.
    expect(first.code).toBe(dieAt === 0 ? 3 : null);
    const second = await run(hold);
    expect([0, 3]).toContain(second.code);
    expect({ dieAt, repeated: arrivals.repeated }).toEqual({ dieAt, repeated: [] });
    const doubted = idsIn(ledger, 'ambiguous');
    const third = await run([...args, '--on-ambiguous', 'resend', ...to]);
    expect({ dieAt, ...third }).toMatchObject({ dieAt, code: 0 });
    arrivals.check(SESSIONS, ledger, doubted);
  } finally {
    await mock.close();
  }
  return (await readFile(log, 'utf8')).trim().split('\n');
}
