import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sessionMark } from '../../src/send/journal/session-mark.js';
import { SessionStates } from '../../src/send/journal/session-states.js';
import { batchesDue, lastTimestamp, schedule, scheduledSeconds } from '../../src/send/paced.js';
import { newSessionId, rewritten } from '../../src/send/rewrite.js';
import { noCounts, type SelectionSettings, select } from '../../src/send/selection.js';
import { isInShard } from '../../src/send/shard.js';
import type { WritableSession } from '../../src/write/writable.js';
import { guid, heard, manyHeard, ORGANIZATIONS } from '../write/sessions.js';
import { jumpingClock } from './clocks.js';

const NOTHING = { newSessionIds: false, setOrganization: undefined, setClip: undefined };
const ALL: SelectionSettings = {
  shard: { index: 1, count: 1 },
  rewriting: NOTHING,
  defaultSource: 'Custom',
  states: null,
  onAmbiguous: 'hold',
  limit: Number.POSITIVE_INFINITY,
};

async function chosen(sessions: readonly WritableSession[], settings: Partial<SelectionSettings>) {
  const counts = noCounts();
  const keys: string[] = [];
  for await (const { key } of select(sessions, { ...ALL, ...settings }, counts)) keys.push(key);
  return { keys, counts };
}

describe('what is sent', () => {
  const sessions = manyHeard(10);
  const states = new SessionStates();
  const known = ['delivered', 'ambiguous', 'refused', 'unsent'] as const;
  for (const [i, state] of known.entries()) states.set(sessionMark(sessions[i]!, 'Custom'), state);

  test('is what a journal does not know to be done', async () => {
    const held = await chosen(sessions, { states });
    expect(held.counts).toMatchObject({ chosen: 7, alreadyDelivered: 1, held: 1, refused: 1, inDoubt: 0 });
    const resent = await chosen(sessions, { states, onAmbiguous: 'resend' });
    expect(resent.counts).toMatchObject({ chosen: 8, inDoubt: 1, held: 0 });
  });

  test('with another content is another session', async () => {
    expect((await chosen([heard(0, { seconds: 31 })], { states })).counts.alreadyDelivered).toBe(0);
    expect((await chosen([heard(0, { source: 'CustomWeb' })], { states })).counts.alreadyDelivered).toBe(0);
    expect((await chosen([heard(0)], { states })).counts.alreadyDelivered).toBe(1);
  });

  test('is limited to the first that are not delivered', async () => {
    const { keys, counts } = await chosen(sessions, { states, limit: 2 });
    expect(keys).toEqual([sessions[3]!.key, sessions[4]!.key]);
    expect(counts.beyondLimit).toBe(5);
  });

  test('of all shards together is everything, once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.nat(60), async (count, size) => {
        const all = manyHeard(size);
        const parts = await Promise.all(
          Array.from({ length: count }, (_, i) => chosen(all, { shard: { index: i + 1, count } })),
        );
        expect(parts.flatMap(({ keys }) => keys).toSorted()).toEqual(all.map(({ key }) => key).toSorted());
        for (const { keys, counts } of parts) expect(keys.length + counts.otherShard).toBe(size);
      }),
      { numRuns: 30 },
    );
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
    const changed = rewritten(session, {
      newSessionIds: true,
      setOrganization: ORGANIZATIONS[1],
      setClip: guid(9),
    });
    expect(changed.key).toBe(newSessionId(session.key));
    expect(changed.events.map(({ sound }) => sound)).toEqual(
      session.events.map(({ sound }) => ({
        ...sound,
        sessionId: changed.key,
        organizationId: ORGANIZATIONS[1],
        clipId: guid(9),
      })),
    );
    expect(rewritten(session, NOTHING)).toBe(session);
  });
});

describe('the pace', () => {
  const ended = (seconds: number, number: number): WritableSession => heard(number, { seconds });
  const sessions = [ended(700, 1), ended(100, 2), ended(100.5, 3), ended(160, 4)];

  test('is that at which sessions ended, in their order', () => {
    const due = schedule(sessions, { speed: 10, maxGapMs: Number.POSITIVE_INFINITY });
    expect(due.map(({ atMs, sessions: some }) => [atMs, some.map(({ key }) => key)])).toEqual([
      [0, [guid(2), guid(3)]],
      [6000, [guid(4)]],
      [60_000, [guid(1)]],
    ]);
    expect(scheduledSeconds(due)).toBe(60);
    expect(lastTimestamp(sessions[0]!) - lastTimestamp(sessions[1]!)).toBe(600);
  });

  test('cuts long gaps', () => {
    expect(scheduledSeconds(schedule(sessions, { speed: 1, maxGapMs: 5000 }))).toBe(11);
  });

  test('is waited for', async () => {
    const clock = jumpingClock();
    const due = schedule(sessions, { speed: 10, maxGapMs: Number.POSITIVE_INFINITY });
    const at: number[] = [];
    const settings = { maxSessions: 50, maxBytes: 65_536, defaultSource: 'Custom' };
    for await (const _ of batchesDue(due, settings, { clock, signal: new AbortController().signal }))
      at.push(clock.now());
    expect(at).toEqual([0, 6000, 60_000]);
  });
});
