import type { RuleId } from '../domain/finding.js';
import type { Place } from '../domain/place.js';
import type { Answer, Exchange } from '../domain/record.js';
import type { Occurrence, RuleSettings } from '../rules/define.js';

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;

/** A session that starts within this time after another one ended follows it directly. */
export const FOLLOWS_MS = 10_000;

/** If two sessions end this close to each other, at the farthest Position of their clip, that is the end of the clip. */
const SAME_END_MS = 500;

/** Positions this close to the end of a clip count as its end. */
export const NEAR_END_MS = 2 * SECOND_MS;
/** A request that starts within this time after the end of its clip was sent at the end. */
const SENT_AT_END_MS = 10 * SECOND_MS;

/** The largest share of one listener's sessions that may start while another one still plays, such as in another tab. */
const MOST_OVERLAPPING = 0.1;

/**
 * How many of the newest sessions, and of the newest requests, are compared with each other. A session needs about 500 bytes.
 */
export const MAX_SESSIONS = 10_000;

/** What a capture remembers of a request. */
export interface RequestNote {
  readonly number: number;
  /** The place of its body. */
  readonly place: Place;
  /** Its HTTP exchange; null if the input holds only bodies. */
  readonly exchange: Exchange | null;
  readonly organization: string | null;
  /** The rules about the request as a whole that fired. */
  readonly fired: readonly RuleId[];
  /** The start in unix milliseconds; null if unknown. */
  readonly beganMs: number | null;
  /** Its answer; null if there is none, or not yet. */
  answer: Answer | null;
}

/**
 * What a capture remembers of a session, or of a request's part of one. Times are unix time, and positions are places in the
 * audio, all in milliseconds.
 */
export interface SessionNote {
  /** The SessionId in lower case. */
  readonly key: string;
  /** Its first ClipId in lower case; empty without one. */
  readonly clip: string;
  readonly organization: string;
  readonly source: string;
  readonly occurrence: Occurrence;
  /** Its number in the order of arrival, from 0. */
  readonly order: number;
  /** The place of its first event. */
  readonly place: Place;
  readonly request: RequestNote | null;
  /** Whether it has an error or plays nothing, so that it cannot show a behaviour as right. */
  readonly flawed: boolean;
  /** The rules that fired for it. */
  readonly fired: readonly RuleId[];
  /** Whether the order of its events is known. If not, only the times below are known. */
  readonly known: boolean;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly firstPositionMs: number;
  readonly lastPositionMs: number;
  readonly farthestMs: number;
  /** The length of the clip; NaN if unknown. */
  readonly clipMs: number;
  readonly beginsWithStop: boolean;
  /** Whether its last event is a Start. */
  readonly endsOpen: boolean;
  /** Whether its last event repeats the one before it. */
  readonly endsTwice: boolean;
  readonly lowest: number;
  readonly highest: number;
  readonly playedMs: number;
  /** How often a Start follows a Stop at the same place, 2 s later or more. */
  readonly pauses: number;
  /**
   * The clock of the longest interval with at least 0.9 times as much audio as clock, and no more audio than --max-speed
   * allows.
   */
  readonly steadyMs: number;
  /**
   * Of the intervals with 10 s of audio or more that are too slow (`playback-too-slow`), the largest excess of clock over
   * audio; 0 without one.
   */
  readonly unreportedMs: number;
  /**
   * The longest time from a Stop to a Start that is ahead by the same amount of audio, within 2 s: the clip may have played in
   * between.
   */
  readonly silentMs: number;
  /** The start of the last interval; NaN without one. */
  readonly lastStartMs: number;
  /** The first few pauses that are long enough for another session. */
  readonly gaps: readonly (readonly [fromMs: number, untilMs: number])[];
}

/** The newest sessions and requests of an input. */
export class Capture {
  readonly settings: RuleSettings;
  readonly #most: number;
  #sessions: SessionNote[] = [];
  readonly #requests = new Map<number, RequestNote>();
  #sorted: Sorted | null = null;
  /** How many sessions were seen. Each part of a session, and each repetition, counts. */
  seen = 0;
  /** Whether older sessions were dropped. */
  forgets = false;
  /** The end of the capture in unix milliseconds, which can be later than its last request; null if unknown. */
  endedMs: number | null = null;

  /** @param most How many sessions, and how many requests, to compare with each other. */
  constructor(settings: RuleSettings, most = MAX_SESSIONS) {
    this.settings = settings;
    this.#most = Math.min(most, MAX_SESSIONS);
  }

  add(note: SessionNote): void {
    this.#sorted = null;
    this.#sessions.push(note);
    if (this.#sessions.length < 2 * this.#most) return;
    this.#sessions.sort((a, b) => b.lastMs - a.lastMs || (a.key < b.key ? -1 : 1));
    this.#sessions.length = this.#most;
    this.forgets = true;
  }

  addRequest(note: RequestNote): void {
    this.#sorted = null;
    this.#requests.set(note.number, note);
    if (this.#requests.size <= this.#most) return;
    for (const number of this.#requests.keys()) {
      this.#requests.delete(number);
      break;
    }
  }

  answered(number: number, answer: Answer): void {
    const request = this.#requests.get(number);
    if (request) request.answer = answer;
  }

  /** The requests in order of arrival. */
  get requests(): readonly RequestNote[] {
    return [...this.#requests.values()];
  }

  /** All sessions and parts of sessions, in order of arrival. */
  get parts(): readonly SessionNote[] {
    return this.#sort().parts;
  }

  /** Each session once, by its first part, in order of their starts. */
  get sessions(): readonly SessionNote[] {
    return this.#sort().byBegin;
  }

  /** All parts of a session, in order of arrival. */
  partsOf(key: string): readonly SessionNote[] {
    return this.#sort().byKey.get(key) ?? [];
  }

  /** The parts that continue a session of an earlier request (`session-split`), each with the part before it. */
  *continuations(): Generator<Continuation> {
    for (const part of this.parts) {
      if (part.occurrence !== 'split' || !part.known) continue;
      const before = this.partsOf(part.key).findLast(
        (other) => other.order < part.order && other.lastMs <= part.firstMs,
      );
      if (!before?.known) continue;
      let between: SessionNote | null = null;
      for (const other of this.beginning(before.lastMs, part.firstMs)) {
        if (other.key === part.key || other.clip === part.clip || other.lastMs > part.firstMs) continue;
        if (isOfSamePlayer(part, other)) between = other;
      }
      yield { part, before, between };
    }
  }

  /** The sessions that start between two moments, inclusive. */
  *beginning(fromMs: number, untilMs: number): Generator<SessionNote> {
    const { byBegin } = this.#sort();
    for (let i = firstFrom(byBegin, 'firstMs', fromMs); i < byBegin.length; i += 1) {
      const note = byBegin[i]!;
      if (note.firstMs > untilMs) return;
      yield note;
    }
  }

  /** How many sessions start before an earlier one has ended. */
  get overlapping(): number {
    let [count, untilMs] = [0, Number.NEGATIVE_INFINITY];
    for (const { firstMs, lastMs } of this.sessions) {
      if (firstMs < untilMs) count += 1;
      untilMs = Math.max(untilMs, lastMs);
    }
    return count;
  }

  /**
   * Whether almost no session starts while another one still plays. Otherwise there are several listeners, whose sessions
   * follow each other by chance.
   */
  get isOfOneListener(): boolean {
    return this.overlapping <= MOST_OVERLAPPING * this.sessions.length;
  }

  /**
   * The end of a session's clip: its known length, or else the farthest Position of the clip if two sessions or more end there;
   * null if unknown.
   */
  endOf({ clip }: SessionNote): number | null {
    return this.#sort().ends.get(clip) ?? null;
  }

  /** Whether a session ends with a Stop at the end of its clip. */
  isAtEnd(note: SessionNote): boolean {
    const endMs = this.endOf(note);
    return endMs !== null && !note.endsOpen && Math.abs(note.lastPositionMs - endMs) <= NEAR_END_MS;
  }

  /** Whether a session ends with a Start, and its request started just after its clip must have ended. */
  endedWhenSent(note: SessionNote): boolean {
    const endMs = this.endOf(note);
    const beganMs = note.request?.beganMs ?? null;
    if (endMs === null || beganMs === null || !note.endsOpen) return false;
    const endsMs = note.lastMs + endMs - note.lastPositionMs;
    return beganMs >= endsMs - NEAR_END_MS && beganMs <= endsMs + SENT_AT_END_MS;
  }

  /**
   * The session that follows another directly, as when one listener plays both; null without one. It has the same organization,
   * Source and page, and starts within 10 s after the other's last event. No other session ends or starts in between.
   */
  following(note: SessionNote): SessionNote | null {
    const next = this.#nextOf(note);
    return next !== null && this.#previousOf(next) === note ? next : null;
  }

  /** The session that a session follows directly; null without one. */
  preceding(note: SessionNote): SessionNote | null {
    const previous = this.#previousOf(note);
    return previous !== null && this.#nextOf(previous) === note ? previous : null;
  }

  #nextOf(note: SessionNote): SessionNote | null {
    const { byBegin } = this.#sort();
    for (let i = firstFrom(byBegin, 'firstMs', note.lastMs); i < byBegin.length; i += 1) {
      const other = byBegin[i]!;
      if (other.firstMs > note.lastMs + FOLLOWS_MS) return null;
      if (other === note || !isOfSamePlayer(note, other)) continue;
      const rival = byBegin[i + 1];
      return rival && rival !== note && rival.firstMs === other.firstMs && isOfSamePlayer(note, rival)
        ? null
        : other;
    }
    return null;
  }

  #previousOf(note: SessionNote): SessionNote | null {
    const { byEnd } = this.#sort();
    for (let i = firstFrom(byEnd, 'lastMs', note.firstMs + 1) - 1; i >= 0; i -= 1) {
      const other = byEnd[i]!;
      if (other.lastMs < note.firstMs - FOLLOWS_MS) return null;
      if (other === note || !isOfSamePlayer(note, other)) continue;
      const rival = byEnd[i - 1];
      return rival && rival !== note && rival.lastMs === other.lastMs && isOfSamePlayer(note, rival)
        ? null
        : other;
    }
    return null;
  }

  #sort(): Sorted {
    this.#sorted ??= sorted(this.#sessions);
    return this.#sorted;
  }
}

/** A part of a session in a later request. */
export interface Continuation {
  readonly part: SessionNote;
  /** The part in the request before it. */
  readonly before: SessionNote;
  /** A session of another clip that was played between the two parts; null without one. */
  readonly between: SessionNote | null;
}

interface Sorted {
  readonly parts: readonly SessionNote[];
  readonly byKey: ReadonlyMap<string, readonly SessionNote[]>;
  readonly byBegin: readonly SessionNote[];
  readonly byEnd: readonly SessionNote[];
  /** The ends of clips, by ClipId. */
  readonly ends: ReadonlyMap<string, number>;
}

function sorted(notes: readonly SessionNote[]): Sorted {
  const parts = notes.toSorted((a, b) => a.order - b.order);
  const byKey = new Map<string, SessionNote[]>();
  for (const note of parts) {
    const its = byKey.get(note.key);
    if (its) its.push(note);
    else byKey.set(note.key, [note]);
  }
  const first = [...byKey.values()].map(([note]) => note!);
  return {
    parts,
    byKey,
    byBegin: first.toSorted((a, b) => a.firstMs - b.firstMs || a.order - b.order),
    byEnd: first.toSorted((a, b) => a.lastMs - b.lastMs || a.order - b.order),
    ends: endsOf(first),
  };
}

/** The known ends of clips, in milliseconds. */
function endsOf(sessions: readonly SessionNote[]): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  const stops = new Map<string, number[]>();
  const farthest = new Map<string, number>();
  for (const { clip, clipMs, known, flawed, farthestMs, lastPositionMs, endsOpen } of sessions) {
    if (!Number.isNaN(clipMs)) ends.set(clip, clipMs);
    if (!known || flawed) continue;
    farthest.set(clip, Math.max(farthest.get(clip) ?? 0, farthestMs));
    if (endsOpen) continue;
    const its = stops.get(clip);
    if (its) its.push(lastPositionMs);
    else stops.set(clip, [lastPositionMs]);
  }
  for (const [clip, its] of stops) {
    const most = farthest.get(clip)!;
    const there = its.filter((positionMs) => most - positionMs <= SAME_END_MS).length;
    if (there >= 2 && !ends.has(clip)) ends.set(clip, most);
  }
  return ends;
}

/**
 * Whether a request of the right type was accepted (2xx). `Enabled` can be missing, because browsers do not always record the
 * answers to beacons.
 */
export function isAccepted({ answer, fired }: RequestNote): boolean {
  if (!answer || fired.includes('content-type')) return false;
  const { enabled, status = null } = answer;
  return enabled === true || (enabled === null && status !== null && status >= 200 && status < 300);
}

/** The time at which the page of a request was loaded, in unix milliseconds; null if unknown. */
export function loadedMs({ exchange }: RequestNote): number | null {
  const loadedAt = exchange?.pageLoadedAt ?? null;
  return loadedAt === null ? null : loadedAt * 1000;
}

/** Whether a request is from a page that was loaded after a moment; false if unknown. */
export function isLoadedAfter(request: RequestNote | null, ms: number): boolean {
  const loaded = request && loadedMs(request);
  return loaded !== null && loaded > ms;
}

/** Whether two sessions can be from the same player. An unknown page matches every page. */
function isOfSamePlayer(one: SessionNote, other: SessionNote): boolean {
  const [page, otherPage] = [pageOf(one.request), pageOf(other.request)];
  return (
    one.organization === other.organization &&
    one.source === other.source &&
    (page === null || otherPage === null || page === otherPage)
  );
}

/** The page of a capture, or the store of a mock, to which a request belongs; null if unknown. */
export function pageOf(request: RequestNote | null): string | null {
  if (!request?.exchange) return null;
  const { page, store } = request.exchange;
  return page === null && store === null ? null : `${request.place.input.index} ${store} ${page}`;
}

/** The index of the first note with at least this value. */
function firstFrom(notes: readonly SessionNote[], by: 'firstMs' | 'lastMs', atLeast: number): number {
  let [from, to] = [0, notes.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (notes[middle]![by] < atLeast) from = middle + 1;
    else to = middle;
  }
  return from;
}
