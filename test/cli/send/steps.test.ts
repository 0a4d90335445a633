import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startMockEndpoint } from '../../../src/mock/start.js';
import { run } from '../run.js';
import { Arrivals } from './arrivals.js';

const SESSIONS = 6;
const FAULTS = ['503@#1', 'reset-after@#3'];
const DIE_AT = fileURLToPath(new URL('die-at.mjs', import.meta.url));
/** The long form dies at every step; the short one where each kind of step comes up first. */
const EVERY = process.env.STEPS === 'every';

test('a process killed at any step of a delivery loses nothing, and repeats nothing that was not in flight', {
  timeout: EVERY ? 600_000 : 120_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'steps-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const input = join(folder, 'in.ndjson');
  expect((await run(['simulate', '--sessions', String(SESSIONS), '--seed', '4', '-o', input])).code).toBe(0);

  const steps = await delivered(input, join(folder, 'whole'), 0);
  expect([...new Set(steps)].toSorted()).toEqual([
    'after a part of a request left',
    'after a sync of the journal',
    'after a write to the journal',
    'after an answer',
    'before a part of a request leaves',
    'before a sync of the journal',
    'before a write to the journal',
    'before an answer',
    'between the headers and the body of an answer',
    'in a write to the journal',
  ]);
  const chosen = [...steps.keys()].filter((i) => EVERY || isFirstInARequest(steps, i)).map((i) => i + 1);
  for (let i = 0; i < chosen.length; i += 2) {
    await Promise.all(chosen.slice(i, i + 2).map((at) => delivered(input, join(folder, String(at)), at)));
  }
});

/** Of each kind the first step after a first request has begun: before that a journal holds nothing to lose. */
function isFirstInARequest(steps: readonly string[], i: number): boolean {
  const begun = steps.indexOf('before a part of a request leaves');
  return i >= begun && steps.indexOf(steps[i]!, begun) === i;
}

/** Delivers to a mock, dying at a step (0: at none) and going on; checks what arrived. Gives the steps until then. */
async function delivered(input: string, name: string, dieAt: number): Promise<readonly string[]> {
  const arrivals = new Arrivals();
  const mock = await startMockEndpoint({ port: 0, faults: FAULTS, record: arrivals.record });
  const [journal, log] = [`${name}.journal`, `${name}.steps`];
  const args = ['send', '--journal', journal, '--batch-sessions', '2', '--concurrency', '1', '--endpoint'];
  try {
    const env = { DIE_AT: String(dieAt), STEPS_LOG: log, STEPS_PORT: new URL(mock.url).port };
    const first = await run([...args, mock.url, input], { node: ['--import', DIE_AT], env });
    expect(first.code).toBe(dieAt === 0 ? 0 : null);
    const second = dieAt > 0 ? await run([...args, mock.url, input]) : first;
    expect({ dieAt, ...second }).toMatchObject({ dieAt, code: 0 });
  } finally {
    await mock.close();
  }
  await arrivals.check(SESSIONS, journal);
  return (await readFile(log, 'utf8')).trim().split('\n');
}
