import { ID_WORDS } from '../domain/event-batch.js';
import { readGuid, wideHash } from '../domain/guid.js';
import type { Listening } from '../domain/listening.js';
import type { Session } from '../domain/session.js';

/** The numbers that are kept about a session, in the order of its row. Times and positions are in milliseconds. */
const FIELDS = [
  'shows',
  'traits',
  'source',
  'clip',
  'firstMs',
  'lastMs',
  'firstPositionMs',
  'lastPositionMs',
  'lastStartMs',
  'lastStartPositionMs',
  'lowest',
  'highest',
  'minutes',
  'atMinutes',
  'atHours',
] as const;
type Field = (typeof FIELDS)[number];
const AT = Object.fromEntries(FIELDS.map((field, i) => [field, i])) as Readonly<Record<Field, number>>;
const STRIDE = FIELDS.length;

/** The bits for the traits of a session. */
export const TRAIT = {
  known: 1,
  lasting: 2,
  long: 4,
  steady: 8,
  pausing: 16,
  seeking: 32,
  startsWithStop: 64,
  endsOpen: 128,
  /** It has intervals before the last one, and Position moves in none of them. */
  stillBefore: 256,
} as const;
export type Trait = keyof typeof TRAIT;

const MAX_ROWS = 16_384;
const FIRST_ROWS = 256;
const KEY_WORDS = 4;
const WINDOW_MS = 600_000;
const MAX_HALVED = 24;
const HASHES = 2 ** 32;

const LONG_INTERVAL_MS = 60_000;
const SECONDS_A_MINUTE = 60;
const SECONDS_AN_HOUR = 3600;
/** The tolerance for an interval at 1/60 of the clock. */
const AGREEMENT = 0.05;

/** One session of an input, with the numbers by which diagnoses compare it with others. */
export class SessionFacts {
  constructor(
    private readonly numbers: Float64Array,
    private readonly keys: Uint32Array,
    private readonly row: number,
  ) {}

  /** The SessionId in lower case. */
  get key(): string {
    return readGuid(this.keys, this.row * KEY_WORDS);
  }

  get(field: Field): number {
    return this.numbers[this.row * STRIDE + AT[field]]!;
  }

  /** Its traits, as bits of `TRAIT`. */
  get traits(): number {
    return this.numbers[this.row * STRIDE + AT.traits]!;
  }

  is(trait: Trait): boolean {
    return (this.traits & TRAIT[trait]) !== 0;
  }

  /** Whether the session shows the diagnosis with this number. */
  shows(diagnosis: number): boolean {
    return (this.numbers[this.row * STRIDE + AT.shows]! & (1 << diagnosis)) !== 0;
  }
}

/** A session to add. */
interface Added {
  readonly session: Session;
  /** Null if it is unknown what was heard. */
  readonly listening: Listening | null;
  readonly clipHash: number;
}

/**
 * Keeps numbers about at most 16,384 sessions. If there are more, keeps only sessions that begin in certain windows of ten
 * minutes: so sessions that follow each other are kept together, and the order in which they are added makes no difference.
 */
export class FactTable {
  #numbers = new Float64Array(FIRST_ROWS * STRIDE);
  #keys = new Uint32Array(FIRST_ROWS * KEY_WORDS);
  #rows = 0;
  #halved = 0;
  #byHash: Map<number, number> | null = null;

  /** Whether no session was left out. */
  get whole(): boolean {
    return this.#halved === 0;
  }

  /**
   * @param shows The diagnoses that the session shows, as bits. @param traits Its traits, as bits of `TRAIT`. @param source A
   * number for its Source.
   */
  add({ session, listening, clipHash }: Added, shows: number, traits: number, source: number): void {
    const [windowMs, idWord] = [
      listening ? listening.timestampsMs[0]! : Number.NaN,
      session.ids[ID_WORDS.session]!,
    ];
    if (!this.#counts(windowMs, idWord)) return;
    if (this.#rows * STRIDE === this.#numbers.length && !this.#makeRoom()) return;
    if (!this.#counts(windowMs, idWord)) return;
    const at = this.#rows * STRIDE;
    const numbers = this.#numbers;
    numbers.fill(0, at, at + STRIDE);
    numbers[at + AT.shows] = shows;
    numbers[at + AT.traits] = traits;
    numbers[at + AT.source] = source;
    numbers[at + AT.clip] = clipHash;
    numbers[at + AT.firstMs] = windowMs;
    numbers[at + AT.lastMs] = timeOf(session.timestamps, session.count);
    if (listening) this.#fill(at, listening);
    numbers[at + AT.lowest] = session.seqNumbers[0]!;
    numbers[at + AT.highest] = session.seqNumbers[session.count - 1]!;
    for (let word = 0; word < KEY_WORDS; word += 1)
      this.#keys[this.#rows * KEY_WORDS + word] = session.ids[ID_WORDS.session + word]!;
    this.#byHash?.set(wideHash(this.#keys, this.#rows * KEY_WORDS), this.#rows);
    this.#rows += 1;
  }

  /**
   * Notes that a session that was added shows one more diagnosis. @param ids Holds the SessionId in four words, from index
   * `at`.
   */
  mark(ids: Uint32Array, at: number, diagnosis: number): void {
    this.#byHash ??= new Map(
      Array.from({ length: this.#rows }, (_, row) => [wideHash(this.#keys, row * KEY_WORDS), row]),
    );
    const row = this.#byHash.get(wideHash(ids, at));
    if (row === undefined) return;
    const shows = row * STRIDE + AT.shows;
    this.#numbers[shows] = this.#numbers[shows]! | (1 << diagnosis);
  }

  /** The sessions, by the time of their last event. */
  inTime(): readonly SessionFacts[] {
    const facts = Array.from(
      { length: this.#rows },
      (_, row) => new SessionFacts(this.#numbers, this.#keys, row),
    );
    return facts.sort((a, b) => a.get('lastMs') - b.get('lastMs') || (a.key < b.key ? -1 : 1));
  }

  #fill(at: number, listening: Listening): void {
    const { keptCount, positionsMs, timestampsMs, intervalCount, audioMs, clockMs, intervalStops } =
      listening;
    const numbers = this.#numbers;
    numbers[at + AT.firstPositionMs] = positionsMs[0]!;
    numbers[at + AT.lastMs] = timestampsMs[keptCount - 1]!;
    numbers[at + AT.lastPositionMs] = positionsMs[keptCount - 1]!;
    const lastStart = intervalCount > 0 ? intervalStops[intervalCount - 1]! - 1 : keptCount - 1;
    numbers[at + AT.lastStartMs] = timestampsMs[lastStart]!;
    numbers[at + AT.lastStartPositionMs] = positionsMs[lastStart]!;
    for (let n = 0; n < intervalCount; n += 1) {
      const [audio, clock] = [audioMs[n]!, clockMs[n]!];
      if (clock < LONG_INTERVAL_MS) continue;
      numbers[at + AT.minutes]! += 1;
      if (runsAt(audio * SECONDS_A_MINUTE, clock)) numbers[at + AT.atMinutes]! += 1;
      if (runsAt(audio * SECONDS_AN_HOUR, clock)) numbers[at + AT.atHours]! += 1;
    }
  }

  #counts(windowMs: number, idWord: number): boolean {
    if (this.#halved === 0) return true;
    const hash = Number.isNaN(windowMs) ? idWord : Math.floor(windowMs / WINDOW_MS);
    return mixed(hash) < HASHES / 2 ** this.#halved;
  }

  /** Makes room by growing or, at the limit, by leaving sessions out. Returns whether there is room. */
  #makeRoom(): boolean {
    if (this.#rows < MAX_ROWS) {
      const numbers = new Float64Array(this.#numbers.length * 2);
      numbers.set(this.#numbers);
      this.#numbers = numbers;
      const keys = new Uint32Array(this.#keys.length * 2);
      keys.set(this.#keys);
      this.#keys = keys;
      return true;
    }
    // If all sessions begin in the same ten minutes, the first ones are kept.
    while (this.#rows === MAX_ROWS && this.#halved < MAX_HALVED) {
      this.#halved += 1;
      let rows = 0;
      for (let row = 0; row < this.#rows; row += 1) {
        const at = row * STRIDE;
        if (!this.#counts(this.#numbers[at + AT.firstMs]!, this.#keys[row * KEY_WORDS]!)) continue;
        this.#numbers.copyWithin(rows * STRIDE, at, at + STRIDE);
        this.#keys.copyWithin(rows * KEY_WORDS, row * KEY_WORDS, (row + 1) * KEY_WORDS);
        rows += 1;
      }
      this.#rows = rows;
    }
    this.#byHash = null;
    return this.#rows < MAX_ROWS;
  }
}

function runsAt(audio: number, clock: number): boolean {
  return Math.abs(audio - clock) <= AGREEMENT * clock;
}

/** The latest time of a session whose `listening` is unknown. Its Timestamps can be in seconds or milliseconds. */
function timeOf(timestamps: Float64Array, count: number): number {
  let latest = 0;
  for (let i = 0; i < count; i += 1) {
    const timestamp = timestamps[i]!;
    const ms = timestamp < 1e11 ? timestamp * 1000 : timestamp;
    if (ms > latest && ms < 1e14) latest = ms;
  }
  return latest;
}

function mixed(word: number): number {
  let hash = Math.imul(word ^ 0x5bd1e995, 0x85ebca6b);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 13)) >>> 0;
}
