import type { RuleId } from '../domain/finding.js';
import type { Place } from '../domain/place.js';
import type { Answer, Exchange } from '../domain/record.js';
import type { Occurrence, RuleSettings } from '../rules/define.js';

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;

/** A session that begins so soon after another ended follows it directly. */
export const FOLLOWS_MS = 10_000;

/** Sessions that stop last so near to each other, and farther than all others, stop at the end of their clip. */
const SAME_END_MS = 500;

/** Positions so near to the end of a clip are at its end. */
export const NEAR_END_MS = 2 * SECOND_MS;
/** A request that begins within this time after its clip ended was sent at the end. */
const SENT_AT_END_MS = 10 * SECOND_MS;

/** The share of sessions of one listener that may begin while another one still plays, in another tab. */
const MOST_OVERLAPPING = 0.1;

/** The newest N sessions, and as many requests, are compared with each other; a session takes some 500 bytes. */
export const MAX_SESSIONS = 10_000;

/** What is remembered of a request. */
export interface RequestNote {
  readonly number: number;
  /** Of its body. */
  readonly place: Place;
  /** How it went over the wire; null where the input is bodies alone. */
  readonly exchange: Exchange | null;
  readonly organization: string | null;
  /** The rules about the request as a whole that fired. */
  readonly fired: readonly RuleId[];
  /** In unix milliseconds; null where it is not known. */
  readonly beganMs: number | null;
  /** Its answer: null until it is known, and where there is none. */
  answer: Answer | null;
}

/** What is remembered of a session, or of what a request holds of one. Times are unix, positions along the audio, all in milliseconds. */
export interface SessionNote {
  /** The SessionId in lower case. */
  readonly key: string;
  /** Its first ClipId in lower case; empty where it has none. */
  readonly clip: string;
  readonly organization: string;
  readonly source: string;
  readonly occurrence: Occurrence;
  /** Which one it is in the order in which they came, from 0. */
  readonly order: number;
  /** Where its first event stands. */
  readonly place: Place;
  readonly request: RequestNote | null;
  /** Whether it has an error, or nothing was heard in it, so that it shows nothing right. */
  readonly flawed: boolean;
  /** The rules that fired for it. */
  readonly fired: readonly RuleId[];
  /** Whether its events are known in order: else nothing below but the times is. */
  readonly known: boolean;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly firstPositionMs: number;
  readonly lastPositionMs: number;
  readonly farthestMs: number;
  /** The clip's known length; NaN where it is not known. */
  readonly clipMs: number;
  readonly beginsWithStop: boolean;
  /** Whether its last event is a Start. */
  readonly endsOpen: boolean;
  /** Whether its last event says again what the one before it said. */
  readonly endsTwice: boolean;
  readonly lowest: number;
  readonly highest: number;
  readonly playedMs: number;
  /** How often a Start follows a Stop at the same place, 2 s later or more. */
  readonly pauses: number;
  /** The longest interval that has at least 0.9 times as much audio as clock, and no more than players can play: of how much clock. */
  readonly steadyMs: number;
  /** The most clock beyond its audio that an interval of 10 s of audio or more has (`playback-too-slow`); 0 if no interval has more. */
  readonly unreportedMs: number;
  /** The longest wait from a Stop to a Start that is farther on by as much audio, within 2 s: it may have played all the while. */
  readonly silentMs: number;
  /** When the last interval began; NaN where there is none. */
  readonly lastStartMs: number;
  /** The pauses that are long enough for another session, each as from and until. At most a few. */
  readonly gaps: readonly (readonly [fromMs: number, untilMs: number])[];
}

/** What an input showed so far, as far as it is remembered: the newest sessions and requests. */
export class Capture {
  readonly settings: RuleSettings;
  readonly #most: number;
  #sessions: SessionNote[] = [];
  readonly #requests = new Map<number, RequestNote>();
  #sorted: Sorted | null = null;
  /** How many sessions were seen, parts of one and sessions that were sent again counted each. */
  seen = 0;
  /** Whether older sessions were forgotten. */
  forgets = false;
  /** Unix milliseconds up to which the capture is known to continue, without a request perhaps; null where that is not known. */
  endedMs: number | null = null;

  /** @param most The number of sessions, and of requests, that are compared with each other. */
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

  /** Requests in the order in which they came. */
  get requests(): readonly RequestNote[] {
    return [...this.#requests.values()];
  }

  /** All that is remembered of sessions, in the order in which they came. */
  get parts(): readonly SessionNote[] {
    return this.#sort().parts;
  }

  /** Each session once: the first that came of it. By when they began. */
  get sessions(): readonly SessionNote[] {
    return this.#sort().byBegin;
  }

  /** All that requests hold of a session, in the order in which they came. */
  partsOf(key: string): readonly SessionNote[] {
    return this.#sort().byKey.get(key) ?? [];
  }

  /** What later requests hold of sessions that were in an earlier one (`session-split`), each with what the request before it held. */
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

  /** The sessions that begin between two moments, both counted. */
  *beginning(fromMs: number, untilMs: number): Generator<SessionNote> {
    const { byBegin } = this.#sort();
    for (let i = firstFrom(byBegin, 'firstMs', fromMs); i < byBegin.length; i += 1) {
      const note = byBegin[i]!;
      if (note.firstMs > untilMs) return;
      yield note;
    }
  }

  /** How many sessions begin while an earlier one is not over. */
  get overlapping(): number {
    let [count, untilMs] = [0, Number.NEGATIVE_INFINITY];
    for (const { firstMs, lastMs } of this.sessions) {
      if (firstMs < untilMs) count += 1;
      untilMs = Math.max(untilMs, lastMs);
    }
    return count;
  }

  /** Whether hardly a session begins while another one still plays: with several listeners, one follows another by chance. */
  get isOfOneListener(): boolean {
    return this.overlapping <= MOST_OVERLAPPING * this.sessions.length;
  }

  /**
   * Where a session's clip ends: its known length, else the farthest Position of the clip at which two sessions or more stopped last; null
   * where that is not known.
   */
  endOf({ clip }: SessionNote): number | null {
    return this.#sort().ends.get(clip) ?? null;
  }

  /** Whether a session stops last at the end of its clip. */
  isAtEnd(note: SessionNote): boolean {
    const endMs = this.endOf(note);
    return endMs !== null && !note.endsOpen && Math.abs(note.lastPositionMs - endMs) <= NEAR_END_MS;
  }

  /** Whether a session ends with a Start, and its request began when its clip had just ended. */
  endedWhenSent(note: SessionNote): boolean {
    const endMs = this.endOf(note);
    const beganMs = note.request?.beganMs ?? null;
    if (endMs === null || beganMs === null || !note.endsOpen) return false;
    const endsMs = note.lastMs + endMs - note.lastPositionMs;
    return beganMs >= endsMs - NEAR_END_MS && beganMs <= endsMs + SENT_AT_END_MS;
  }

  /**
   * The session that follows another directly, as one listener plays one after the other: of the same organization, Source and page, it begins
   * within 10 s of the other's last event, and no other session ends or begins in between.
   */
  following(note: SessionNote): SessionNote | null {
    const next = this.#nextOf(note);
    return next !== null && this.#previousOf(next) === note ? next : null;
  }

  /** The session that another follows directly. */
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

/** What a later request holds of a session. */
export interface Continuation {
  readonly part: SessionNote;
  /** What the request before it held. */
  readonly before: SessionNote;
  /** A session of another clip that was played between the two; null where there is none. */
  readonly between: SessionNote | null;
}

interface Sorted {
  readonly parts: readonly SessionNote[];
  readonly byKey: ReadonlyMap<string, readonly SessionNote[]>;
  readonly byBegin: readonly SessionNote[];
  readonly byEnd: readonly SessionNote[];
  /** By ClipId. */
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

/** Where clips end, in milliseconds, as far as that is known. */
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

/** Whether a request of the right type was taken (2xx): of beacons the browser may not have recorded what was answered. */
export function isTaken({ answer, fired }: RequestNote): boolean {
  if (!answer || fired.includes('content-type')) return false;
  const { enabled, status = null } = answer;
  return enabled === true || (enabled === null && status !== null && status >= 200 && status < 300);
}

/** When the page of a request was loaded, in unix milliseconds; null where that is not known. */
export function loadedMs({ exchange }: RequestNote): number | null {
  const loadedAt = exchange?.pageLoadedAt ?? null;
  return loadedAt === null ? null : loadedAt * 1000;
}

/** Whether a request came from a page that was loaded after a moment; false where that is not known. */
export function isLoadedAfter(request: RequestNote | null, ms: number): boolean {
  const loaded = request && loadedMs(request);
  return loaded !== null && loaded > ms;
}

/** Whether both can be of one player: what is not known differs from nothing. */
function isOfSamePlayer(one: SessionNote, other: SessionNote): boolean {
  const [page, otherPage] = [pageOf(one.request), pageOf(other.request)];
  return (
    one.organization === other.organization &&
    one.source === other.source &&
    (page === null || otherPage === null || page === otherPage)
  );
}

/** The page of a capture, or the store of a mock, that a request came from; null where that is not known. */
export function pageOf(request: RequestNote | null): string | null {
  if (!request?.exchange) return null;
  const { page, store } = request.exchange;
  return page === null && store === null ? null : `${request.place.input.index} ${store} ${page}`;
}

/** The index of the first that has at least this value. */
function firstFrom(notes: readonly SessionNote[], by: 'firstMs' | 'lastMs', atLeast: number): number {
  let [from, to] = [0, notes.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (notes[middle]![by] < atLeast) from = middle + 1;
    else to = middle;
  }
  return from;
}
