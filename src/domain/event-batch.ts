import { isGuid, readGuid } from './guid.js';
import type { TextPosition } from './place.js';

/** The index of each id's first word. An event has twelve words of 32 bits: four per id. */
export const ID_WORDS = { session: 0, clip: 4, organization: 8 } as const;
export const WORDS_PER_EVENT = 12;

export type IdName = keyof typeof ID_WORDS;

/** The API's name of each id. */
export const ID_FIELDS = {
  session: 'SessionId',
  clip: 'ClipId',
  organization: 'OrganizationId',
} as const satisfies Record<IdName, string>;

/** The five documented Sources (API-4). `Web` is for Omny's own players. */
export const SOURCES = ['MobileApp', 'SmartSpeaker', 'CustomWeb', 'Custom', 'Web'] as const;
export type Source = (typeof SOURCES)[number];

/** The bits of `flags`. */
export const EVENT_FLAG = {
  /** The Type is Stop. If not set, the Type is Start, or with `noType` neither. */
  stop: 1,
  /** The id is written in upper case. If not set, it is in lower case, or with `raw` in mixed case. */
  upperSession: 2,
  upperClip: 4,
  upperOrganization: 8,
  /** The id is absent or not a GUID. Its words are 0. */
  noSession: 16,
  noClip: 32,
  noOrganization: 64,
  /** The Type is absent, or neither Start nor Stop. */
  noType: 128,
  /**
   * An event rule whose default severity is error finds something in it. Then only session rules with `needs: 'ids'`
   * check its session.
   */
  invalid: 256,
  /** The columns do not hold the whole event: `raws` has its JSON value. */
  raw: 512,
  /** The event came without a SeqNumber. `Session.settle` numbers these events by Timestamp, then by their order in the input. */
  unnumbered: 1024,
  /** Has a finding whose severity in force (`--rule`) is error. */
  error: 2048,
  /**
   * Ends an interval whose clock was computed from its audio (tables). Rules about clock and speed skip it: they would
   * only check that arithmetic.
   */
  derivedClock: 4096,
} as const;

export const UPPER_FLAG = {
  session: EVENT_FLAG.upperSession,
  clip: EVENT_FLAG.upperClip,
  organization: EVENT_FLAG.upperOrganization,
} as const satisfies Record<IdName, number>;

export const ABSENT_FLAG = {
  session: EVENT_FLAG.noSession,
  clip: EVENT_FLAG.noClip,
  organization: EVENT_FLAG.noOrganization,
} as const satisfies Record<IdName, number>;

/**
 * The values of `sources`: 0 for no Source; the number of a documented one in SOURCES, from 1; or the number for
 * another text, which is in the raw value.
 */
export const NO_SOURCE = 0;
export const OTHER_SOURCE = 255;

/** The value of `elements` for an event outside an array. */
export const NO_ELEMENT = -1;

/** The JSON value of an event that the columns do not hold completely. */
export interface RawEvent {
  /** The JSON value. */
  readonly value: unknown;
  /** The JSON value before `convert --fix` changed it. Absent if it was not changed. */
  readonly original?: unknown;
}

/** Finds the position of an event in the input's text, until the batch is used again. */
export interface EventLocator {
  /**
   * The position of the value at a JSON pointer below event `i`, or of its parent where the value is absent. An empty pointer means the
   * event itself.
   */
  locate(i: number, pointer: string): TextPosition;
}

const FIRST_CAPACITY = 64;

/** The columns with one number for each event. */
export const COLUMNS = [
  'flags',
  'positions',
  'seqNumbers',
  'timestamps',
  'sources',
  'lines',
  'columns',
  'elements',
] as const;

/**
 * Events of one input or one request in the order in which they were read, one column for each value. An absent or
 * invalid number is NaN. All other faults of an event are in its flags, and its JSON value is in `raws`. A reader
 * reuses a batch for its next chunk.
 */
export class EventBatch {
  count = 0;
  capacity = 0;
  ids = new Uint32Array(0);
  flags = new Uint16Array(0);
  positions = new Float64Array(0);
  seqNumbers = new Float64Array(0);
  timestamps = new Float64Array(0);
  sources = new Uint8Array(0);
  /** Where the event begins, from 1. Column 0: `locator` finds it. */
  lines = new Uint32Array(0);
  columns = new Uint32Array(0);
  /** The index of the event in the array that holds it, or `NO_ELEMENT`. */
  elements = new Int32Array(0);
  /** The clip's duration in seconds according to the event's row, or NaN; null where no event of the batch has one. */
  durations: Float64Array | null = null;
  /** The events with the flag `raw`, by index. */
  readonly raws = new Map<number, RawEvent>();
  locator: EventLocator | null = null;

  /** @param capacity How many events fit before the columns grow. */
  constructor(capacity = FIRST_CAPACITY) {
    this.reserve(capacity);
  }

  /** Makes room for at least `capacity` events. */
  reserve(capacity: number): void {
    if (capacity <= this.capacity) return;
    this.ids = grown(this.ids, capacity * WORDS_PER_EVENT);
    growColumns(this, COLUMNS, capacity);
    const { durations } = this;
    if (durations) {
      this.durations = new Float64Array(capacity).fill(Number.NaN);
      this.durations.set(durations);
    }
    this.capacity = capacity;
  }

  /**
   * Adds an event and returns its index. The caller must set ids, numbers and place: they still hold the values of an
   * earlier event.
   */
  push(): number {
    const i = this.count;
    if (i === this.capacity) this.reserve(Math.max(FIRST_CAPACITY, 2 * i));
    this.count = i + 1;
    this.flags[i] = 0;
    this.sources[i] = NO_SOURCE;
    this.elements[i] = NO_ELEMENT;
    return i;
  }

  /** Sets the clip's duration in seconds according to the event's row. */
  setDuration(i: number, seconds: number): void {
    this.durations ??= new Float64Array(this.capacity).fill(Number.NaN);
    this.durations[i] = seconds;
  }

  /** Removes all events, but keeps the columns' memory. */
  clear(): void {
    this.count = 0;
    this.durations = null;
    this.locator = null;
    if (this.raws.size > 0) this.raws.clear();
  }
}

export type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** Enlarges columns to hold this many values. */
export function growColumns<Name extends string>(
  columns: Record<Name, Column>,
  names: readonly Name[],
  length: number,
): void {
  for (const name of names) columns[name] = grown(columns[name], length);
}

/** A copy of a column with room for `length` values. */
export function grown<Some extends Column>(column: Some, length: number): Some {
  const larger = new (column.constructor as new (length: number) => Some)(length);
  larger.set(column);
  return larger;
}

/** An id of event `i` as it was written, or null where it is not a GUID. */
export function writtenId({ ids, flags, raws }: EventBatch, i: number, name: IdName): string | null {
  if ((flags[i]! & ABSENT_FLAG[name]) !== 0) return null;
  return inWrittenCase(
    readGuid(ids, i * WORDS_PER_EVENT + ID_WORDS[name]),
    flags[i]!,
    name,
    () => raws.get(i)!,
  );
}

/** Converts a lower-case id to the letter case that the event has. */
export function inWrittenCase(id: string, flags: number, name: IdName, raw: () => RawEvent): string {
  if ((flags & UPPER_FLAG[name]) !== 0) return id.toUpperCase();
  if ((flags & EVENT_FLAG.raw) === 0) return id;
  const written = property(raw().value, ID_FIELDS[name]);
  return isGuid(written) ? written : id;
}

/** A property of a JSON value itself, not of its prototype; undefined where the value is not an object or lacks it. */
export function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
