import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../src/send/attempt.js';
import { deliver } from '../../src/send/deliver.js';
import { Journal } from '../../src/send/journal/journal.js';
import { sessionMark } from '../../src/send/journal/session-mark.js';
import type { OnAmbiguous } from '../../src/send/policy.js';
import { NO_REWRITING, select } from '../../src/send/selection.js';
import { type Batch, batches } from '../../src/write/batches.js';
import { manyHeard } from '../write/sessions.js';
import { casesOf } from '../cases.js';
import { answered } from './attempts.js';
import { jumpingClock } from './clocks.js';
import { contentOf, MemoryFile } from './journal/journal-bytes.js';

const SESSIONS = manyHeard(12);
const KEYS = SESSIONS.map(({ key }) => key);

/** The moment at which a process died. */
interface Moment {
  readonly step: string;
  readonly file: MemoryFile;
  /** What the endpoint has counted by then. */
  readonly counted: readonly string[];
}

interface World {
  /** What the endpoint has counted, over all runs. */
  counted: string[];
  /** What the endpoint does with its requests; past the end it answers well. */
  readonly script: ('ok' | 'lost' | 'busy' | 'error')[];
  onAmbiguous: OnAmbiguous;
  step: (name: string, file: MemoryFile) => void;
}

/** One run of a delivery with a journal that has these bytes. */
async function run(before: Buffer, world: World): Promise<MemoryFile> {
  const content = await contentOf(before);
  const file: MemoryFile = new MemoryFile(before.subarray(0, content.length), (name) =>
    world.step(name, file),
  );
  const clock = jumpingClock();
  const journal = new Journal(file, content, { clock, now: () => 0 });
  await journal.begin(content.header === null ? HEADER : null, SESSIONS.length);
  const chosen = select(SESSIONS, {
    rewriting: NO_REWRITING,
    defaultSource: 'Custom',
    states: content.states,
    onAmbiguous: world.onAmbiguous,
    limit: Number.POSITIVE_INFINITY,
  });
  await deliver(batches(chosen, { maxSessions: 3, maxBytes: 65_536, defaultSource: 'Custom' }), {
    retries: 50,
    maxRefused: 20,
    onAmbiguous: world.onAmbiguous,
    concurrency: 2,
    clock,
    now: () => 0,
    random: () => 0.5,
    ledger: journal,
    deadLetters: async () => {},
    post: async (batch) => {
      const { sessions } = batch as Batch;
      world.step('before request', file);
      const fate = world.script.shift() ?? 'ok';
      if (fate === 'busy') return answered(503);
      world.counted.push(...sessions.map(({ key }) => key));
      world.step('counted', file);
      await new Promise((resolve) => setImmediate(resolve));
      world.step('before answer', file);
      return ANSWERS[fate];
    },
  });
  await journal.end('finished');
  return file;
}

const HEADER = {
  version: 2,
  endpoint: 'e',
  organizations: [],
  input: 'i',
  settings: {},
  shiftedTo: null,
} as const;

const ANSWERS: Readonly<Record<'ok' | 'lost' | 'error', Attempt>> = {
  ok: answered(200, true),
  error: answered(500),
  lost: { kind: 'no-answer', code: 'ECONNRESET', message: '', status: null },
};

/** Keys whose requests left, as far as a journal knows, and whose answers it does not know to be good or harmless. */
async function inDoubt(bytes: Buffer): Promise<Set<string>> {
  const { states } = await contentOf(bytes);
  const ambiguous = SESSIONS.filter((session) => states.get(sessionMark(session, 'Custom')) === 'ambiguous');
  return new Set(ambiguous.map(({ key }) => key));
}

function repeats(counted: readonly string[]): string[] {
  return counted.filter((key, i) => counted.indexOf(key) !== i);
}

/** Dies at a step, loses what may be lost, and goes on: nothing may be missing, and nothing sent again that was not in doubt. */
async function dieAt(
  at: number,
  script: World['script'],
  kept: (write: number) => boolean,
  onAmbiguous: OnAmbiguous,
) {
  let step = 0;
  let died: ((moment: Moment) => void) | undefined;
  const death = new Promise<Moment>((resolve) => {
    died = resolve;
  });
  const world: World = {
    counted: [],
    script: [...script],
    onAmbiguous,
    step(name, file) {
      step += 1;
      if (step === at) died?.({ step: name, file: frozen(file), counted: [...world.counted] });
    },
  };
  const ended = run(Buffer.alloc(0), world).then(() => null);
  const moment = await Promise.race([death, ended]);
  await ended;
  if (moment === null) return null;
  const left = moment.file.after(kept);
  const doubtful = await inDoubt(left);
  const second: World = { counted: [...moment.counted], script: [], onAmbiguous, step: () => {} };
  const file = await run(left, second);
  const again = repeats(second.counted);
  if (onAmbiguous === 'resend') expect(new Set(second.counted)).toEqual(new Set(KEYS));
  else {
    const held = await inDoubt(file.bytes);
    expect(again.filter((key) => !repeats(moment.counted).includes(key))).toEqual([]);
    expect(KEYS.filter((key) => !second.counted.includes(key) && !held.has(key))).toEqual([]);
  }
  const unexplained = again.filter((key) => !doubtful.has(key) && !repeats(moment.counted).includes(key));
  expect({ step: moment.step, unexplained }).toEqual({ step: moment.step, unexplained: [] });
  return moment.step;
}

function frozen(file: MemoryFile): MemoryFile {
  const copy = new MemoryFile();
  copy.writes.push(...file.writes);
  copy.synced = file.synced;
  return copy;
}

const SCRIPT: World['script'] = ['ok', 'busy', 'lost', 'ok', 'error', 'ok', 'busy'];

describe.each(['resend', 'hold'] as const)('a process that dies, under %s', (onAmbiguous) => {
  test('at any step loses nothing, and repeats nothing that was not in doubt', async () => {
    const steps = new Set<string>();
    for (let at = 1; ; at += 1) {
      const step = await dieAt(at, SCRIPT, () => true, onAmbiguous);
      if (step === null) break;
      steps.add(step);
    }
    expect([...steps].toSorted()).toEqual([
      'after sync',
      'after write',
      'before answer',
      'before request',
      'before sync',
      'before write',
      'counted',
    ]);
  });

  test('and whose machine loses power, with any part of what was not on the disk', async () => {
    const fates = fc.array(fc.constantFrom('ok', 'lost', 'busy', 'error' as const), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 120 }),
        fates,
        fc.infiniteStream(fc.boolean()),
        async (at, script, lost) => {
          const choices: boolean[] = [];
          const kept = (write: number): boolean => {
            while (choices.length <= write) choices.push(lost.next().value === true);
            return choices[write]!;
          };
          await dieAt(at, script as World['script'], kept, onAmbiguous);
        },
      ),
      { numRuns: Number(process.env.CRASH_RUNS ?? casesOf(150)) },
    );
  });
});

test('a journal that is cut anywhere can be read, and gone on with', async () => {
  const world: World = { counted: [], script: [...SCRIPT], onAmbiguous: 'resend', step: () => {} };
  const whole = (await run(Buffer.alloc(0), world)).bytes;
  for (let length = whole.length; length >= 0; length -= 1) {
    const content = await contentOf(whole.subarray(0, length));
    expect(content.length).toBeLessThanOrEqual(length);
    expect(content.length + content.tornBytes).toBe(length);
  }
});

describe('a full disk', () => {
  async function filledAt(step: string) {
    const world: World = {
      counted: [],
      script: [],
      onAmbiguous: 'hold',
      step: (name, file) => {
        if (name === step && world.counted.length >= (step === 'counted' ? 3 : 0)) file.fill();
      },
    };
    let failure: unknown = null;
    await run(Buffer.alloc(0), world).catch((error: unknown) => {
      failure = error;
    });
    return { world, failure };
  }

  test('before the first request: nothing is sent', async () => {
    const { world, failure } = await filledAt('before write');
    expect(failure).toMatchObject({ name: 'JournalFailure', message: 'no space left on the disk' });
    expect(world.counted).toEqual([]);
  });

  test('after a request: no further one leaves', async () => {
    const { world, failure } = await filledAt('counted');
    expect(failure).toMatchObject({ name: 'JournalFailure' });
    expect(world.counted.length).toBeLessThanOrEqual(6);
  });
});
