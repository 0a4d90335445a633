import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { RuleId, Severity } from '../../src/domain/finding.js';
import { readInputs } from '../../src/read/read.js';
import { KnownSessions } from '../../src/send/ledger/known-sessions.js';
import type { LedgerReader } from '../../src/send/ledger/rows.js';
import { sessionIdOf } from '../../src/send/ledger/schema.js';
import { type PrepareOptions, prepare } from '../../src/send/prepare.js';
import { NO_REWRITING } from '../../src/send/rewriting.js';
import { firstLookAt, NOT_MOVED, noCounts, select } from '../../src/send/selection.js';
import { INSPECT_DEFAULTS } from '../../src/validate/options.js';
import { guid, heard, heardEvents } from '../write/sessions.js';

const FIXTURES = 'fixtures';
const OMNY = 'traffic.omny.fm';

async function prepared(file: string, options: Partial<PrepareOptions> = {}) {
  const settings = { ...INSPECT_DEFAULTS, now: 1767225600, ...options };
  const { sessions, invalidSessions, captured, errors, transportErrors } = await prepare(
    readInputs([`${FIXTURES}/${file}`]),
    settings,
  );
  return {
    sessions: [...sessions].length,
    invalidSessions,
    alreadyDelivered: captured,
    errors: errors.map(({ rule }) => rule),
    transportErrors,
  };
}

const SOUND = { invalidSessions: 0, alreadyDelivered: 0, errors: [], transportErrors: 0 };
const asError = (rule: RuleId) => ({ severities: new Map<RuleId, Severity>([[rule, 'error']]) });

describe('of a capture, send', () => {
  it.each([
    ['har/string-beacon.har', {}, 1, 1],
    ['rules/organization-parameter/reject-no-guid.har', {}, 2, 2],
    ['rules/sent-after-disabled/reject-each-request.har', {}, 3, 0],
    ['rules/sent-after-disabled/reject-each-request.har', asError('sent-after-disabled'), 3, 2],
  ])('takes %s, however its requests were sent', async (file, options, sessions, transportErrors) => {
    expect(await prepared(file, options)).toEqual({ ...SOUND, sessions, transportErrors });
  });

  it('refuses what is wrong with the sessions', async () => {
    expect(await prepared('rules/event-leaked/reject-in-one-request.har', asError('event-leaked'))).toEqual({
      ...SOUND,
      sessions: 1,
      invalidSessions: 1,
      errors: ['event-leaked'],
    });
  });

  it('leaves out what the same host has answered with Enabled: true', async () => {
    const file = 'rules/session-sent-again/reject-retried-and-again.har';
    expect(await prepared(file, { host: OMNY })).toEqual({ ...SOUND, sessions: 0, alreadyDelivered: 1 });
    expect(await prepared(file, { host: '127.0.0.1:8787' })).toEqual({ ...SOUND, sessions: 1 });
    expect(await prepared(file)).toEqual({ ...SOUND, sessions: 1 });
  });

  it.each([
    ['a retry was', 'accept-retry-after-503', 0, 1],
    ['an error said so', 'accept-enabled-in-an-error', 0, 1],
    ['Enabled was false', 'accept-answered-false', 0, 1],
    ['it was so in base64', 'reject-answer-in-base64', 0, 1],
  ])('looks at all requests of a session: %s', async (_, name, sessions, alreadyDelivered) => {
    const found = await prepared(`rules/session-sent-again/${name}.har`, { host: OMNY });
    expect(found).toMatchObject({ sessions, alreadyDelivered });
  });

  it('leaves to the rules a session that is broken, delivered or not', async () => {
    const file = 'rules/organization-mismatch/reject-other-than-the-url.har';
    const found = await prepared(file, { host: OMNY, ...asError('organization-mismatch') });
    expect(found).toMatchObject({ sessions: 0, invalidSessions: 1, alreadyDelivered: 1 });
  });
});

describe('shards', () => {
  const now = 1_767_225_600;

  test('together are everything, once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.nat(40), async (count, size) => {
        const numbers = Array.from({ length: size }, (_, number) => number);
        const lines = numbers.flatMap((number) => heardEvents(number).map((event) => JSON.stringify(event)));
        const keys: string[] = [];
        for (let index = 1; index <= count; index += 1) {
          const source = { name: 'all.ndjson', bytes: bytesOf(lines.join('\n')) };
          const options = { ...INSPECT_DEFAULTS, now, shard: { index, count } };
          const { sessions, otherShard } = await prepare(readInputs([source]), options);
          const mine = [...sessions].map(({ key }) => key);
          expect(mine.length + otherShard).toBe(size);
          keys.push(...mine);
        }
        expect(keys.toSorted()).toEqual(numbers.map(guid).toSorted());
      }),
      { numRuns: 20 },
    );
  });

  test('count what is broken, and what was delivered, in their own part only', async () => {
    const file = `${FIXTURES}/rules/session-sent-again/reject-retried-and-again.har`;
    const options = { ...INSPECT_DEFAULTS, now, host: OMNY };
    const parts = await Promise.all(
      [1, 2].map((index) => prepare(readInputs([file]), { ...options, shard: { index, count: 2 } })),
    );
    expect(new Set(parts.map(({ captured, otherShard }) => `${captured} ${otherShard}`))).toEqual(
      new Set(['1 0', '0 1']),
    );
  });
});

describe('a first look at ledgers', () => {
  const forms = ['bare', 'broken', 'body', 'split', 'resent'] as const;
  const states = [undefined, 'delivered', 'changed', 'ambiguous', 'refused'] as const;
  const drawn = fc.record({ form: fc.constantFrom(...forms), state: fc.constantFrom(...states) });

  /** The lines of session `number` in a form. */
  function linesOf(number: number, form: (typeof forms)[number]): string[] {
    const events = heardEvents(number);
    const body = (some: readonly object[]) =>
      JSON.stringify({ Source: 'Custom', Completed: true, Events: some });
    if (form === 'body') return [body(events)];
    if (form === 'split') return [body(events), body(events.map((event) => ({ ...event, Position: 90 })))];
    if (form === 'resent') return [body(events), body(events)];
    const lines = events.map((event) => JSON.stringify(event));
    // A line that cannot be read, and shows whose it is.
    return form === 'broken' ? [...lines, lines[0]!.replace(/"SeqNumber":1/, '"SeqNumber":oops')] : lines;
  }

  async function counted(lines: readonly string[], known: KnownSessions, look: boolean) {
    const source = { name: 'all.ndjson', bytes: bytesOf(lines.join('\n')) };
    const firstLook = look ? firstLookAt(known, NO_REWRITING) : undefined;
    const found = await prepare(readInputs([source]), { ...INSPECT_DEFAULTS, now: 1_767_225_600, firstLook });
    const counts = noCounts(found.alreadyDelivered);
    const settings = {
      rewriting: NO_REWRITING,
      moved: NOT_MOVED,
      known,
      onAmbiguous: 'hold',
      retryRefused: false,
      limit: Number.POSITIVE_INFINITY,
    } as const;
    const sent = [...select(found.sessions, settings, counts)].map(({ key }) => key);
    const invalid = [...found.invalid].map(({ key }) => key);
    found.close();
    return { sent, counts, invalid, invalidSessions: found.invalidSessions };
  }

  test('changes no count, whatever the sessions come in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(drawn, { maxLength: 12 }), async (all) => {
        const entries = new Map(
          all.flatMap(({ state }, number) => {
            if (state === undefined) return [];
            const seconds = state === 'changed' ? 31 : 30;
            const entry = { state: state === 'changed' ? 'delivered' : state, shift: null } as const;
            return [[guid(number), { ...entry, mark: heard(number, { seconds }).mark }] as const];
          }),
        );
        const reader = {
          path: 'a.ledger',
          find: (key: Uint8Array) => entries.get(sessionIdOf(key)) ?? null,
          look(key: Uint8Array, mark: Uint8Array) {
            const entry = entries.get(sessionIdOf(key));
            if (entry === undefined) return 'unknown';
            return entry.state === 'delivered' && mark.every((byte, i) => byte === entry.mark[i])
              ? 'delivered'
              : 'other';
          },
          knowsChange: () => false,
        };
        const known = new KnownSessions([reader as unknown as LedgerReader]);
        const lines = all.flatMap(({ form }, number) => linesOf(number, form));
        expect(await counted(lines, known, true)).toEqual(await counted(lines, known, false));
      }),
    );
  });

  test('asks of each session once, and keeps none that is delivered', async () => {
    const lines = [0, 1, 2].flatMap((number) => linesOf(number, 'bare'));
    const source = { name: 'all.ndjson', bytes: bytesOf(lines.join('\n')) };
    const asked: string[] = [];
    const found = await prepare(readInputs([source]), {
      ...INSPECT_DEFAULTS,
      now: 1_767_225_600,
      firstLook({ keyBytes, mark }) {
        asked.push(sessionIdOf(keyBytes));
        expect(mark).toEqual(heard(asked.length - 1).mark);
        return (['delivered', 'unknown', 'other'] as const)[asked.length - 1]!;
      },
    });
    expect(asked).toEqual([0, 1, 2].map(guid));
    expect(found.alreadyDelivered).toBe(1);
    expect([...found.sessions].map(({ key, isUnknown }) => [key, isUnknown])).toEqual([
      [guid(1), true],
      [guid(2), false],
    ]);
  });
});

test('what is waited for between ends the work by what it throws', async () => {
  const options = { ...INSPECT_DEFAULTS, now: 1_767_225_600 };
  const between = () => Promise.reject(new Error('stopped'));
  const records = readInputs([`${FIXTURES}/document/curl-body.json`]);
  await expect(prepare(records, { ...options, between })).rejects.toThrow('stopped');
});

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
