import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LoadSettings, loadOf } from '../../../src/cli/send/load.js';
import { KnownSessions } from '../../../src/send/ledger/known-sessions.js';
import type { LedgerReader } from '../../../src/send/ledger/rows.js';
import { sessionIdOf } from '../../../src/send/ledger/schema.js';
import { NO_REWRITING } from '../../../src/send/rewriting.js';
import { NOT_MOVED } from '../../../src/send/selection.js';
import type { PreparedSessions } from '../../../src/send/session-classifier.js';
import { jumpingClock } from '../../send/clocks.js';
import { guid, heard } from '../../write/sessions.js';

const SELECTION = {
  rewriting: NO_REWRITING,
  moved: NOT_MOVED,
  known: null,
  onAmbiguous: 'resend',
  retryRefused: false,
  limit: Number.POSITIVE_INFINITY,
} as const;

const SETTINGS: LoadSettings = {
  selection: SELECTION,
  alreadyDelivered: 0,
  batches: { maxSessions: 3, maxBytes: 65_536, defaultSource: 'Custom' },
  rate: undefined,
  pace: null,
  between: async () => {},
};

/** Prepared sessions that ended at these times, numbered from 0. */
function endedAt(ends: readonly (number | null)[]): PreparedSessions {
  const sessions = ends.map((end, number) => ({ ...heard(number), endedAt: end }));
  return {
    [Symbol.iterator]: () => sessions.values(),
    addressed: () => sessions.entries(),
    at: (address) => sessions[address]!,
  };
}

type Loaded = Awaited<ReturnType<typeof loadOf>>;

async function keysOf(planned: ReturnType<Loaded['all']>): Promise<string[][]> {
  const keys: string[][] = [];
  for await (const { sessions } of planned) keys.push(sessions.map(({ key }) => key));
  return keys;
}

describe('a load', () => {
  test('is planned as it is then sent, as often as it is asked for', async () => {
    const load = await loadOf(endedAt([5, 4, 3, 2, 1]), SETTINGS);
    const wanted = [[0, 1, 2].map(guid), [3, 4].map(guid)];
    expect(load.plan).toMatchObject({ requests: 2, sessions: 5, events: 10, playedSeconds: 150 });
    expect(await keysOf(load.all())).toEqual(wanted);
    expect(await keysOf(load.due(new AbortController().signal))).toEqual(wanted);
  });

  test('sends what is new far behind what is known', async () => {
    const sessions = endedAt(Array.from({ length: 20_000 }, () => 1));
    const fresh = [19_000, 19_997, 19_999].map(guid);
    const reader: Pick<LedgerReader, 'path' | 'find' | 'knowsChange'> = {
      path: '',
      find: (key) =>
        fresh.includes(sessionIdOf(key)) ? null : { state: 'ambiguous', mark: new Uint8Array(), shift: null },
      knowsChange: () => false,
    };
    const known = new KnownSessions([reader as LedgerReader]);
    const load = await loadOf(sessions, {
      ...SETTINGS,
      selection: { ...SELECTION, onAmbiguous: 'hold', known },
    });
    expect(load.counts).toMatchObject({ chosen: 3, held: 19_997 });
    expect(await keysOf(load.all())).toEqual([fresh]);
  });

  test('stops at its limit', async () => {
    const load = await loadOf(endedAt([1, 2, 3, 4]), { ...SETTINGS, selection: { ...SELECTION, limit: 2 } });
    expect(load.counts).toMatchObject({ chosen: 2, beyondLimit: 2 });
    expect(await keysOf(load.all())).toEqual([[0, 1].map(guid)]);
  });

  test('of which all is delivered is empty', async () => {
    const sessions = endedAt([1, 2]);
    const marks = new Map(Array.from(sessions, ({ key, mark }) => [key, mark]));
    const reader: Pick<LedgerReader, 'path' | 'find' | 'knowsChange'> = {
      path: '',
      find: (key) => ({ state: 'delivered', mark: marks.get(sessionIdOf(key))!, shift: null }),
      knowsChange: () => false,
    };
    const selection = { ...SELECTION, known: new KnownSessions([reader as LedgerReader]) };
    const load = await loadOf(sessions, { ...SETTINGS, selection });
    expect(load.counts).toMatchObject({ chosen: 0, alreadyDelivered: 2 });
    expect(await keysOf(load.all())).toEqual([]);
  });

  test('at a pace goes in the order in which its sessions ended, whatever that of the input', async () => {
    const end = fc.option(fc.integer({ min: 1_700_000_000, max: 1_700_000_040 }));
    await fc.assert(
      fc.asyncProperty(fc.array(end, { maxLength: 30 }), async (ends) => {
        const pace = { speed: 1, maxGapMs: Number.POSITIVE_INFINITY };
        const load = await loadOf(endedAt(ends), { ...SETTINGS, pace });
        const time = (key: string) => ends[Number.parseInt(key.slice(-12), 16)] ?? Number.NEGATIVE_INFINITY;
        const all = (await keysOf(load.all())).flat();
        expect(all.toSorted()).toEqual(ends.map((_, i) => guid(i)).toSorted());
        expect(all.map(time)).toEqual(all.map(time).toSorted((a, b) => (a < b ? -1 : Number(a > b))));
        const known = ends.filter((each) => each !== null);
        const span = known.length === 0 ? 0 : Math.max(...known) - Math.min(...known);
        expect(load.plan.seconds).toBe(span);
        const clock = jumpingClock();
        expect((await keysOf(load.due(new AbortController().signal, clock))).flat()).toEqual(all);
        expect(clock.nowMs()).toBe(span * 1000);
      }),
      { numRuns: 50 },
    );
  });
});
