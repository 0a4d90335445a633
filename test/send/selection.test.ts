import { describe, expect, test } from 'vitest';
import { sessionMark } from '../../src/send/journal/session-mark.js';
import { SessionStates } from '../../src/send/journal/session-states.js';
import { batchesDue, schedule, scheduledSeconds } from '../../src/send/plan.js';
import {
  NO_REWRITING,
  newSessionId,
  noCounts,
  PendingSession,
  rewritten,
  type SelectionSettings,
  select,
} from '../../src/send/selection.js';
import { isInShard } from '../../src/send/shard.js';
import type { EncodedSession } from '../../src/write/encoded-session.js';
import { encoded, eventsIn, guid, heard, manyHeard, ORGANIZATIONS, sessionOf } from '../write/sessions.js';
import { jumpingClock } from './clocks.js';

const ALL: SelectionSettings = {
  rewriting: NO_REWRITING,
  defaultSource: 'Custom',
  states: null,
  onAmbiguous: 'hold',
  limit: Number.POSITIVE_INFINITY,
};

function chosen(sessions: readonly EncodedSession[], settings: Partial<SelectionSettings>) {
  const counts = noCounts();
  const keys: string[] = [];
  for (const { key } of select(sessions, { ...ALL, ...settings }, counts)) keys.push(key);
  return { keys, counts };
}

describe('what is sent', () => {
  const sessions = manyHeard(10);
  const states = new SessionStates();
  const known = ['delivered', 'ambiguous', 'refused', 'unsent'] as const;
  for (const [i, state] of known.entries()) states.set(sessionMark(sessions[i]!, 'Custom'), state);

  test('is what a journal does not know to be done', async () => {
    const held = chosen(sessions, { states });
    expect(held.counts).toMatchObject({ chosen: 7, alreadyDelivered: 1, held: 1, refused: 1, inDoubt: 0 });
    const resent = chosen(sessions, { states, onAmbiguous: 'resend' });
    expect(resent.counts).toMatchObject({ chosen: 8, inDoubt: 1, held: 0 });
  });

  test('with another content is another session', async () => {
    expect(chosen([heard(0, { seconds: 31 })], { states }).counts.alreadyDelivered).toBe(0);
    expect(chosen([heard(0, { source: 'CustomWeb' })], { states }).counts.alreadyDelivered).toBe(0);
    expect(chosen([heard(0)], { states }).counts.alreadyDelivered).toBe(1);
  });

  test('is limited to the first that are not delivered', async () => {
    const { keys, counts } = chosen(sessions, { states, limit: 2 });
    expect(keys).toEqual([sessions[3]!.key, sessions[4]!.key]);
    expect(counts.beyondLimit).toBe(5);
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
      at.push(clock.now());
    expect(at).toEqual([0, 6000, 60_000]);
  });
});
