import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startMockEndpoint } from '../../src/mock/start.js';
import { openClient } from '../../src/send/client.js';
import { deliver } from '../../src/send/deliver.js';
import type { Delivery } from '../../src/send/delivery.js';
import { parseEndpoint } from '../../src/send/endpoint.js';
import { NO_LOG } from '../../src/send/outcome.js';
import type { OnAmbiguous } from '../../src/send/policy.js';
import { PendingSession } from '../../src/send/selection.js';
import { batches } from '../../src/write/batches.js';
import { casesOf } from '../cases.js';
import { manyHeard } from '../write/sessions.js';
import { jumpingClock } from './clocks.js';

const RUNS = Number(process.env.FAULT_RUNS ?? casesOf(15));
const SESSIONS = manyHeard(16);

/** Every kind of the mock's after which a request may be sent again. */
const KINDS = [
  '408',
  '425',
  '429=1s',
  '503',
  '500',
  '502',
  '504',
  'delay=5ms',
  'drip=40ms',
  'hang',
  'refuse',
  'reset',
  'reset-after',
  'cut',
  'html',
  'bad-json',
  'empty',
  'huge',
] as const;

const script = fc.array(fc.option(fc.constantFrom(...KINDS), { nil: null, freq: 3 }), { maxLength: 14 });

/** Delivers to a mock that plays a script, a fault a request; gives how often each session arrived. */
async function played(faults: readonly (string | null)[], onAmbiguous: OnAmbiguous) {
  const arrived = new Map<string, number>();
  const mock = await startMockEndpoint({
    port: 0,
    faults: faults.flatMap((fault, i) => (fault === null ? [] : [`${fault}@#${i + 1}`])),
    record: async (body) => {
      const { Events } = JSON.parse(body) as { Events: { SessionId: string }[] };
      for (const id of new Set(Events.map(({ SessionId }) => SessionId)))
        arrived.set(id, (arrived.get(id) ?? 0) + 1);
    },
  });
  const client = openClient({
    endpoint: parseEndpoint(mock.url),
    version: '0',
    concurrency: 3,
    timeoutMs: 750,
  });
  try {
    const planned = batches(
      SESSIONS.map((session) => new PendingSession(session)),
      {
        maxSessions: 2,
        maxBytes: 65_536,
        defaultSource: 'Custom',
      },
    );
    const delivery = await deliver(planned, {
      post: client.post,
      concurrency: 3,
      // A busy machine may time out on its own, too.
      retries: faults.length + 5,
      maxRefused: 20,
      onAmbiguous,
      clock: jumpingClock(),
      now: () => 0,
      random: () => 0.5,
      log: NO_LOG,
      deadLetters: async () => {},
    });
    return { delivery, arrived };
  } finally {
    await client.close();
    await mock.close();
  }
}

function open({ sessions }: Delivery): number {
  return sessions.taken - sessions.delivered;
}

describe('any script of finitely many faults', () => {
  test('ends with everything delivered under resend', { timeout: 30_000 + RUNS * 4000 }, async () => {
    await fc.assert(
      fc.asyncProperty(script, async (faults) => {
        const { delivery, arrived } = await played(faults, 'resend');
        expect(delivery.end).toEqual({ kind: 'finished' });
        expect(delivery.sessions).toMatchObject({ taken: SESSIONS.length, delivered: SESSIONS.length });
        expect([...arrived.keys()].toSorted()).toEqual(SESSIONS.map(({ key }) => key).toSorted());
      }),
      { numRuns: RUNS },
    );
  });

  test('lets nothing arrive twice under hold', { timeout: 30_000 + RUNS * 4000 }, async () => {
    await fc.assert(
      fc.asyncProperty(script, async (faults) => {
        const { delivery, arrived } = await played(faults, 'hold');
        expect([...arrived].filter(([, times]) => times !== 1)).toEqual([]);
        const { ambiguous, left, delivered, refused } = delivery.sessions;
        expect(open(delivery)).toBe(ambiguous + left);
        expect(refused).toBe(0);
        expect(arrived.size).toBeGreaterThanOrEqual(delivered);
        expect(arrived.size).toBeLessThanOrEqual(delivered + ambiguous);
      }),
      { numRuns: RUNS },
    );
  });
});
