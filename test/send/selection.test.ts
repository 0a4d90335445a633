import { describe, expect, test } from 'vitest';
import { KnownSessions } from '../../src/send/ledger/known-sessions.js';
import type { LedgerEntry, LedgerReader } from '../../src/send/ledger/rows.js';
import { type LedgerState, sessionIdOf } from '../../src/send/ledger/schema.js';
import { batchesDue, schedule, scheduledSeconds } from '../../src/send/plan.js';
import { NO_REWRITING, newSessionId, rewritten, rewrittenMark } from '../../src/send/rewriting.js';
import {
  NOT_MOVED,
  newlyChanged,
  noCounts,
  PendingSession,
  type SelectionSettings,
  select,
} from '../../src/send/selection.js';
import type { SendableSession } from '../../src/send/sendable-sessions.js';
import { isInShard } from '../../src/send/shard.js';
import type { EncodedSession } from '../../src/write/encoded-session.js';
import { encoded, eventsIn, guid, heard, manyHeard, ORGANIZATIONS, sessionOf } from '../write/sessions.js';
import { jumpingClock } from './clocks.js';

const ALL: SelectionSettings = {
  rewriting: NO_REWRITING,
  moved: NOT_MOVED,
  known: null,
  onAmbiguous: 'hold',
  retryRefused: false,
  limit: Number.POSITIVE_INFINITY,
};

function chosen(sessions: readonly SendableSession[], settings: Partial<SelectionSettings>) {
  const counts = noCounts();
  const keys: string[] = [];
  for (const { key } of select(sessions, { ...ALL, ...settings }, counts)) keys.push(key);
  return { keys, counts };
}

/** What a ledger would know of sessions, by their SessionIds. */
function knowing(entries: ReadonlyMap<string, LedgerEntry>, changes: readonly string[] = []): KnownSessions {
  const reader: Pick<LedgerReader, 'path' | 'find' | 'knowsChange'> = {
    path: 'a.ledger',
    find: (key) => entries.get(sessionIdOf(key)) ?? null,
    knowsChange: (key) => changes.includes(sessionIdOf(key)),
  };
  return new KnownSessions([reader as LedgerReader]);
}

function entryOf(session: SendableSession, state: LedgerState, shift: number | null = null): LedgerEntry {
  return { state, mark: session.mark, shift };
}

describe('what is sent', () => {
  const sessions = manyHeard(10);
  const states = ['delivered', 'ambiguous', 'refused', 'unsent', 'in-flight'] as const;
  const entries = new Map(states.map((state, i) => [sessions[i]!.key, entryOf(sessions[i]!, state)]));
  const known = knowing(entries);

  test('is what a ledger does not know to be done', () => {
    const held = chosen(sessions, { known });
    expect(held.counts).toMatchObject({ chosen: 6, alreadyDelivered: 1, held: 2, refused: 1, inDoubt: 0 });
    expect([...held.counts.heldIn]).toEqual(['a.ledger']);
    const resent = chosen(sessions, { known, onAmbiguous: 'resend' });
    expect(resent.counts).toMatchObject({ chosen: 8, inDoubt: 2, held: 0 });
    expect(chosen(sessions, { known, retryRefused: true }).counts).toMatchObject({ chosen: 7, refused: 0 });
  });

  test('is never what was delivered with other events, which is told once', () => {
    const changed = [heard(0, { seconds: 31 })];
    expect(chosen(changed, { known }).counts).toMatchObject({ changed: 1, newlyChanged: 1, chosen: 0 });
    expect([...newlyChanged(changed, { ...ALL, known })].map(({ key }) => key)).toEqual([guid(0)]);
    const told = knowing(entries, [guid(0)]);
    expect(chosen(changed, { known: told }).counts).toMatchObject({ changed: 1, newlyChanged: 0 });
    expect([...newlyChanged(changed, { ...ALL, known: told })]).toEqual([]);
    const otherSource = [heard(0, { source: 'CustomWeb' })];
    expect(chosen(otherSource, { known }).counts.alreadyDelivered).toBe(1);
  });

  test('is what was refused and fixed since', () => {
    const fixed = [heard(2, { seconds: 31 })];
    expect(chosen(fixed, { known }).counts).toMatchObject({ chosen: 1, refused: 0 });
  });

  test('is known by the SessionId that it is sent with', () => {
    const rewriting = { ...NO_REWRITING, newSessionIds: true };
    const sent = newSessionId(guid(0));
    const mark = rewrittenMark(sessions[0]!.mark, rewriting);
    const once = knowing(new Map([[sent, { state: 'delivered', mark, shift: null }]]));
    expect(chosen(sessions, { known: once, rewriting }).counts).toMatchObject({
      alreadyDelivered: 1,
      chosen: 9,
    });
  });

  test('keeps the shift that it was first given', () => {
    const moved = { by: 10_000, kept: true };
    const before = knowing(new Map([[sessions[0]!.key, entryOf(sessions[0]!, 'unsent', 4000)]]));
    const [first, second] = [...select(sessions, { ...ALL, known: before, moved })];
    const times = (session: EncodedSession) => eventsIn(session).map(({ Timestamp }) => Number(Timestamp));
    expect([first!.shift, second!.shift]).toEqual([4000, 10_000]);
    expect(times(first!)).toEqual(times(sessions[0]!).map((time) => time - 6));
    expect(times(second!)).toEqual(times(sessions[1]!));
  });

  test('is limited to the first that are not delivered', () => {
    const { keys, counts } = chosen(sessions, { known, limit: 2 });
    expect(keys).toEqual([sessions[3]!.key, sessions[5]!.key]);
    expect(counts.beyondLimit).toBe(4);
  });

  test('falls evenly on shards', () => {
    const mine = Array.from({ length: 4000 }, (_, i) => guid(i)).filter((key) =>
      isInShard(key, { index: 2, count: 4 }),
    );
    expect(mine.length).toBeGreaterThan(900);
    expect(mine.length).toBeLessThan(1100);
  });
});

describe('rewriting', () => {
  test('gives new ids, the same for the same ones, in either case', () => {
    expect(newSessionId(guid(1))).toBe(newSessionId(guid(1).toUpperCase()));
    expect(newSessionId(guid(1))).not.toBe(newSessionId(guid(2)));
    expect(newSessionId(guid(1))).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  test('keeps simulated sessions marked', () => {
    expect(newSessionId('5eed01af-0000-8abc-8000-000000000001')).toMatch(
      /^5eed[0-9a-f]{4}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab]/,
    );
  });

  test('changes every event, and nothing else', () => {
    const session = heard(1);
    const ids = { OrganizationId: ORGANIZATIONS[1], ClipId: guid(9) };
    const changed = rewritten(session, {
      newSessionIds: true,
      setOrganization: ids.OrganizationId,
      setClip: ids.ClipId,
    });
    const SessionId = newSessionId(session.key);
    expect(changed).toMatchObject({
      key: SessionId,
      organizationId: ids.OrganizationId,
      count: session.count,
    });
    expect(eventsIn(changed)).toEqual(eventsIn(session).map((event) => ({ ...event, ...ids, SessionId })));
    expect(rewritten(session, NO_REWRITING)).toBe(session);
  });

  test('of a broken event changes what it has, and adds nothing', () => {
    const events = [{ SessionId: guid(1), Position: '4' }, { Position: Number.POSITIVE_INFINITY }];
    const session = encoded(sessionOf(events));
    const changed = rewritten(session, { ...NO_REWRITING, newSessionIds: true });
    expect(changed.json.toString()).toBe(
      `{"SessionId":"${newSessionId(guid(1))}","Position":"4"},{"Position":1e999}`,
    );
  });
});

describe('the pace', () => {
  const sessions = [100, 100.5, 160, 700].map(
    (seconds, number) => new PendingSession(heard(number, { seconds })),
  );
  const endOf = ({ endedAt }: PendingSession) => endedAt;
  const at10x = { speed: 10, maxGapMs: Number.POSITIVE_INFINITY };

  test('is that at which sessions ended', () => {
    const due = [...schedule(sessions, endOf, at10x)];
    expect(due.map(({ atMs, sessions: some }) => [atMs, some.map(({ key }) => key)])).toEqual([
      [0, [guid(0), guid(1)]],
      [6000, [guid(2)]],
      [60_000, [guid(3)]],
    ]);
    expect(scheduledSeconds(due)).toBe(60);
  });

  test('cuts long gaps', () => {
    expect(scheduledSeconds(schedule(sessions, endOf, { speed: 1, maxGapMs: 5000 }))).toBe(11);
  });

  test('does not wait for a session whose end is not known', () => {
    const ends = [null, 100, null, 101, 131];
    const due = schedule(ends, (end) => end, { speed: 1, maxGapMs: Number.POSITIVE_INFINITY });
    expect([...due].map(({ atMs, sessions: some }) => [atMs, some])).toEqual([
      [0, [null, 100, null]],
      [1000, [101]],
      [31_000, [131]],
    ]);
  });

  test('is waited for', async () => {
    const clock = jumpingClock();
    const due = schedule(sessions, endOf, at10x);
    const at: number[] = [];
    const settings = { maxSessions: 50, maxBytes: 65_536, defaultSource: 'Custom' };
    for await (const _ of batchesDue(due, settings, { clock, signal: new AbortController().signal }))
      at.push(clock.nowMs());
    expect(at).toEqual([0, 6000, 60_000]);
  });
});
