import {
  ABSENT_FLAG,
  COLUMNS as BATCH_COLUMNS,
  EVENT_FLAG,
  type EventBatch,
  growColumns,
  grown,
  ID_WORDS,
  type IdName,
  inWrittenCase,
  NO_ELEMENT,
  NO_SOURCE,
  OTHER_SOURCE,
  property,
  type RawEvent,
  SOURCES,
  WORDS_PER_EVENT,
} from './event-batch.js';
import { readGuid, sameGuid } from './guid.js';
import { Listening } from './listening.js';
import type { Input, Place, TextPosition } from './place.js';

/** The source of a session's events. It has the data that is not in the columns. */
export interface SessionOrigin {
  /** The event at `row` as it was written; called only where its flags say `raw`. */
  raw(row: number): RawEvent;
  /** Where the event at `row` begins; called only where its column is 0. */
  locate(row: number): TextPosition;
  /** The JSON pointer of the event at `row`; null where the input has no pointers. */
  pointer(row: number, element: number): string | null;
  /** Which entry of a HAR it is. */
  readonly entry?: number | undefined;
}

const FIRST_CAPACITY = 64;

/**
 * One listening session: the bare events of one SessionId, or its events in one request (API-9). The columns are
 * sorted by SeqNumber, then by input order. The object is reused for the next session: to keep a session, keep a
 * `copy`.
 */
export class Session {
  /** How many events the session has. */
  count = 0;
  /** The ids as in an `EventBatch`: twelve words per event. */
  ids = new Uint32Array(FIRST_CAPACITY * WORDS_PER_EVENT);
  /** The `EVENT_FLAG` bits of each event. */
  flags = new Uint16Array(FIRST_CAPACITY);
  /** Seconds along the audio, as written; NaN where it is not a number. */
  positions = new Float64Array(FIRST_CAPACITY);
  seqNumbers = new Float64Array(FIRST_CAPACITY);
  /** Unix seconds, as written; NaN where it is not a number. */
  timestamps = new Float64Array(FIRST_CAPACITY);
  /** As in an `EventBatch`. */
  sources = new Uint8Array(FIRST_CAPACITY);
  lines = new Uint32Array(FIRST_CAPACITY);
  columns = new Uint32Array(FIRST_CAPACITY);
  elements = new Int32Array(FIRST_CAPACITY);
  /** The number by which the origin identifies each event. */
  rows = new Float64Array(FIRST_CAPACITY);
  /** The input of each event: an index of `inputs`. */
  inputNumbers = new Uint16Array(FIRST_CAPACITY);
  inputs: readonly Input[] = [];

  /** The number of the request that holds the session, from 0; null for bare events. */
  request: number | null = null;
  /** Unix seconds, with fractions, at which its request began (captures and the mock); null where that is not known. */
  requestBeganAt: number | null = null;
  /** The Source of its request. Bare events have their own: `sourceOf`. */
  requestSource: string | undefined;
  /** The clip's duration in seconds, if a row has it. */
  clipDuration: number | undefined;

  /** Whether no event rule whose default severity is error finds anything in its events. */
  valid = true;
  /** Whether any of its events has a finding whose severity in force is error. */
  hasErrors = false;
  /** Whether events can differ in ClipId, OrganizationId or Source. If false, rules need not compare them. */
  mixed = false;
  /** Whether a SeqNumber occurs twice: the order of the events is not known then. */
  repeatsNumber = false;
  /**
   * How many events were left out because they repeat an event of an earlier input. The first of them is at index
   * `count` in the columns.
   */
  resent = 0;
  /** Whether it has intervals whose clock was computed from their audio. */
  derivesClock = false;
  /** The intervals. Not `known` where an event is not valid or a SeqNumber occurs twice. */
  readonly listening = new Listening();

  #origin: SessionOrigin = NO_ORIGIN;
  #capacity = FIRST_CAPACITY;
  #key: string | null = null;
  readonly #texts: Record<IdName, string> = { session: '', clip: '', organization: '' };
  readonly #textWords: Record<IdName, Uint32Array> = {
    session: new Uint32Array(4),
    clip: new Uint32Array(4),
    organization: new Uint32Array(4),
  };

  /** Starts another session, which has no events yet. */
  begin(
    origin: SessionOrigin,
    inputs: readonly Input[],
    request: number | null = null,
    requestSource?: string,
  ): void {
    this.count = 0;
    this.#origin = origin;
    this.inputs = inputs;
    this.request = request;
    this.requestBeganAt = null;
    this.requestSource = requestSource;
    this.clipDuration = undefined;
    this.valid = true;
    this.mixed = false;
    this.repeatsNumber = false;
    this.resent = 0;
    this.derivesClock = false;
    this.#key = null;
  }

  /** Makes room for at least this many events. */
  reserve(events: number): void {
    if (events <= this.#capacity) return;
    this.#capacity = Math.max(2 * this.#capacity, events);
    this.ids = grown(this.ids, this.#capacity * WORDS_PER_EVENT);
    growColumns(this, COLUMNS, this.#capacity);
  }

  /** Adds an event and returns its index. The caller fills every column. */
  push(): number {
    const i = this.count;
    this.reserve(i + 1);
    this.count = i + 1;
    return i;
  }

  /** Adds event `i` of a batch. @param inputNumber The index of its input in `inputs`. */
  add(batch: EventBatch, i: number, inputNumber = 0): void {
    const at = this.push();
    const { ids } = this;
    const from = i * WORDS_PER_EVENT;
    const to = at * WORDS_PER_EVENT;
    for (let word = 0; word < WORDS_PER_EVENT; word += 1) ids[to + word] = batch.ids[from + word]!;
    this.flags[at] = batch.flags[i]!;
    this.positions[at] = batch.positions[i]!;
    this.seqNumbers[at] = batch.seqNumbers[i]!;
    this.timestamps[at] = batch.timestamps[i]!;
    this.sources[at] = batch.sources[i]!;
    this.lines[at] = batch.lines[i]!;
    this.columns[at] = batch.columns[i]!;
    this.elements[at] = batch.elements[i]!;
    this.inputNumbers[at] = inputNumber;
    this.rows[at] = i;
    if (at > 0 && !this.mixed)
      this.mixed =
        this.sources[at] === OTHER_SOURCE ||
        this.sources[at] !== this.sources[at - 1] ||
        !this.#hasIdsOfPrevious(at);
  }

  /** Call once, after the last event: sorts the events and computes the intervals. */
  settle(): void {
    const { count, flags, seqNumbers } = this;
    let all = 0;
    for (let i = 0; i < count; i += 1) all |= flags[i]!;
    this.valid = (all & EVENT_FLAG.invalid) === 0;
    this.hasErrors = (all & EVENT_FLAG.error) !== 0;
    this.derivesClock = (all & EVENT_FLAG.derivedClock) !== 0;
    if ((all & EVENT_FLAG.unnumbered) !== 0) this.#assignSeqNumbers();
    let sorted = true;
    for (let i = 1; i < count && sorted; i += 1) sorted = seqNumbers[i - 1]! <= seqNumbers[i]!;
    if (!sorted) this.#sort();
    for (let i = 1; i < count && !this.repeatsNumber; i += 1)
      this.repeatsNumber = seqNumbers[i] === seqNumbers[i - 1];
    this.listening.clear();
    if (this.valid && !this.repeatsNumber) this.listening.read(this, 0, count);
  }

  /** Whether event `i` ends an interval whose clock was computed from its audio (tables), so that its clock proves nothing. */
  hasDerivedClock(i: number): boolean {
    return (this.flags[i]! & EVENT_FLAG.derivedClock) !== 0;
  }

  /** Milliseconds of audio played, without intervals whose clock was computed from their audio. */
  get observedPlayedMs(): number {
    const { playedMs, intervalCount, intervalStops, kept, audioMs } = this.listening;
    if (!this.derivesClock) return playedMs;
    let observed = 0;
    for (let n = 0; n < intervalCount; n += 1)
      if (!this.hasDerivedClock(kept[intervalStops[n]!]!)) observed += Math.max(0, audioMs[n]!);
    return observed;
  }

  /**
   * Leaves out events that are equal in all fields to an event of an earlier input. Call it before `settle`. The first
   * event left out stays in the columns, at index `count`.
   */
  leaveOutResent(): void {
    const seen = new Map<string, number>();
    const kept: number[] = [];
    let first = -1;
    for (let i = 0; i < this.count; i += 1) {
      const content = this.#contentOf(i);
      const input = this.inputNumbers[i]!;
      const earlier = seen.get(content);
      if (earlier === undefined) seen.set(content, input);
      if (earlier === undefined || earlier === input) kept.push(i);
      else if (first < 0) first = i;
    }
    if (first < 0) return;
    this.resent = this.count - kept.length;
    this.#rearrange([...kept, first]);
    this.count = kept.length;
  }

  /** The SessionId in lower case: GUIDs are compared ignoring case. */
  get key(): string {
    this.#key ??= readGuid(this.ids, ID_WORDS.session);
    return this.#key;
  }

  /** The Source of its request, or of the first event that has one. */
  get source(): string | undefined {
    if (this.request !== null) return this.requestSource;
    for (let i = 0; i < this.count; i += 1) {
      const source = this.sourceOf(i);
      if (source !== undefined) return source;
    }
    return undefined;
  }

  /** The Source of event `i`: the event's own Source, or the Source of its request. */
  sourceOf(i: number): string | undefined {
    if (this.request !== null) return this.requestSource;
    const source = this.sources[i]!;
    if (source === NO_SOURCE) return undefined;
    return source === OTHER_SOURCE ? String(property(this.raw(i).value, 'Source')) : SOURCES[source - 1];
  }

  isStop(i: number): boolean {
    return (this.flags[i]! & EVENT_FLAG.stop) !== 0;
  }

  /** Whether no event rule whose default severity is error finds anything in event `i`. */
  isValid(i: number): boolean {
    return (this.flags[i]! & EVENT_FLAG.invalid) === 0;
  }

  isRaw(i: number): boolean {
    return (this.flags[i]! & EVENT_FLAG.raw) !== 0;
  }

  /** The SeqNumber of event `i`, or null where it is not a number. */
  seqNumberOf(i: number): number | null {
    const seqNumber = this.seqNumbers[i]!;
    return Number.isNaN(seqNumber) ? null : seqNumber;
  }

  /** An id of event `i` as it was written, or null where it is not a GUID. */
  idOf(i: number, name: IdName): string | null {
    const flags = this.flags[i]!;
    if ((flags & ABSENT_FLAG[name]) !== 0) return null;
    return inWrittenCase(this.#lowerCaseId(i, name), flags, name, () => this.raw(i));
  }

  /** The first GUID among the ids of its events, as written; null without one. */
  firstId(name: IdName): string | null {
    for (let i = 0; i < this.count; i += 1) {
      const id = this.idOf(i, name);
      if (id !== null) return id;
    }
    return null;
  }

  /** Whether two events have the same id, ignoring case. Both ids must be GUIDs. */
  hasSameId(i: number, j: number, name: IdName): boolean {
    const word = ID_WORDS[name];
    return sameGuid(this.ids, i * WORDS_PER_EVENT + word, this.ids, j * WORDS_PER_EVENT + word);
  }

  /** Event `i` as it was written. Its flags must say `raw`. */
  raw(i: number): RawEvent {
    return this.#origin.raw(this.rows[i]!);
  }

  /** Whether event `i` was read from rows of a table, which have no JSON pointers and no request. */
  isOfTable(i: number): boolean {
    return this.request === null && this.#origin.pointer(this.rows[i]!, this.elements[i]!) === null;
  }

  /** The place of event `i`. */
  placeOf(i: number): Place {
    const row = this.rows[i]!;
    const known = this.columns[i]! > 0;
    const at = known ? { line: this.lines[i]!, column: this.columns[i]! } : this.#origin.locate(row);
    return {
      input: this.inputs[this.inputNumbers[i]!]!,
      line: at.line,
      column: at.column,
      pointer: this.#origin.pointer(row, this.elements[i]!),
      request: this.request,
      entry: this.#origin.entry,
    };
  }

  /** A copy of the session, which keeps its events when this object is reused. */
  copy(): Session {
    const copy = new Session();
    const raws = new Map<number, RawEvent>();
    const positions = new Map<number, TextPosition>();
    const prefixes: (string | null)[] = [];
    const prefixOf = new Uint8Array(this.count);
    for (let i = 0; i < this.count; i += 1) {
      if (this.isRaw(i)) raws.set(i, this.raw(i));
      if (this.columns[i] === 0) positions.set(i, this.#origin.locate(this.rows[i]!));
      const prefix = this.#prefixOf(i);
      prefixOf[i] = prefixes.includes(prefix) ? prefixes.indexOf(prefix) : prefixes.push(prefix) - 1;
    }
    const origin: SessionOrigin = {
      raw: (row) => raws.get(row)!,
      locate: (row) => positions.get(row)!,
      pointer: (row, element) => {
        const prefix = prefixes[prefixOf[row]!]!;
        return prefix === null ? null : prefix + pointerOf(element);
      },
      entry: this.#origin.entry,
    };
    copy.begin(origin, [...this.inputs], this.request, this.requestSource);
    copy.requestBeganAt = this.requestBeganAt;
    copy.clipDuration = this.clipDuration;
    copy.mixed = this.mixed;
    for (let i = 0; i < this.count; i += 1) {
      copy.push();
      copy.#copyEvent(this, i, i);
      copy.rows[i] = i;
      copy.flags[i]! &= ~EVENT_FLAG.unnumbered;
    }
    copy.settle();
    return copy;
  }

  /** The pointer of event `i` without its last part, the index in an array. It is the same for most events of a session. */
  #prefixOf(i: number): string | null {
    const element = this.elements[i]!;
    const pointer = this.#origin.pointer(this.rows[i]!, element);
    return pointer === null ? null : pointer.slice(0, pointer.length - pointerOf(element).length);
  }

  /** Overwrites event `to` with event `from` of another session, of the same inputs and origin. */
  #copyEvent(other: Session, from: number, to: number): void {
    this.ids.set(
      other.ids.subarray(from * WORDS_PER_EVENT, (from + 1) * WORDS_PER_EVENT),
      to * WORDS_PER_EVENT,
    );
    for (const name of COLUMNS) this[name][to] = other[name][from]!;
  }

  /** Whether event `i` has the clip and the organization of the event before it. */
  #hasIdsOfPrevious(i: number): boolean {
    const { ids } = this;
    const at = i * WORDS_PER_EVENT;
    for (let word = at + ID_WORDS.clip; word < at + WORDS_PER_EVENT; word += 1)
      if (ids[word] !== ids[word - WORDS_PER_EVENT]) return false;
    return true;
  }

  /** An id of event `i` in lower case. The text of the last one is kept, since most events repeat it. */
  #lowerCaseId(i: number, name: IdName): string {
    const at = i * WORDS_PER_EVENT + ID_WORDS[name];
    const known = this.#textWords[name];
    if (this.#texts[name] !== '' && sameGuid(known, 0, this.ids, at)) return this.#texts[name];
    for (let word = 0; word < 4; word += 1) known[word] = this.ids[at + word]!;
    this.#texts[name] = readGuid(this.ids, at);
    return this.#texts[name];
  }

  /**
   * Numbers the events that have no SeqNumber by Timestamp. The sort is stable: events with the same Timestamp stay in
   * input order.
   */
  #assignSeqNumbers(): void {
    const { flags, timestamps, seqNumbers } = this;
    const timeOf = (i: number): number => (this.isValid(i) ? timestamps[i]! : 0);
    const order: number[] = [];
    for (let i = 0; i < this.count; i += 1) if ((flags[i]! & EVENT_FLAG.unnumbered) !== 0) order.push(i);
    order.sort((a, b) => timeOf(a) - timeOf(b));
    for (const [n, i] of order.entries()) seqNumbers[i] = n + 1;
  }

  /** Sorts the events by SeqNumber. Events without one are last. */
  #sort(): void {
    const { count, seqNumbers } = this;
    const order = Array.from({ length: count }, (_, i) => i);
    const rank = (i: number): number =>
      Number.isNaN(seqNumbers[i]!) ? Number.POSITIVE_INFINITY : seqNumbers[i]!;
    order.sort((a, b) => {
      const [x, y] = [rank(a), rank(b)];
      return x < y ? -1 : Number(x > y);
    });
    this.#rearrange(order);
  }

  /** A text that is equal for two events if all their fields are equal. */
  #contentOf(i: number): string {
    if (this.isRaw(i)) return JSON.stringify(this.raw(i).value);
    const at = i * WORDS_PER_EVENT;
    const ids = this.ids.subarray(at, at + WORDS_PER_EVENT).join();
    return [
      ids,
      this.isStop(i),
      this.sources[i],
      this.positions[i],
      this.seqNumbers[i],
      this.timestamps[i],
    ].join();
  }

  /** Reorders the events: `order` lists their current indexes. */
  #rearrange(order: readonly number[]): void {
    for (const name of COLUMNS) {
      const column = this[name];
      const before = column.slice(0, this.count);
      for (let i = 0; i < order.length; i += 1) column[i] = before[order[i]!]!;
    }
    const ids = this.ids.slice(0, this.count * WORDS_PER_EVENT);
    for (let i = 0; i < order.length; i += 1) {
      const from = order[i]! * WORDS_PER_EVENT;
      this.ids.set(ids.subarray(from, from + WORDS_PER_EVENT), i * WORDS_PER_EVENT);
    }
  }
}

/** The origin of events that are completely in columns and do not come from an input. */
export const NO_ORIGIN: SessionOrigin = {
  raw: () => ({ value: null }),
  locate: () => ({ line: 1, column: 1 }),
  pointer: (_, element) => pointerOf(element),
};

/** The columns with one number for each event. */
const COLUMNS = [...BATCH_COLUMNS, 'rows', 'inputNumbers'] as const;

/** The JSON pointer of an event: an element of the document's array, or the document itself. */
export function pointerOf(element: number): string {
  return element === NO_ELEMENT ? '' : `/${element}`;
}
