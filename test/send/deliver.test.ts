import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/domain/clock.js';
import { startMockEndpoint } from '../../src/mock/start.js';
import type { Attempt } from '../../src/send/answer.js';
import { openClient } from '../../src/send/client.js';
import { type DeliverOptions, deliver } from '../../src/send/deliver.js';
import type { Delivery, Progress } from '../../src/send/delivery.js';
import { parseEndpoint } from '../../src/send/endpoint.js';
import { NO_LOG } from '../../src/send/outcome.js';
import { ON_AMBIGUOUS } from '../../src/send/policy.js';
import { PendingSession } from '../../src/send/selection.js';
import { type Batch, batches as batched } from '../../src/write/batches.js';
import type { EncodedSession } from '../../src/write/encoded-session.js';
import { encoded, heard, manyHeard, ORGANIZATIONS, sessionOf } from '../write/sessions.js';
import { answered } from './attempts.js';
import { jumpingClock } from './clocks.js';
import { DOCUMENT_BODY } from './document-body.js';
import { nobody, serveHttp } from './servers.js';

const [ONE, OTHER] = ORGANIZATIONS;
const DELIVERED = answered(200, true);
const DISABLED = answered(200, false);
const SETTINGS = { maxSessions: 1, maxBytes: 65_536, defaultSource: 'Custom' };

const POLICY = {
  retries: 0,
  maxRefused: 3,
  onAmbiguous: 'hold',
  now: () => 0,
  random: () => 0.5,
  log: NO_LOG,
  deadLetters: async () => {},
} as const;

async function* batches(
  sessions: Iterable<EncodedSession> | AsyncIterable<EncodedSession>,
  settings: Parameters<typeof batched>[1],
): AsyncGenerator<Batch<PendingSession>> {
  async function* going(): AsyncGenerator<PendingSession> {
    for await (const session of sessions) yield new PendingSession(session);
  }
  yield* batched(going(), settings);
}

const FAILURES: Readonly<Record<string, Attempt>> = {
  refused: { kind: 'not-connected', code: 'ECONNREFUSED', message: '' },
  reset: { kind: 'no-answer', code: 'ECONNRESET', message: '', status: null },
  busy: answered(503),
  broken: answered(500),
  bad: answered(400),
};

function run(
  sessions: Iterable<EncodedSession> | AsyncIterable<EncodedSession>,
  post: (batch: Batch, number: number) => Attempt | Promise<Attempt>,
  options: Partial<DeliverOptions> = {},
): Promise<Delivery> {
  let number = 0;
  return deliver(batches(sessions, SETTINGS), {
    ...POLICY,
    concurrency: 1,
    clock: jumpingClock(),
    ...options,
    post: async (batch) => post(batch as Batch, number++),
  });
}

/** What the endpoint may have counted. */
const COUNTED: readonly Attempt[] = [DELIVERED, FAILURES.reset!, FAILURES.broken!];

test('what may have been counted, and is refused then, stays ambiguous and is in no dead letters', async () => {
  const letters: string[] = [];
  const answers = [FAILURES.broken!, FAILURES.bad!, DELIVERED];
  const delivery = await run(manyHeard(2), (_, number) => answers[number]!, {
    onAmbiguous: 'resend',
    retries: 3,
    deadLetters: async (refusals) => void letters.push(...refusals.map(({ session }) => session.key)),
  });
  expect(delivery.sessions).toMatchObject({ delivered: 1, ambiguous: 1, refused: 0, left: 0 });
  expect(letters).toEqual([]);
});

describe('the counts', () => {
  const attempt = fc.oneof(
    { weight: 6, arbitrary: fc.constant(DELIVERED) },
    { weight: 2, arbitrary: fc.constantFrom(...Object.values(FAILURES)) },
    { weight: 1, arbitrary: fc.constantFrom(DISABLED, answered(403), answered(200)) },
  );

  test('add up to what was taken, whatever the endpoint does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.tuple(fc.nat(1), attempt), { maxLength: 30 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        fc.option(fc.nat(30), { nil: null }),
        fc.constantFrom(...ON_AMBIGUOUS),
        fc.nat(2),
        async (scheduler, script, concurrency, maxSessions, interruptAt, onAmbiguous, retries) => {
          const sessions = script.map(([organization], number) =>
            heard(number, { organizationId: ORGANIZATIONS[organization]! }),
          );
          const stop = new AbortController();
          const posted: { batch: Batch; attempt: Attempt }[] = [];
          const told: Progress[] = [];
          const running = deliver(batches(sessions, { ...SETTINGS, maxSessions }), {
            ...POLICY,
            retries,
            onAmbiguous,
            concurrency,
            signal: stop.signal,
            clock: jumpingClock(),
            onProgress: (progress) => told.push(progress),
            post: async (batch) => {
              const number = posted.length;
              const [, attempt] = script[number % script.length]!;
              posted.push({ batch: batch as Batch, attempt });
              if (number === interruptAt) stop.abort();
              return scheduler.schedule(Promise.resolve(attempt));
            },
          });
          const delivery = await scheduler.waitFor(running);

          const { taken, delivered, left, ambiguous, refused } = delivery.sessions;
          expect(delivered + left + ambiguous + refused).toBe(taken);
          expect(taken).toBeLessThanOrEqual(sessions.length);
          if (delivery.end.kind === 'finished') expect(taken).toBe(sessions.length);
          expect(sum(delivery.undelivered.map((reason) => reason.sessions))).toBe(left + ambiguous + refused);

          const through = posted.filter(({ attempt }) => attempt === DELIVERED);
          expect(delivered).toBe(sum(through.map(({ batch }) => batch.sessions.length)));
          expect(delivery.events.delivered).toBe(delivered * 2);
          expect(delivery.requests.delivered).toBe(through.length);
          const onTheWire = posted.filter(({ attempt }) => attempt !== FAILURES.refused);
          expect(delivery.requests.sent).toBe(onTheWire.length);
          expect(delivery.bytesSent).toBe(sum(onTheWire.map(({ batch }) => batch.body.length)));
          for (const { sessions } of told)
            expect(
              sessions.delivered + sessions.left + sessions.ambiguous + sessions.refused,
            ).toBeLessThanOrEqual(sessions.taken);
          expect(told.at(-1)?.sessions).toEqual(delivery.sessions);
          const keysOf = (some: typeof posted) =>
            some.flatMap(({ batch }) => batch.sessions.map(({ key }) => key));
          const counted = keysOf(posted.filter(({ attempt }) => COUNTED.includes(attempt)));
          if (onAmbiguous === 'hold') expect(new Set(counted).size).toBe(counted.length);
        },
      ),
    );
  });

  test('of nothing are nothing', async () => {
    expect(await run([], () => DELIVERED)).toEqual({
      sessions: { taken: 0, delivered: 0, left: 0, ambiguous: 0, refused: 0 },
      events: { delivered: 0 },
      requests: { sent: 0, delivered: 0, retried: 0 },
      bytesSent: 0,
      enabled: null,
      disabled: [],
      undelivered: [],
      takenInDoubt: 0,
      end: { kind: 'finished' },
      seconds: 0,
    });
  });

  test('tell why sessions were not delivered', async () => {
    const script = [FAILURES.reset!, DELIVERED, FAILURES.reset!, FAILURES.bad!, DELIVERED];
    const { undelivered, end } = await run(manyHeard(5), (_, number) => script[number]!);
    expect(undelivered).toEqual([
      { state: 'ambiguous', sentence: expect.stringContaining('ECONNRESET'), excerpt: '', sessions: 2 },
      { state: 'refused', sentence: '400 Bad Request', excerpt: '', sessions: 1 },
    ]);
    expect(end).toEqual({ kind: 'finished' });
  });

  test('do not grow with the number of different answers', async () => {
    const delivery = await run(manyHeard(400), (_, number) =>
      number % 2 === 0 ? DELIVERED : { kind: 'no-answer', code: `E${number}`, message: '', status: null },
    );
    expect(delivery.undelivered.length).toBeLessThan(30);
    expect(sum(delivery.undelivered.map(({ sessions }) => sessions))).toBe(200);
  });
});

describe('how many at once', () => {
  test('as many as allowed are on their way, never more, and the input is read no faster', async () => {
    let read = 0;
    const sessions = function* () {
      for (const session of manyHeard(50)) {
        read += 1;
        yield session;
      }
    };
    const answers: (() => void)[] = [];
    let started = 0;
    let most = 0;
    let settled = 0;
    const running = run(
      sessions(),
      () =>
        new Promise((resolve) => {
          started += 1;
          most = Math.max(most, started - settled);
          expect(read - settled).toBeLessThanOrEqual(5);
          answers.push(() => {
            settled += 1;
            resolve(DELIVERED);
          });
        }),
      { concurrency: 4 },
    );
    while (settled < 50) {
      await new Promise((resolve) => setImmediate(resolve));
      if (started < 50) expect(started - settled).toBe(4);
      answers.shift()?.();
    }
    expect((await running).sessions.delivered).toBe(50);
    expect(most).toBe(4);
  });

  test('the rate spaces the starts, however many are allowed at once', async () => {
    const clock = jumpingClock();
    const starts: number[] = [];
    const delivery = await run(
      manyHeard(6),
      () => {
        starts.push(clock.nowMs());
        return DELIVERED;
      },
      { clock, concurrency: 8, rate: 2 },
    );
    expect(starts).toEqual([0, 500, 1000, 1500, 2000, 2500]);
    expect(delivery.seconds).toBe(2.5);
  });
});

describe('Enabled: false', () => {
  test('stops its organization and no other', async () => {
    const posted: string[] = [];
    const sessions = manyHeard(20).map((_, number) =>
      heard(number, {
        organizationId: number % 2 === 0 ? ONE : number % 4 === 1 ? OTHER : OTHER.toUpperCase(),
      }),
    );
    const delivery = await run(sessions, ({ organizationId }) => {
      posted.push(organizationId);
      return organizationId === ONE ? DELIVERED : DISABLED;
    });
    expect(posted.filter((id) => id !== ONE)).toEqual([OTHER]);
    expect(delivery).toMatchObject({
      enabled: false,
      disabled: [OTHER],
      sessions: { taken: 20, delivered: 10, left: 10 },
      end: { kind: 'finished' },
    });
  });

  test('settles what is on its way', async () => {
    const answers: ((attempt: Attempt) => void)[] = [];
    const running = run(manyHeard(10), () => new Promise((resolve) => answers.push(resolve)), {
      concurrency: 3,
    });
    while (answers.length < 3) await new Promise((resolve) => setImmediate(resolve));
    answers[0]!(DISABLED);
    answers[1]!(DELIVERED);
    answers[2]!(DISABLED);
    const delivery = await running;
    expect(answers).toHaveLength(3);
    expect(delivery.sessions).toMatchObject({ taken: 10, delivered: 1, left: 9 });
    expect(delivery.enabled).toBe(false);
  });

  test('of all organizations ends the run, where it is known how many there are', async () => {
    const delivery = await run(manyHeard(1000), () => DISABLED, { organizations: 1 });
    expect(delivery.end).toEqual({ kind: 'disabled' });
    expect(delivery.sessions.taken).toBeLessThan(5);
  });

  test('is not waited for: what it keeps back takes no turn of the rate', async () => {
    const delivery = await run(manyHeard(100), () => DISABLED, { rate: 1 });
    expect(delivery.sessions.left).toBe(100);
    expect(delivery.seconds).toBeLessThan(2);
  });

  test('is not told where nothing was answered', async () => {
    const { enabled } = await run(manyHeard(1), () => FAILURES.busy!);
    expect(enabled).toBe(null);
  });
});

describe('a run that cannot go on', () => {
  test('stops at an answer about the way', async () => {
    const delivery = await run(manyHeard(100), (_, number) => (number < 2 ? DELIVERED : answered(403)));
    expect(delivery.end).toMatchObject({
      kind: 'stopped',
      why: 'rejected',
      outcome: { kind: 'stop', sentence: '403 Forbidden' },
    });
    expect(delivery).toMatchObject({ requests: { sent: 3 }, sessions: { delivered: 2 } });
    expect(delivery.sessions.taken).toBeLessThan(10);
  });

  test.each([
    ['refused', 'retries', { left: 4 }],
    ['reset', 'ambiguous', { ambiguous: 3 }],
    ['busy', 'retries', { left: 4 }],
    ['broken', 'ambiguous', { ambiguous: 3 }],
    ['bad', 'refused', { left: 4 }],
  ] as const)('ends soon where all fail: %s', async (failure, why, sessions) => {
    const delivery = await run(manyHeard(100), () => FAILURES[failure]!);
    expect(delivery.end).toMatchObject({ kind: 'stopped', why });
    for (const [state, least] of Object.entries(sessions))
      expect(delivery.sessions[state as keyof typeof sessions]).toBeLessThanOrEqual(least);
    expect(delivery.sessions.taken).toBeLessThan(10);
  });

  test('stopped for its refusals, what was in flight belongs to them: left, not refused', async () => {
    const late = new Promise<Attempt>((resolve) => setImmediate(() => resolve(FAILURES.bad!)));
    const delivery = await run(manyHeard(20), (_, number) => (number === 3 ? late : FAILURES.bad!), {
      concurrency: 4,
      maxRefused: 2,
    });
    expect(delivery).toMatchObject({
      end: { kind: 'stopped', why: 'refused' },
      sessions: { delivered: 0, refused: 0 },
    });
    expect(delivery.sessions.left).toBe(delivery.sessions.taken);
  });

  test('goes on while something is delivered between failures', async () => {
    const delivery = await run(manyHeard(30), (_, number) =>
      number % 3 === 2 ? DELIVERED : FAILURES.reset!,
    );
    expect(delivery).toMatchObject({
      end: { kind: 'finished' },
      sessions: { taken: 30, delivered: 10, ambiguous: 20 },
    });
  });
});

describe('the signal', () => {
  test('before the start: nothing is read or sent', async () => {
    const delivery = await run(manyHeard(3), () => DELIVERED, { signal: AbortSignal.abort() });
    expect(delivery).toMatchObject({ end: { kind: 'interrupted' }, sessions: { taken: 0 } });
  });

  test('takes no new work and settles what is on its way', async () => {
    const stop = new AbortController();
    const answers: ((attempt: Attempt) => void)[] = [];
    const running = run(manyHeard(10), () => new Promise((resolve) => answers.push(resolve)), {
      concurrency: 2,
      signal: stop.signal,
    });
    while (answers.length < 2) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    for (const answer of answers) answer(DELIVERED);
    const delivery = await running;
    expect(answers).toHaveLength(2);
    expect(delivery.end).toEqual({ kind: 'interrupted' });
    expect(delivery.sessions.delivered).toBe(2);
    expect(delivery.undelivered).toMatchObject([{ state: 'left' }]);
  });

  test('stays the reason, whatever is answered after it', async () => {
    const stop = new AbortController();
    const delivery = await run(
      manyHeard(3),
      () => {
        stop.abort();
        return answered(403);
      },
      { signal: stop.signal },
    );
    expect(delivery.end).toEqual({ kind: 'interrupted' });
    expect(delivery.undelivered).toMatchObject([{ sentence: '403 Forbidden' }]);
  });

  test('ends a wait for the rate', async () => {
    const stop = new AbortController();
    const delivery = await run(
      manyHeard(3),
      () => {
        setImmediate(() => stop.abort());
        return DELIVERED;
      },
      {
        signal: stop.signal,
        rate: 1,
        clock: { nowMs: () => 0, unixSeconds: () => 0, after: () => () => {} },
      },
    );
    expect(delivery).toMatchObject({
      end: { kind: 'interrupted' },
      sessions: { delivered: 1, left: 2 },
    });
  });

  test('ends a wait for an input that stalls', async () => {
    const stop = new AbortController();
    const stalling = async function* (): AsyncGenerator<EncodedSession> {
      yield heard(1);
      setImmediate(() => stop.abort());
      await new Promise(() => {});
    };
    const delivery = await run(stalling(), () => DELIVERED, { signal: stop.signal });
    expect(delivery).toMatchObject({
      end: { kind: 'interrupted' },
      sessions: { taken: 1, delivered: 1, left: 0 },
    });
  });

  test('changes nothing where all had been taken', async () => {
    const stop = new AbortController();
    const delivery = await run(
      manyHeard(1),
      async () => {
        await new Promise((resolve) => setImmediate(resolve));
        stop.abort();
        return DELIVERED;
      },
      { signal: stop.signal },
    );
    expect(delivery.end).toEqual({ kind: 'finished' });
  });
});

describe('an error', () => {
  test('of the input is told with the counts, after what is on its way is settled', async () => {
    const broken = function* () {
      yield* manyHeard(5);
      throw new Error('disk gone');
    };
    const delivery = await run(
      broken(),
      () => new Promise((resolve) => setImmediate(() => resolve(DELIVERED))),
      {
        concurrency: 2,
      },
    );
    expect(delivery.end).toEqual({ kind: 'broken', error: new Error('disk gone') });
    expect(delivery.sessions).toMatchObject({ taken: 5, delivered: 5, left: 0 });
  });

  test('of ours leaves the batch as perhaps counted', async () => {
    const delivery = await run(manyHeard(5), () => {
      throw new Error('a bug');
    });
    expect(delivery.end).toEqual({ kind: 'broken', error: new Error('a bug') });
    expect(delivery.undelivered[0]).toMatchObject({ state: 'ambiguous', sessions: 1 });
  });

  test('of ours is told even where the run had been stopped before', async () => {
    const stop = new AbortController();
    const delivery = await run(
      manyHeard(5),
      () => {
        stop.abort();
        throw new Error('a bug');
      },
      { signal: stop.signal },
    );
    expect(delivery.end).toMatchObject({ kind: 'broken' });
  });

  test('an input that is not read to its end is closed', async () => {
    let closed = false;
    const sessions = function* () {
      try {
        yield* manyHeard(100);
      } finally {
        closed = true;
      }
    };
    await run(sessions(), () => answered(403));
    // A pull that is on its way when the run stops is not waited for: it is closed behind it.
    await new Promise(setImmediate);
    expect(closed).toBe(true);
  });
});

test('each request is told with its outcome and its time', async () => {
  const told: unknown[] = [];
  await run(manyHeard(2), (_, number) => (number === 0 ? DELIVERED : FAILURES.busy!), {
    onRequest: ({ batch, outcome, elapsedMs }) => told.push([batch.sessions.length, outcome.kind, elapsedMs]),
  });
  expect(told).toEqual([
    [1, 'delivered', 0],
    [1, 'not-sent', 0],
  ]);
});

describe('over the network', () => {
  async function send(url: string, sessions: readonly EncodedSession[], maxSessions = 7): Promise<Delivery> {
    const client = openClient({
      endpoint: parseEndpoint(url),
      version: '0',
      concurrency: 4,
      timeoutMs: 30_000,
    });
    try {
      return await deliver(batches(sessions, { ...SETTINGS, maxSessions }), {
        ...POLICY,
        clock: systemClock,
        post: client.post,
        concurrency: 4,
      });
    } finally {
      await client.close();
    }
  }

  test('every session arrives once', async () => {
    const mock = await startMockEndpoint({ port: 0 });
    const delivery = await send(mock.url, manyHeard(100));
    await mock.close();
    const arrived = mock.requests().flatMap(({ body }) => (body as typeof DOCUMENT_BODY).Events);
    expect(arrived.map(({ SessionId }) => SessionId).toSorted()).toEqual(
      manyHeard(100)
        .flatMap(({ key }) => [key, key])
        .toSorted(),
    );
    expect(delivery).toMatchObject({
      enabled: true,
      sessions: { taken: 100, delivered: 100, left: 0 },
      events: { delivered: 200 },
      requests: { sent: 15, delivered: 15, retried: 0 },
    });
  });

  test('the document’s own body arrives with all its fields equal', async () => {
    const mock = await startMockEndpoint({ port: 0 });
    const events = DOCUMENT_BODY.Events.map((event) => ({ ...event, Source: DOCUMENT_BODY.Source }));
    const session = encoded(sessionOf(events));
    const delivery = await send(mock.url, [session]);
    await mock.close();
    expect(mock.requests()).toMatchObject([
      {
        url: '/api/consumption/events?organizationId=126281f8-200e-4c9f-8378-a4870055423b',
        body: DOCUMENT_BODY,
      },
    ]);
    expect(delivery.enabled).toBe(true);
  });

  test('one of two organizations is switched off', async () => {
    const url = await serveHttp((request, response) => {
      request.resume();
      response.end(JSON.stringify({ Enabled: request.url?.endsWith(ONE) }));
    });
    const sessions = manyHeard(40).map((_, number) =>
      heard(number, { organizationId: ORGANIZATIONS[number % 2]! }),
    );
    const delivery = await send(url, sessions);
    expect(delivery).toMatchObject({
      enabled: false,
      disabled: [OTHER],
      sessions: { taken: 40, delivered: 20 },
    });
  });

  test('a dead endpoint is left alone', async () => {
    const delivery = await send(await nobody(), manyHeard(1000), 1);
    expect(delivery.end.kind).toBe('stopped');
    expect(delivery).toMatchObject({
      enabled: null,
      bytesSent: 0,
      requests: { sent: 0 },
      sessions: { delivered: 0 },
    });
    expect(delivery.sessions.taken).toBeLessThan(12);
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
