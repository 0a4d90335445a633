import { beginningHash } from './content.js';
import {
  BEGINNING_MS,
  CERTAIN,
  defineDiagnosis,
  type Evidence,
  ExampleCounter,
  enough,
  type Part,
  sessionsOf,
  shownIn,
} from './define.js';
import type { SessionFacts } from './session-facts.js';

const THRESHOLD = { sessions: 3, share: 0.01 } as const;
const SECOND_MS = 1000;

const NEAR_PAUSE_MS = 250;
const LATER_MS = 2000;
const PLACES_BESIDE_MS = [-8000, -5500, -3000, 3000, 5500, 8000] as const;
const TIMES_BESIDE = 4;
const MAX_PAUSING = 0.02;
/** Few sessions need a larger share: by chance, none of them may pause, and three may start where an earlier one stopped. */
const OF_MANY = { sessions: 6, share: 0.01 } as const;
const OF_FEW = { sessions: 3, share: 0.25 } as const;

export const sessionEndedByPause = defineDiagnosis({
  id: 'session-ended-by-pause',
  severity: 'info',
  title: 'A pause seems to end the session',
  sees: 'the session starts where another session of the clip ended (within 0.25 s), at least 2 s later, and not in the first second of the clip. That Position is not a whole number',
  threshold:
    'at least 6 sessions and at least 1 % of all sessions, or at least 3 sessions and a quarter of all sessions. There must be 4 times as many as start at six Positions 3 to 8 s away, and fewer than 2 % of all sessions may pause and continue. A listener who comes back the next day looks the same',
  mend: 'Keep the SessionId over a pause: a pause is a Stop, and a session ends when the clip ends or changes, or the app closes.',
  rules: ['session-too-short'],
  watch: () => ({ end: endedByPause }),
});

function endedByPause({ facts, overview }: Part): Evidence | null {
  if (overview.pausing >= MAX_PAUSING * overview.sessions) return null;
  const known = facts.filter((session) => session.is('known'));
  const ends = endsByClip(known);
  const resumed = known.filter(
    (session) => !session.is('startsWithStop') && session.get('firstPositionMs') > BEGINNING_MS,
  );
  const continues = (session: SessionFacts, byMs: number): boolean => {
    const fromMs = session.get('firstPositionMs') + byMs;
    const untilMs = session.get('firstMs') - LATER_MS;
    const places = ends.get(session.get('clip')) ?? [];
    for (let i = firstFrom(places, fromMs - NEAR_PAUSE_MS); i < places.length; i += 1) {
      if (places[i]!.positionMs > fromMs + NEAR_PAUSE_MS) return false;
      if (places[i]!.earliestMs <= untilMs) return true;
    }
    return false;
  };
  const shown = new ExampleCounter();
  for (const session of resumed) if (continues(session, 0)) shown.add(session.key);
  const { sessions, examples } = shown;
  const isEnough = [OF_MANY, OF_FEW].some((least) => enough(sessions, overview.sessions, least));
  if (!isEnough) return null;
  const beside = PLACES_BESIDE_MS.reduce(
    (sum, byMs) => sum + resumed.filter((session) => continues(session, byMs)).length,
    0,
  );
  if (sessions * PLACES_BESIDE_MS.length < TIMES_BESIDE * beside) return null;
  const evidence = `${sessionsOf(sessions, overview.sessions)} start where another session of the clip stopped; ${overview.pausing === 0 ? 'no' : 'almost no'} session pauses and continues.`;
  return { sessions, of: overview.sessions, evidence, examples };
}

/** A Position at which sessions of a clip ended, and when the first of them did. */
interface End {
  readonly positionMs: number;
  earliestMs: number;
}

function endsByClip(known: readonly SessionFacts[]): ReadonlyMap<number, readonly End[]> {
  const byClip = new Map<number, Map<number, End>>();
  for (const session of known) {
    const positionMs = session.get('lastPositionMs');
    if (session.is('endsOpen') || positionMs % SECOND_MS === 0) continue;
    const places = byClip.get(session.get('clip')) ?? new Map<number, End>();
    byClip.set(session.get('clip'), places);
    const end = places.get(positionMs) ?? { positionMs, earliestMs: Number.POSITIVE_INFINITY };
    end.earliestMs = Math.min(end.earliestMs, session.get('lastMs'));
    places.set(positionMs, end);
  }
  return new Map(
    [...byClip].map(([clip, places]) => [
      clip,
      [...places.values()].sort((a, b) => a.positionMs - b.positionMs),
    ]),
  );
}

/** The index of the first place that is not before a Position. */
function firstFrom(places: readonly End[], positionMs: number): number {
  let [from, to] = [0, places.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (places[middle]!.positionMs < positionMs) from = middle + 1;
    else to = middle;
  }
  return from;
}

const NEAR_BEGINNING_MS = 500;
const MOVED_MS = 1000;
const MIN_CLOCK_MS = 10_000;
const SECONDS_BESIDE = [-33, -27, -21, 21, 27, 33] as const;
const MORE_THAN_BESIDE = 2;

export const positionOfNextClip = defineDiagnosis({
  id: 'position-of-next-clip',
  severity: 'warning',
  title: 'The last Stop has the Position of the next clip',
  sees: 'the last Stop comes at least 10 s after its Start, but its Position is before the Position of that Start, or less than 1 s after it. The Position of the Stop is within 0.5 s of the Position at which another session starts in the same second or the next one. In an earlier interval of the session, Position moves',
  threshold:
    'at least 3 sessions, and at least 1 % of all sessions. There must be more than 4 times as many (plus 2) as for six other times, 21 to 33 s away',
  mend: 'Emit the last Stop before the player loads the next clip: afterwards currentTime is that of the next one.',
  rules: ['position-reversed', 'nothing-heard', 'playback-too-slow', 'session-too-short'],
  watch: () => ({ end: ofNextClip }),
});

function ofNextClip({ facts, overview }: Part): Evidence | null {
  const known = facts.filter((session) => session.is('known'));
  const beginnings = new Map<number, SessionFacts[]>();
  for (const session of known) {
    const second = Math.floor(session.get('firstMs') / SECOND_MS);
    const its = beginnings.get(second);
    if (its) its.push(session);
    else beginnings.set(second, [session]);
  }
  const begins = (session: SessionFacts, after: number): boolean => {
    const second = Math.floor(session.get('lastMs') / SECOND_MS) + after;
    return [second, second + 1].some((each) =>
      beginnings.get(each)?.some((other) => {
        const byMs = other.get('firstPositionMs') - session.get('lastPositionMs');
        return other !== session && Math.abs(byMs) < NEAR_BEGINNING_MS;
      }),
    );
  };
  const reset = known.filter(isReset);
  const shown = new ExampleCounter();
  for (const session of reset) if (begins(session, 0)) shown.add(session.key);
  const { sessions, examples } = shown;
  if (!enough(sessions, overview.sessions, THRESHOLD)) return null;
  const beside = SECONDS_BESIDE.reduce(
    (sum, after) => sum + reset.filter((session) => begins(session, after)).length,
    0,
  );
  if (sessions <= (TIMES_BESIDE * beside) / SECONDS_BESIDE.length + MORE_THAN_BESIDE) return null;
  const evidence = `${sessionsOf(sessions, overview.sessions)} have a last Stop at the Position where another session starts in the same second.`;
  return { sessions, of: overview.sessions, evidence, examples };
}

/** Whether the last Stop of a session is less than 1 s of audio after its Start, although time has passed. */
function isReset(session: SessionFacts): boolean {
  if (session.is('endsOpen') || session.is('stillBefore')) return false;
  if (session.get('lastPositionMs') - session.get('lastStartPositionMs') >= MOVED_MS) return false;
  return session.get('lastMs') - session.get('lastStartMs') >= MIN_CLOCK_MS;
}

export const stopInNextSession = defineDiagnosis({
  id: 'stop-in-next-session',
  severity: 'warning',
  title: 'The last Stop of a session is in the next one',
  sees: 'the session ends with a Start (`session-open`), and the next session that starts with a Stop continues the SeqNumbers of the session',
  threshold: 'at least 3 sessions, and at least 1 % of all sessions',
  mend: 'Emit the last Stop, and send the session, before making a new SessionId.',
  rules: ['session-open', 'stop-without-start', 'seq-start'],
  watch: () => ({ end: stopInNext }),
});

function stopInNext({ facts, overview }: Part): Evidence | null {
  const known = facts.filter((session) => session.is('known'));
  const next = new Map<number, SessionFacts[]>();
  for (const session of known.toSorted((a, b) => a.get('firstMs') - b.get('firstMs'))) {
    if (!session.is('startsWithStop') || session.get('lowest') === 1) continue;
    const lowest = session.get('lowest');
    const its = next.get(lowest);
    if (its) its.push(session);
    else next.set(lowest, [session]);
  }
  const shown = new ExampleCounter();
  for (const session of known) {
    if (!session.is('endsOpen')) continue;
    const following = next.get(session.get('highest') + 1);
    const at =
      following?.findIndex((other) => other !== session && other.get('firstMs') >= session.get('lastMs')) ??
      -1;
    if (at < 0) continue;
    following!.splice(at, 1);
    shown.add(session.key);
  }
  const { sessions, examples } = shown;
  if (!enough(sessions, overview.sessions, THRESHOLD)) return null;
  const evidence = `${sessionsOf(sessions, overview.sessions)} end with a Start, and the next session holds the Stop with the next SeqNumber.`;
  return { sessions, of: overview.sessions, evidence, examples };
}

const MAX_REMEMBERED = 10_000;

export const listenerLeftOn = defineDiagnosis({
  id: 'listener-left-on',
  severity: 'warning',
  title: 'An event listener of an ended session still records',
  sees: 'a Stop that an earlier session of the same player also has (`event-leaked`, in HAR captures). Not reported if an earlier session starts with the same event, because that could be the same play',
  threshold: 'at least 2 sessions, and at least 1 % of all sessions',
  mend: 'Remove a session’s listeners (pause, ended, pagehide) when it ends, before adding those of the next; an AbortController for each session removes them at once.',
  rules: ['event-leaked'],
  watch() {
    // Hashes of the beginnings of the newest sessions. Created only on demand, because most inputs hold no requests.
    let beginnings: Float64Array | undefined;
    let noted = 0;
    return {
      look(seen) {
        const { session, fired, listening } = seen;
        if (!listening || session.request === null) return false;
        const beginning = beginningHash(listening, seen.clipHash);
        beginnings ??= new Float64Array(MAX_REMEMBERED).fill(-1);
        const shows = fired.has('event-leaked') && !beginnings.includes(beginning);
        beginnings[noted % MAX_REMEMBERED] = beginning;
        noted += 1;
        return shows;
      },
      end: (part) =>
        shownIn(part, part.overview.sessions, CERTAIN, {
          show: 'hold a Stop that an earlier session also has, at the same second and the same thousandth of a second of audio',
        }),
    };
  },
});
