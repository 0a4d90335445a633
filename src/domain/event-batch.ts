import { isGuid, readGuid } from './guid.js';
import type { TextPosition } from './place.js';

/** Where the four words of each id begin among the words of an event. */
export const ID_WORDS = { session: 0, clip: 4, organization: 8 } as const;
export const WORDS_PER_EVENT = 12;

export type IdName = keyof typeof ID_WORDS;

/** The ids by the names that the API gives them. */
export const ID_FIELDS = {
  session: 'SessionId',
  clip: 'ClipId',
  organization: 'OrganizationId',
} as const satisfies Record<IdName, string>;

/** The five documented Sources (API-4); `Web` is for Omny's own players. */
export const SOURCES = ['MobileApp', 'SmartSpeaker', 'CustomWeb', 'Custom', 'Web'] as const;
export type Source = (typeof SOURCES)[number];

/** The bits of an event's flags. */
export const EVENT_FLAG = {
  /** The Type is Stop. Otherwise it is Start, or with `noType` neither. */
  stop: 1,
  /** The id is written in upper case. Otherwise in lower case, or (`raw`) in both. */
  upperSession: 2,
  upperClip: 4,
  upperOrganization: 8,
  /** The id is absent or no GUID; its words are 0. */
  noSession: 16,
  noClip: 32,
  noOrganization: 64,
  /** The Type is absent, or neither Start nor Stop. */
  noType: 128,
  /** Meets the condition of an event rule whose default severity is error: its session gets no session rule but two. */
  invalid: 256,
  /** The columns do not say all that was written: the JSON value stands beside them. */
  raw: 512,
  /** Has no SeqNumber of its own: it is numbered by Timestamp, then in the order of arrival. */
  unnumbered: 1024,
  /** A finding of severity error, as it is in force, was made of it. */
  error: 2048,
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

/** What stands in `sources`: no Source, a documented one (its place among them, from 1), or another text (in the raw value). */
export const NO_SOURCE = 0;
export const OTHER_SOURCE = 255;

/** What stands in `elements` where an event is no element of an array. */
export const NO_ELEMENT = -1;

/** What an event was written as, where columns do not say it all. */
export interface RawEvent {
  /** The JSON value. */
  readonly value: unknown;
  /** The JSON value before it was changed on the way (`convert --fix`); absent where it was not. */
  readonly original?: unknown;
}

/** Finds the text of an event of a batch, for as long as the batch is being handled. */
export interface EventLocator {
  /**
   * Where the value behind a JSON pointer below event `i` stands; of a value that is absent, where its parent stands. An empty pointer: the
   * event itself.
   */
  locate(i: number, pointer: string): TextPosition;
}

const FIRST_CAPACITY = 64;

/**
 * Events of one input or one request, in the order in which they were read, their values side by side. A number is NaN where the event has
 * none; what else is wrong with an event is in its flags, and its JSON value in `raws`. A reader uses a batch again for its next chunk.
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
  /** Where the event begins, from 1. A column of 0: `locator` knows. */
  lines = new Uint32Array(0);
  columns = new Uint32Array(0);
  /** The event's place in the array that it is an element of. */
  elements = new Int32Array(0);
  /** Seconds that a row gives for its clip, NaN where it gives none; null where no event of the batch has any. */
  durations: Float64Array | null = null;
  /** By the place in the batch. */
  readonly raws = new Map<number, RawEvent>();
  locator: EventLocator | null = null;

  /** @param capacity How many events there is room for at first. */
  constructor(capacity = FIRST_CAPACITY) {
    this.reserve(capacity);
  }

  /** Makes room for so many events in all. */
  reserve(capacity: number): void {
    if (capacity <= this.capacity) return;
    const { ids, flags, positions, seqNumbers, timestamps, sources, lines, columns, elements } = this;
    (this.ids = new Uint32Array(capacity * WORDS_PER_EVENT)).set(ids);
    (this.flags = new Uint16Array(capacity)).set(flags);
    (this.positions = new Float64Array(capacity)).set(positions);
    (this.seqNumbers = new Float64Array(capacity)).set(seqNumbers);
    (this.timestamps = new Float64Array(capacity)).set(timestamps);
    (this.sources = new Uint8Array(capacity)).set(sources);
    (this.lines = new Uint32Array(capacity)).set(lines);
    (this.columns = new Uint32Array(capacity)).set(columns);
    (this.elements = new Int32Array(capacity)).set(elements);
    const { durations } = this;
    if (durations) (this.durations = new Float64Array(capacity).fill(Number.NaN)).set(durations);
    this.capacity = capacity;
  }

  /** Room for one more event, of which nothing is known yet; gives its place. It counts at once. */
  push(): number {
    const i = this.count;
    if (i === this.capacity) this.reserve(Math.max(FIRST_CAPACITY, 2 * i));
    this.count = i + 1;
    this.flags[i] = 0;
    this.sources[i] = NO_SOURCE;
    this.elements[i] = NO_ELEMENT;
    return i;
  }

  /** Notes the seconds that a row gives for its clip. */
  setDuration(i: number, seconds: number): void {
    this.durations ??= new Float64Array(this.capacity).fill(Number.NaN);
    this.durations[i] = seconds;
  }

  /** Forgets all events; their room stays. */
  clear(): void {
    this.count = 0;
    this.durations = null;
    this.locator = null;
    if (this.raws.size > 0) this.raws.clear();
  }
}

/** An id of event `i` as it was written; null where it is not well formed. */
export function writtenId({ ids, flags, raws }: EventBatch, i: number, name: IdName): string | null {
  if ((flags[i]! & ABSENT_FLAG[name]) !== 0) return null;
  return asWritten(readGuid(ids, i * WORDS_PER_EVENT + ID_WORDS[name]), flags[i]!, name, () => raws.get(i)!);
}

/** An id in the letter case in which an event with these flags writes it. */
export function asWritten(id: string, flags: number, name: IdName, raw: () => RawEvent): string {
  if ((flags & UPPER_FLAG[name]) !== 0) return id.toUpperCase();
  if ((flags & EVENT_FLAG.raw) === 0) return id;
  const written = property(raw().value, ID_FIELDS[name]);
  return isGuid(written) ? written : id;
}

/** A property of a JSON value; undefined where the value is no object, or has none of that name. */
export function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
