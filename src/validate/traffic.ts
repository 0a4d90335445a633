import { createHash, hash } from 'node:crypto';
import { ABSENT_FLAG, EVENT_FLAG, ID_WORDS, WORDS_PER_EVENT } from '../domain/event-batch.js';
import { guidKey, isGuid } from '../domain/guid.js';
import { toMs } from '../domain/listening.js';
import { NewestMap } from '../domain/newest-map.js';
import type { Input } from '../domain/place.js';
import type { Answer, Exchange } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import type { Leak, Occurrence, SessionPart } from '../rules/define.js';
import { distinctiveStop } from '../rules/request/event-leaked.js';
import { PRINT_BYTES, SeenSessions } from '../sessions/key-table.js';
import { type MemoryBudget, memoryBudget } from '../sessions/memory.js';
import { EVENT_FIELDS } from '../wire/event.js';
import { documentedFields } from '../wire/event-columns.js';

const NONE: readonly Leak[] = [];

const TENTH_MS = 100;

/** At most this many sessions with the same Stop are compared, because the number of pairs grows quadratically. */
const MAX_ALIKE = 64;

/** At most this many Stops per session are remembered on average, so that malicious sessions cannot use up memory. */
const MAX_STOPS = 8;

/**
 * This many of the newest sessions of captures are remembered with their Stops and answers, at about 2 KB each. Of
 * older sessions, only a fingerprint of the content is remembered, to detect further parts.
 */
const MAX_CAPTURED = 20_000;

/** At most this many stores of mocks are kept separately. An empty one takes about 40 KB. */
const MAX_STORES = 1000;
/** The same limit for a long-running inspection, and the share of the remembered sessions that each store then has. */
const MAX_STORES_OF_LONG = 200;
const SHARE_OF_LONG = 1 / 10;

/** What is remembered of a session in a request. */
interface SeenSession {
  /** The fingerprint of its content in its first request. */
  readonly fingerprint: Uint8Array;
  /** The SessionId, as four words. */
  readonly words: Uint32Array;
  /** Whether a request with exactly this content was answered `Enabled: true`. */
  delivered: boolean;
  /** The Type, Position and Timestamp of its first event by SeqNumber. */
  readonly first: string;
  /** The farthest Position of all its events so far, in milliseconds. */
  farthestMs: number;
  /** The keys of its Stops in the index of Stops. */
  readonly stops: string[];
  /** The sessions that share a Stop with it and were already reported. */
  readonly alike: Set<string>;
}

/** The input of requests that one player sent, or all players that post to one mock. */
export interface Capture {
  readonly input: Input;
  readonly fromMock: boolean;
}

/** What to remember of a sent request until its answer is known. */
interface UnansweredRequest {
  readonly sender: string | null;
  /** The sessions whose content in it is the same as in their first request. */
  readonly sessions: readonly string[];
}

/** A request without an answer yet. */
export interface SentRequest {
  readonly input: Input;
  readonly exchange: Exchange;
  readonly organizationId: string | null;
}

/** Remembers the content of requests and their answers, for the rules that compare a request with earlier ones. */
export class Traffic {
  readonly #sessions = new NewestMap<string, SeenSession>();
  /** A fingerprint for each session of requests that are not captured traffic, if all sessions are remembered. */
  readonly #bodies: SeenSessions;
  readonly #stops = new Map<string, { readonly session: string; readonly clip: string | null }[]>();
  /**
   * The second at which a Stop occurred, by clip and Position. NaN where Stops occurred at different seconds: playback
   * often stops at this Position.
   */
  readonly #places = new NewestMap<string, number>();
  readonly #disabled = new NewestMap<string, number>();
  readonly #unanswered = new NewestMap<number, UnansweredRequest>();
  readonly #most: number;

  /**
   * @param most How many of the newest sessions, requests and organizations are remembered. Infinite: all, within
   * `memory` and `mostCaptured`.
   * @param memory For the fingerprints, if all are remembered.
   */
  constructor(
    private readonly most: number,
    memory: MemoryBudget,
    mostCaptured = MAX_CAPTURED,
  ) {
    this.#most = Math.min(most, mostCaptured);
    this.#bodies = new SeenSessions(memory);
  }

  /** Whether no session is remembered. */
  get empty(): boolean {
    return this.#sessions.size === 0 && this.#bodies.size === 0;
  }

  /** Whether a session is new, repeated or continued, compared with earlier requests. */
  occurrenceOf(session: Session): Occurrence {
    if (this.empty) return 'first';
    const earlier = this.#earlierPrint(session);
    return earlier === undefined ? 'first' : compared(fingerprint(session), earlier);
  }

  /**
   * Adds a request's part of a session and compares it with earlier requests.
   * @param capture The input, if it is one player's traffic.
   */
  observe(session: Session, capture: Capture | null): SessionPart {
    const print = fingerprint(session);
    const earlier = this.#earlierPrint(session);
    const occurrence = earlier === undefined ? 'first' : compared(print, earlier);
    if (capture === null) {
      if (earlier === undefined) this.#remember(session, print);
      return { session, occurrence, delivered: false, leaks: NONE };
    }
    const before = this.#sessions.get(session.key);
    const seen = before ?? unsent(session, earlier ? Uint8Array.from(earlier) : print);
    if (!before) this.#sessions.set(session.key, seen);
    seen.farthestMs = Math.max(seen.farthestMs, farthestMs(session));
    const leaks = this.#leaksOf(session, seen, capture);
    this.#forget();
    return { session, occurrence, delivered: seen.delivered && isSame(seen.fingerprint, print), leaks };
  }

  /** When a request of the same organization and the same page was first answered `Enabled: false`; null if never. */
  disabledAt(request: SentRequest): number | null {
    return this.#disabled.get(senderOf(request) ?? '') ?? null;
  }

  /**
   * Adds a request that was sent. Its response can be known already, or is given to `answered`.
   * @param sessions The keys of the sessions that appear in it for the first time.
   */
  sent(number: number, request: SentRequest, sessions: readonly string[]): void {
    this.#unanswered.set(number, { sender: senderOf(request), sessions });
    if (request.exchange.answer) this.answered(number, request.exchange.answer);
    if (this.#unanswered.size > this.#most) this.#unanswered.forgetOldest();
  }

  /** Notes the answer to a request. */
  answered(number: number, { at, enabled }: Answer): void {
    const request = this.#unanswered.get(number);
    this.#unanswered.delete(number);
    if (!request) return;
    if (enabled === true) {
      for (const key of request.sessions) {
        const seen = this.#sessions.get(key);
        if (seen) seen.delivered = true;
      }
    }
    if (enabled === false && at !== null && request.sender !== null) {
      const before = this.#disabled.get(request.sender) ?? Number.POSITIVE_INFINITY;
      this.#disabled.set(request.sender, Math.min(before, at));
      if (this.#disabled.size > this.#most) this.#disabled.forgetOldest();
    }
  }

  /** Deletes temporary files. */
  close(): void {
    this.#bodies.close();
  }

  /** Valid until the next call. */
  #earlierPrint(session: Session): Uint8Array | undefined {
    const seen = this.#sessions.size === 0 ? undefined : this.#sessions.get(session.key)?.fingerprint;
    return seen ?? this.#bodies.get(session.ids, ID_WORDS.session);
  }

  #remember(session: Session, print: Uint8Array): void {
    if (this.most === Number.POSITIVE_INFINITY) {
      this.#bodies.add(session.ids, ID_WORDS.session, print);
      return;
    }
    this.#sessions.set(session.key, unsent(session, print));
    this.#forget();
  }

  #leaksOf(session: Session, seen: SeenSession, capture: Capture): Leak[] {
    const leaks: Leak[] = [];
    const stops = stopsOf(session, capture);
    for (const stop of stops) this.#notePlace(stop);
    for (const stop of stops) {
      const alike = this.#stops.get(stop.key) ?? [];
      this.#stops.set(stop.key, alike);
      for (const { session: other, clip } of alike) {
        if (other === session.key || seen.alike.has(other)) continue;
        const before = this.#sessions.get(other)!;
        if (seen.first === before.first || (clip === stop.clip && this.#isUsual(stop, seen, before)))
          continue;
        seen.alike.add(other);
        before.alike.add(session.key);
        leaks.push({ at: stop.at, from: other });
      }
      if (alike.some((entry) => entry.session === session.key) || alike.length >= MAX_ALIKE) continue;
      alike.push({ session: session.key, clip: stop.clip });
      seen.stops.push(stop.key);
    }
    return leaks;
  }

  #notePlace({ clip, place, timestampMs }: SeenStop): void {
    if (clip === null) return;
    const second = Math.floor(timestampMs / 1000);
    this.#places.set(place, (this.#places.get(place) ?? second) === second ? second : Number.NaN);
    if (this.#places.size > this.#most * MAX_STOPS) this.#places.forgetOldest();
  }

  /**
   * Whether it is normal that two sessions of one clip stop there in the same second: if both end there, or if other
   * Stops occurred there at another second.
   */
  #isUsual({ clip, place, positionMs }: SeenStop, one: SeenSession, other: SeenSession): boolean {
    if (clip === null) return false;
    if (one.farthestMs === positionMs && other.farthestMs === positionMs) return true;
    return Number.isNaN(this.#places.get(place));
  }

  #forget(): void {
    while (this.#sessions.size > this.#most || this.#stops.size > this.#most * MAX_STOPS) {
      const oldest = this.#sessions.forgetOldest();
      if (!oldest) return;
      this.#forgetStops(...oldest);
      const { words, fingerprint } = oldest[1];
      if (this.most === Number.POSITIVE_INFINITY && this.#bodies.get(words, 0) === undefined)
        this.#bodies.add(words, 0, fingerprint);
    }
  }

  #forgetStops(forgotten: string, { stops, alike }: SeenSession): void {
    for (const stop of stops) {
      const rest = this.#stops.get(stop)?.filter(({ session }) => session !== forgotten) ?? [];
      if (rest.length > 0) this.#stops.set(stop, rest);
      else this.#stops.delete(stop);
    }
    for (const other of alike) this.#sessions.get(other)?.alike.delete(forgotten);
  }
}

/**
 * The traffic of each store of a mock, for HARs that mocks recorded. The first store of each input uses the shared
 * traffic, so that a session of one capture is recognized in another. Every other store has separate traffic.
 */
export class PartStores {
  readonly #first = new Map<number, string>();
  readonly #others: NewestMap<string, Traffic>;
  readonly #most: number;

  /** @param most How many sessions `shared` remembers in a long-running inspection. Each other store remembers a share of them. */
  constructor(
    readonly shared: Traffic,
    most?: number,
  ) {
    this.#others = new NewestMap({ maxCount: most === undefined ? MAX_STORES : MAX_STORES_OF_LONG });
    this.#most = most === undefined ? MAX_CAPTURED : Math.ceil(most * SHARE_OF_LONG);
  }

  trafficOf({ index }: Input, { store }: Exchange): Traffic {
    if (store === null) return this.shared;
    const first = this.#first.get(index) ?? store;
    this.#first.set(index, first);
    if (first === store) return this.shared;
    const key = `${index} ${store}`;
    // With a limit, it forgets its oldest sessions, so that it needs no temporary file.
    const traffic = this.#others.get(key) ?? new Traffic(this.#most, memoryBudget());
    this.#others.set(key, traffic);
    return traffic;
  }
}

function unsent(session: Session, print: Uint8Array): SeenSession {
  const { ids, positions, timestamps } = session;
  return {
    fingerprint: print,
    words: ids.slice(ID_WORDS.session, ID_WORDS.session + 4),
    delivered: false,
    first: `${session.isStop(0)} ${toMs(positions[0]!)} ${toMs(timestamps[0]!)}`,
    farthestMs: Number.NEGATIVE_INFINITY,
    stops: [],
    alike: new Set(),
  };
}

function farthestMs({ count, positions }: Session): number {
  let farthest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i += 1) if (positions[i]! > farthest) farthest = positions[i]!;
  return toMs(farthest);
}

/** A Stop so specific that two sessions rarely share it by chance. */
interface SeenStop {
  readonly at: number;
  /** A text of its input, time and Position. */
  readonly key: string;
  /** The ClipId in lower case; null where it is not well formed. */
  readonly clip: string | null;
  /** A text of its input, clip and Position. */
  readonly place: string;
  readonly positionMs: number;
  readonly timestampMs: number;
}

function stopsOf(session: Session, { input, fromMock }: Capture): readonly SeenStop[] {
  const stops: SeenStop[] = [];
  for (let at = 0; at < session.count; at += 1) {
    const stop = distinctiveStop(session, at);
    if (!stop) continue;
    const { timestampMs, positionMs } = stop;
    // Positions with at most one decimal are too common: tests and load tests write them.
    if (fromMock && positionMs % TENTH_MS === 0) continue;
    const clip = session.idOf(at, 'clip')?.toLowerCase() ?? null;
    const key = `${input.index} ${timestampMs} ${positionMs}`;
    stops.push({ at, key, clip, place: `${input.index} ${clip} ${positionMs}`, positionMs, timestampMs });
  }
  return stops;
}

function compared(print: Uint8Array, earlier: Uint8Array): Occurrence {
  return isSame(earlier, print) ? 'resent' : 'split';
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

/** The sender: a page of a capture and an organization; null where the organization is not known. */
function senderOf({ input, exchange, organizationId }: SentRequest): string | null {
  return organizationId && JSON.stringify([input.index, exchange.page, guidKey(organizationId)]);
}

/** How many doubles an event takes: the ids, Position, SeqNumber, Timestamp and Type. */
const EVENT_REALS = 10;
const EVENT_WORDS = 2 * EVENT_REALS;
const EVENT_BYTES = 4 * EVENT_WORDS;
const REAL = { position: 6, seqNumber: 7, timestamp: 8, type: 9 } as const;
/** How many events are hashed at once. */
const BLOCK = 256;

const UNKNOWN = ABSENT_FLAG.session | ABSENT_FLAG.clip | ABSENT_FLAG.organization | EVENT_FLAG.noType;

const reals = new Float64Array(BLOCK * EVENT_REALS);
const words = new Uint32Array(reals.buffer);
const bytes = new Uint8Array(reals.buffer);

/** A hash of a session's content: the seven fields of its events by SeqNumber, ids in any case. */
export function fingerprint(session: Session): Uint8Array {
  const { count, flags, positions, seqNumbers, timestamps } = session;
  for (let i = 0; i < count; i += 1) {
    const numbers = positions[i]! + seqNumbers[i]! + timestamps[i]!;
    if ((flags[i]! & UNKNOWN) !== 0 || !Number.isFinite(numbers)) return rawPrint(session);
  }
  if (count <= BLOCK) {
    for (let i = 0; i < count; i += 1) writeEvent(session, i, i);
    // A digest as a string takes half as long to return as one in a new buffer.
    return asBytes(hash('sha1', bytes.subarray(0, count * EVENT_BYTES), 'binary'));
  }
  const whole = createHash('sha1');
  for (let from = 0; from < count; from += BLOCK) {
    const some = Math.min(BLOCK, count - from);
    for (let i = 0; i < some; i += 1) writeEvent(session, from + i, i);
    whole.update(bytes.subarray(0, some * EVENT_BYTES));
  }
  return whole.digest().subarray(0, PRINT_BYTES);
}

function asBytes(print: string): Uint8Array {
  const these = new Uint8Array(PRINT_BYTES);
  for (let i = 0; i < PRINT_BYTES; i += 1) these[i] = print.charCodeAt(i);
  return these;
}

function writeEvent(
  { ids, flags, positions, seqNumbers, timestamps }: Session,
  i: number,
  inBlock: number,
): void {
  const from = i * WORDS_PER_EVENT;
  const to = inBlock * EVENT_WORDS;
  for (let word = 0; word < WORDS_PER_EVENT; word += 1) words[to + word] = ids[from + word]!;
  const at = inBlock * EVENT_REALS;
  // JSON writes -0 as 0, so both must have the same hash.
  reals[at + REAL.position] = positions[i]! + 0;
  reals[at + REAL.seqNumber] = seqNumbers[i]! + 0;
  reals[at + REAL.timestamp] = timestamps[i]! + 0;
  reals[at + REAL.type] = flags[i]! & EVENT_FLAG.stop;
}

/** For a session with a field that columns cannot hold: its events are compared as they were written. */
function rawPrint(session: Session): Uint8Array {
  const written = createHash('sha1');
  for (let i = 0; i < session.count; i += 1) {
    const fields = documentedFields(session, i);
    written.update(
      JSON.stringify(
        EVENT_FIELDS.map((field) => {
          const value = fields[field];
          return isGuid(value) ? guidKey(value) : [typeof value, value];
        }),
      ),
    );
  }
  return written.digest().subarray(0, PRINT_BYTES);
}
