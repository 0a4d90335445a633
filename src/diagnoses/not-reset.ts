import { EVENT_FLAG, ID_WORDS } from '../domain/event-batch.js';
import { sameGuid, wideHash } from '../domain/guid.js';
import { toMs } from '../domain/listening.js';
import type { Session } from '../domain/session.js';
import {
  BEGINNING_MS,
  defineDiagnosis,
  type Evidence,
  ExampleCounter,
  type Part,
  type SeenSession,
  sessionsOf,
  shownIn,
  UNDERWAY_MS,
} from './define.js';
import type { SessionFacts } from './session-facts.js';

const MIN_CONTINUED = 3;
const CONTINUED_SHARE = 0.05;
/** There must be this many times as many sessions as chance explains, and this many standard deviations more. */
const TIMES_CHANCE = 1.5;
const DEVIATIONS = 4.2;
const TOLERANCE_MS = 1000;

export const counterNotReset = defineDiagnosis({
  id: 'counter-not-reset',
  severity: 'warning',
  title: 'SeqNumber continues from one session to the next',
  sees: 'the lowest SeqNumber is not 1 (`seq-start`), the first event is a Start, and the highest SeqNumber of the session that ended most recently before it is one lower, or the same',
  threshold:
    'at least 3 sessions, and at least 5 % of the sessions whose lowest SeqNumber is above 1. There must also be 1.5 times as many as chance explains, and 4.2 standard deviations more. The two kinds of evidence (one lower, or the same) are counted separately, and one of them is enough',
  mend: 'Set the counter to 0 where the SessionId is made, so that the first event of each session has SeqNumber 1.',
  rules: ['seq-start'],
  watch: () => ({
    end(part) {
      return continued(part, 1, 'continue') ?? continued(part, 0, 'start with the SeqNumber');
    },
  }),
});

/**
 * The sessions whose lowest SeqNumber is `step` higher than the last number of the session before them; null if chance can
 * explain how many there are.
 */
function continued({ facts }: Part, step: 0 | 1, words: string): Evidence | null {
  const known = facts.filter((session) => session.is('known'));
  const late = known
    .filter((session) => session.get('lowest') !== 1 && !session.is('startsWithStop'))
    .sort((a, b) => a.get('firstMs') - b.get('firstMs'));
  const endsOn = new Map<number, number>();
  for (const session of known)
    endsOn.set(session.get('highest'), (endsOn.get(session.get('highest')) ?? 0) + 1);
  const shown = new ExampleCounter();
  let [expected, variance, before] = [0, 0, 0];
  for (const session of late) {
    const from = session.get('lowest') - step;
    const others = (endsOn.get(from) ?? 0) - (session.get('highest') === from ? 1 : 0);
    const chance = others / Math.max(1, known.length - 1);
    expected += chance;
    variance += chance * (1 - chance);
    while (before < known.length && known[before]!.get('lastMs') <= session.get('firstMs') + TOLERANCE_MS)
      before += 1;
    if (lastBut(known, before, session)?.get('highest') === from) shown.add(session.key);
  }
  const { sessions, examples } = shown;
  if (sessions < Math.max(MIN_CONTINUED, CONTINUED_SHARE * late.length, TIMES_CHANCE * expected)) return null;
  if (sessions < expected + DEVIATIONS * Math.sqrt(variance)) return null;
  const evidence = `${sessionsOf(sessions, late.length, 'that do not start at SeqNumber 1')} ${words} where the session before ended.`;
  return { sessions, of: late.length, evidence, examples };
}

/** The last of the first `count` sessions, without this one. `sessions` are in the order in which they ended. */
function lastBut(
  sessions: readonly SessionFacts[],
  count: number,
  session: SessionFacts,
): SessionFacts | undefined {
  const last = sessions[count - 1];
  return last === session ? sessions[count - 2] : last;
}

const MIN_KEPT = { sessions: 3, share: 0.01 } as const;

export const sessionIdKept = defineDiagnosis({
  id: 'session-id-kept',
  severity: 'info',
  title: 'A SessionId is kept for more than one play',
  sees: 'one of these: the ClipId changes from a Stop to a Start; a Start in the first second of the clip comes at least an hour after a Stop at the farthest Position; a Start in the first second has SeqNumber 1 again; a second request, sent after the last Timestamp of the first, begins with a Start in the first second or with another clip. Before a Start in the first second, at least 30 s of the clip must have been played or skipped',
  threshold: 'at least 3 sessions, and at least 1 % of all sessions',
  mend: 'Make a new SessionId for every play: when the clip changes, and when it is played again after its end. That a replay is another session is inferred from the document’s “single continuous play”.',
  rules: ['clip-changed', 'seq-duplicate', 'session-split'],
  watch() {
    const part = new RequestPart();
    const firstPart = new RequestPart();
    // Created only on demand, because most inputs hold no requests.
    let first: FirstParts | undefined;
    return {
      look(seen) {
        const { session } = seen;
        const kept = isKept(seen);
        if (session.request === null) return kept;
        first ??= new FirstParts();
        part.read(session);
        first.add(session.ids, ID_WORDS.session, part, kept);
        return kept;
      },
      lookAtSplit({ session }) {
        if (!first) return false;
        const place = first.find(session.ids, ID_WORDS.session);
        if (place < 0) return false;
        first.readTo(firstPart, place);
        part.read(session);
        if (!isAnotherPlay(part, firstPart) && !isAnotherPlay(firstPart, part)) return false;
        first.markShown(place);
        return true;
      },
      end: (of) =>
        shownIn(of, of.overview.sessions, MIN_KEPT, {
          show: 'continue with another clip, or with the same clip again after its end',
        }),
    };
  },
});

/** Whether a session alone shows that it continues with another play. */
export function isKept({
  session,
  fired,
  profile,
}: Pick<SeenSession, 'session' | 'fired' | 'profile'>): boolean {
  if (profile?.playedAgain) return true;
  if (!session.valid) return false;
  if (fired.has('clip-changed')) return changesBetweenPlays(session);
  return fired.has('seq-duplicate') && restartsCount(session);
}

/** Whether every change of clip, in order of time, is between a Stop and a Start. */
function changesBetweenPlays(session: Session): boolean {
  return inTime(session).every((i, n, order) => {
    const before = order[n - 1];
    if (before === undefined || session.hasSameId(before, i, 'clip')) return true;
    return session.isStop(before) && !session.isStop(i);
  });
}

/**
 * Whether SeqNumber 1 appears twice, each time with a Start at the beginning, and in between there is a Stop 30 s or more into
 * the clip.
 */
function restartsCount(session: Session): boolean {
  const { seqNumbers, positions, timestamps } = session;
  const order = inTime(session);
  const starts = order.filter(
    (i) => seqNumbers[i] === 1 && !session.isStop(i) && isAtBeginning(positions[i]!),
  );
  const [one, other] = [starts[0], starts.at(-1)];
  if (one === undefined || other === undefined) return false;
  return order.some(
    (i) =>
      session.isStop(i) &&
      toMs(positions[i]!) >= UNDERWAY_MS &&
      timestamps[i]! > timestamps[one]! &&
      timestamps[i]! <= timestamps[other]!,
  );
}

/** The indexes of a session's events in order of Timestamp. */
function inTime({ count, timestamps }: Session): number[] {
  return Array.from({ length: count }, (_, i) => i).sort((a, b) => timestamps[a]! - timestamps[b]!);
}

function isAtBeginning(position: number): boolean {
  return toMs(position) <= BEGINNING_MS;
}

/** Whether a part belongs to another play that follows the one of the earlier part. */
function isAnotherPlay(later: RequestPart, earlier: RequestPart): boolean {
  if (!later.beginsWithStart || later.first <= earlier.last || earlier.last === 0) return false;
  if (later.beginsAtBeginning && earlier.underway) return true;
  return earlier.hasClip && !(later.hasClip && sameGuid(later.clip, 0, earlier.clip, 0));
}

/** What must be known of a request's part of a session to distinguish plays. The object is reused. */
class RequestPart {
  /** Whether its first event has a well-formed ClipId, and that ClipId as four words. */
  hasClip = false;
  readonly clip = new Uint32Array(4);
  /** The earliest and the latest Timestamp of its valid events, in unix seconds. */
  first = 0;
  last = 0;
  beginsWithStart = false;
  beginsAtBeginning = false;
  /** Whether some Position is 30 s or more into the clip. */
  underway = false;

  read({ count, ids, flags, positions, timestamps }: Session): void {
    this.hasClip = (flags[0]! & EVENT_FLAG.noClip) === 0;
    for (let word = 0; word < 4; word += 1) this.clip[word] = ids[ID_WORDS.clip + word]!;
    this.beginsWithStart = (flags[0]! & (EVENT_FLAG.stop | EVENT_FLAG.invalid)) === 0;
    this.beginsAtBeginning = this.beginsWithStart && isAtBeginning(positions[0]!);
    let [first, last, underway] = [Number.POSITIVE_INFINITY, 0, false];
    for (let i = 0; i < count; i += 1) {
      if ((flags[i]! & EVENT_FLAG.invalid) !== 0) continue;
      const timestamp = timestamps[i]!;
      if (timestamp < first) first = timestamp;
      if (timestamp > last) last = timestamp;
      if (!underway && toMs(positions[i]!) >= UNDERWAY_MS) underway = true;
    }
    this.first = first;
    this.last = last;
    this.underway = underway;
  }
}

const MAX_PARTS = 16_384;
const FLAG = { hasClip: 1, beginsWithStart: 2, beginsAtBeginning: 4, underway: 8, shown: 16 } as const;

/**
 * The first parts of the newest sessions, each of which is added once. Stored in columns to save memory, because most sessions
 * have no second part.
 */
class FirstParts {
  readonly #hashes = new Float64Array(MAX_PARTS).fill(-1);
  readonly #keys = new Uint32Array(4 * MAX_PARTS);
  readonly #clips = new Uint32Array(4 * MAX_PARTS);
  readonly #times = new Float64Array(2 * MAX_PARTS);
  readonly #flags = new Uint8Array(MAX_PARTS);
  #added = 0;

  /**
   * @param ids Holds the SessionId in four words, from index `at`.
   * @param shown Whether an earlier part showed that the session continues with another play.
   */
  add(ids: Uint32Array, at: number, part: RequestPart, shown: boolean): void {
    const place = this.#added % MAX_PARTS;
    this.#added += 1;
    this.#hashes[place] = wideHash(ids, at);
    for (let word = 0; word < 4; word += 1) {
      this.#keys[4 * place + word] = ids[at + word]!;
      this.#clips[4 * place + word] = part.clip[word]!;
    }
    this.#times[2 * place] = part.first;
    this.#times[2 * place + 1] = part.last;
    this.#flags[place] =
      (part.hasClip ? FLAG.hasClip : 0) |
      (part.beginsWithStart ? FLAG.beginsWithStart : 0) |
      (part.beginsAtBeginning ? FLAG.beginsAtBeginning : 0) |
      (part.underway ? FLAG.underway : 0) |
      (shown ? FLAG.shown : 0);
  }

  /**
   * The place of a session's first part, valid until the next `add`; -1 if the part is no longer stored, or was already marked.
   */
  find(ids: Uint32Array, at: number): number {
    const place = this.#hashes.indexOf(wideHash(ids, at));
    if (place < 0 || !sameGuid(this.#keys, 4 * place, ids, at)) return -1;
    return (this.#flags[place]! & FLAG.shown) === 0 ? place : -1;
  }

  readTo(part: RequestPart, place: number): void {
    const flags = this.#flags[place]!;
    part.hasClip = (flags & FLAG.hasClip) !== 0;
    for (let word = 0; word < 4; word += 1) part.clip[word] = this.#clips[4 * place + word]!;
    part.first = this.#times[2 * place]!;
    part.last = this.#times[2 * place + 1]!;
    part.beginsWithStart = (flags & FLAG.beginsWithStart) !== 0;
    part.beginsAtBeginning = (flags & FLAG.beginsAtBeginning) !== 0;
    part.underway = (flags & FLAG.underway) !== 0;
  }

  /** Marks the session at a place: it already shows the diagnosis. */
  markShown(place: number): void {
    this.#flags[place]! |= FLAG.shown;
  }
}
