import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../src/send/answer.js';
import { deliver } from '../../src/send/deliver.js';
import { KnownSessions } from '../../src/send/ledger/known-sessions.js';
import { Ledger } from '../../src/send/ledger/ledger.js';
import { openLocked } from '../../src/send/ledger/open-file.js';
import { sessionKey } from '../../src/send/ledger/schema.js';
import { type Database, SqliteFailure } from '../../src/send/ledger/sqlite.js';
import type { OnAmbiguous } from '../../src/send/policy.js';
import { NO_REWRITING } from '../../src/send/rewriting.js';
import { NOT_MOVED, select } from '../../src/send/selection.js';
import { type Batch, batches } from '../../src/write/batches.js';
import { casesOf } from '../cases.js';
import { manyHeard } from '../write/sessions.js';
import { answered } from './attempts.js';
import { jumpingClock } from './clocks.js';
import { ENDPOINT, folder, SQLITES, START } from './ledger/libraries.js';

const { sqlite } = SQLITES[0]!;
const SESSIONS = manyHeard(12);
const KEYS = SESSIONS.map(({ key }) => key);
const RUNS = Number(process.env.CRASH_RUNS ?? casesOf(25));

/** The moment at which a process died. */
interface Moment {
  readonly step: string;
  /** The ledger as it was then. */
  readonly ledger: string;
  /** What the endpoint has counted by then. */
  readonly counted: readonly string[];
}

interface World {
  /** What the endpoint has counted, over all runs. */
  counted: string[];
  /** What the endpoint does with its requests; past the end it answers well. */
  readonly script: ('ok' | 'lost' | 'busy' | 'error')[];
  onAmbiguous: OnAmbiguous;
  step: (name: string) => void;
  /** Whether the disk is full. */
  readonly full?: () => boolean;
}

/** Tells of each commit, and fails it where the disk is full. */
function watched(database: Database, { step, full }: World): Database {
  return {
    ...database,
    exec(sql) {
      if (sql !== 'COMMIT') return database.exec(sql);
      step('in a transaction');
      if (full?.()) throw new SqliteFailure('disk', 'database or disk is full');
      database.exec(sql);
      step('after a commit');
    },
  };
}

/** One run of a delivery with the ledger at a path. */
async function run(path: string, world: World): Promise<void> {
  const file = openLocked(path, sqlite);
  const database = watched(file.database, world);
  const ledger = new Ledger(path, { ...file, database }, ENDPOINT, () => 0);
  const clock = jumpingClock();
  try {
    await ledger.begin(START);
    const chosen = select(SESSIONS, {
      rewriting: NO_REWRITING,
      moved: NOT_MOVED,
      known: new KnownSessions([ledger.reader()]),
      onAmbiguous: world.onAmbiguous,
      retryRefused: false,
      limit: Number.POSITIVE_INFINITY,
    });
    const delivery = await deliver(
      batches(chosen, { maxSessions: 3, maxBytes: 65_536, defaultSource: 'Custom' }),
      {
        retries: 50,
        maxRefused: 20,
        onAmbiguous: world.onAmbiguous,
        concurrency: 2,
        clock,
        now: () => 0,
        random: () => 0.5,
        log: ledger,
        deadLetters: async () => {},
        post: async (batch) => {
          const { sessions } = batch as Batch;
          world.step('before request');
          const fate = world.script.shift() ?? 'ok';
          if (fate === 'busy') return answered(503);
          world.counted.push(...sessions.map(({ key }) => key));
          world.step('counted');
          await new Promise((resolve) => setImmediate(resolve));
          world.step('before answer');
          return ANSWERS[fate];
        },
      },
    );
    if (delivery.end.kind === 'unwritable') throw delivery.end.error;
    await ledger.end({ exitCode: 0, why: delivery.end.kind });
  } finally {
    ledger.close();
  }
}

const ANSWERS: Readonly<Record<'ok' | 'lost' | 'error', Attempt>> = {
  ok: answered(200, true),
  error: answered(500),
  lost: { kind: 'no-answer', code: 'ECONNRESET', message: '', status: null },
};

/** SessionIds that a ledger says may have been counted. */
function inDoubt(path: string): Set<string> {
  const file = openLocked(path, sqlite);
  const ledger = new Ledger(path, file, ENDPOINT, () => 0);
  const reader = ledger.reader();
  const doubted = KEYS.filter((key) =>
    ['in-flight', 'ambiguous'].includes(reader.find(sessionKey(key))?.state ?? ''),
  );
  ledger.close();
  return new Set(doubted);
}

function repeats(counted: readonly string[]): string[] {
  return counted.filter((key, i) => counted.indexOf(key) !== i);
}

/** Dies at a step, and goes on: nothing may be missing, and nothing sent again that was not in doubt. */
async function dieAt(at: number, script: World['script'], onAmbiguous: OnAmbiguous) {
  const place = folder();
  const [path, left] = [join(place, 'a.ledger'), join(place, 'left.ledger')];
  let step = 0;
  let moment: Moment | null = null;
  const world: World = {
    counted: [],
    script: [...script],
    onAmbiguous,
    step(name) {
      step += 1;
      if (step !== at) return;
      copyFileSync(path, left);
      if (existsSync(`${path}-journal`)) copyFileSync(`${path}-journal`, `${left}-journal`);
      moment = { step: name, ledger: left, counted: [...world.counted] };
    },
  };
  await run(path, world);
  const died = moment as Moment | null;
  if (died === null) return null;
  const doubtful = inDoubt(left);
  const second: World = { counted: [...died.counted], script: [], onAmbiguous, step: () => {} };
  await run(left, second);
  const again = repeats(second.counted);
  if (onAmbiguous === 'resend') expect(new Set(second.counted)).toEqual(new Set(KEYS));
  else {
    const held = inDoubt(left);
    expect(again.filter((key) => !repeats(died.counted).includes(key))).toEqual([]);
    expect(KEYS.filter((key) => !second.counted.includes(key) && !held.has(key))).toEqual([]);
  }
  const unexplained = again.filter((key) => !doubtful.has(key) && !repeats(died.counted).includes(key));
  expect({ step: died.step, unexplained }).toEqual({ step: died.step, unexplained: [] });
  return died.step;
}

const SCRIPT: World['script'] = ['ok', 'busy', 'lost', 'ok', 'error', 'ok', 'busy'];

describe.each(['resend', 'hold'] as const)('a process that dies, under %s', (onAmbiguous) => {
  test('at any step loses nothing, and repeats nothing that was not in doubt', {
    timeout: 60_000,
  }, async () => {
    const steps = new Set<string>();
    for (let at = 1; ; at += 1) {
      const step = await dieAt(at, SCRIPT, onAmbiguous);
      if (step === null) break;
      steps.add(step);
    }
    expect([...steps].toSorted()).toEqual([
      'after a commit',
      'before answer',
      'before request',
      'counted',
      'in a transaction',
    ]);
  });

  // Each run waits for the disk a few dozen times.
  test('at any step of any script', { timeout: 60_000 + RUNS * 150 }, async () => {
    const fates = fc.array(fc.constantFrom('ok', 'lost', 'busy', 'error' as const), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 80 }), fates, async (at, script) => {
        await dieAt(at, script as World['script'], onAmbiguous);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a full disk', () => {
  async function filledOnce(counted: number) {
    const world: World = {
      counted: [],
      script: [],
      onAmbiguous: 'hold',
      step: () => {},
      full: () => world.counted.length >= counted,
    };
    const failure: unknown = await run(join(folder(), 'a.ledger'), world).catch((error: unknown) => error);
    return { world, failure };
  }

  test('before the first request: nothing is sent', async () => {
    const { world, failure } = await filledOnce(0);
    expect(failure).toMatchObject({
      name: 'LedgerFailure',
      message: expect.stringContaining('no space left on the disk'),
    });
    expect(world.counted).toEqual([]);
  });

  test('after a request: no further one leaves', async () => {
    const { world, failure } = await filledOnce(3);
    expect(failure).toMatchObject({ name: 'LedgerFailure' });
    expect(world.counted.length).toBeLessThanOrEqual(6);
  });
});
