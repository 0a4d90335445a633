import { deserialize, serialize } from 'node:v8';
import type { ListeningEvent } from '../domain/event.js';
import { readGuid, writeGuid } from '../domain/guid-words.js';
import type { Input, Place } from '../domain/place.js';
import { ID_WORDS, ID_WORDS_AN_EVENT, type PlainEvents, UPPER } from '../domain/plain-events.js';
import type { SessionEvent } from '../domain/session.js';
import { RESERVED_SOURCE, SOURCES } from '../wire/body.js';
import { Blobs } from './blobs.js';
import type { GroupedEvent } from './grouped-event.js';
import { GuidNumbers } from './guid-numbers.js';
import { Interned } from './interned.js';
import type { MemoryBudget } from './memory.js';
import { type PlainOrigin, plainlyGrouped } from './plain-grouped.js';
import { POINTER, pointerNumber, pointerOf } from './row-pointer.js';
import { FLAG, REAL, ROW_WORDS, type Rows, WORD } from './rows.js';

const HALF = 0x1_0000;
const WORDS = 0x1_0000_0000;

const CUSTOM_SOURCES: ReadonlySet<string | undefined> = new Set(
  SOURCES.filter((source) => source !== RESERVED_SOURCE),
);

/** What a text that repeats takes, roughly, with its entry in the table. */
const INTERNED_BYTES = 160;
const INTERNED_SHARE = 8;

interface Cases {
  readonly lower: GuidNumbers;
  readonly upper: GuidNumbers;
}

interface WholeEvent extends Omit<GroupedEvent, 'event'> {
  readonly event: Omit<SessionEvent, 'place'>;
  readonly place: Omit<Place, 'input'>;
  readonly input: number;
}

/** The texts behind the numbers that rows hold. */
export interface RowTexts {
  /** The ClipId of a row, as written. */
  clipIdOf(number: number): string;
  /** The OrganizationId of a row, as written. */
  organizationIdOf(organizationAndSource: number): string;
  sourceOf(organizationAndSource: number): string | undefined;
}

/**
 * Writes bare events into rows and reads them back, each as it was. A sound event with nothing unusual takes a row and no more; any other is
 * kept whole beside it, so that no value is lost.
 */
export class EventRows implements RowTexts {
  readonly #blobs: Blobs;
  readonly #clips: Interned<string>;
  readonly #organizations: Interned<string>;
  readonly #sources: Interned<string>;
  readonly #durations: Interned<number>;
  readonly #inputs: Input[] = [];
  readonly #clipNumbers: Cases;
  readonly #organizationNumbers: Cases;

  constructor({ bytes, folder }: MemoryBudget) {
    const most = Math.max(16, Math.floor(bytes / INTERNED_SHARE / INTERNED_BYTES));
    this.#blobs = new Blobs(folder);
    this.#clips = new Interned(most);
    this.#organizations = new Interned(Math.min(most, HALF));
    this.#clipNumbers = casesOf(this.#clips);
    this.#organizationNumbers = casesOf(this.#organizations);
    this.#sources = new Interned(Math.min(most, HALF - 1));
    this.#durations = new Interned(Math.min(most, HALF - 1));
  }

  /** Bytes in memory besides the rows. */
  get heldBytes(): number {
    const interned = this.#clips.size + this.#organizations.size + this.#sources.size + this.#durations.size;
    return this.#blobs.heldBytes + interned * INTERNED_BYTES;
  }

  clipIdOf(number: number): string {
    return this.#clips.valueOf(number);
  }

  organizationIdOf(organizationAndSource: number): string {
    return this.#organizations.valueOf(organizationAndSource % HALF);
  }

  sourceOf(organizationAndSource: number): string | undefined {
    const source = organizationAndSource >>> 16;
    return source === 0 ? undefined : this.#sources.valueOf(source - 1);
  }

  /** Puts on disk what can be. */
  spill(): void {
    this.#blobs.spill();
  }

  close(): void {
    this.#blobs.close();
  }

  /** @param key The SessionId in lower case. */
  write(rows: Rows, ordinal: number, key: string, grouped: GroupedEvent): void {
    const row = rows.push();
    const at = row * ROW_WORDS;
    writeGuid(key, rows.words, at + WORD.key);
    rows.words[at + WORD.ordinal] = ordinal;
    if (!this.#writePlain(rows, row, key, grouped)) this.#writeWhole(rows, row, grouped);
  }

  /** Writes event `i` of those a reader found sound. */
  writeRead(rows: Rows, ordinal: number, of: PlainOrigin, events: PlainEvents, i: number): void {
    const ids = i * ID_WORDS_AN_EVENT;
    const upper = events.upper[i]!;
    const clips = (upper & UPPER.clip) === 0 ? this.#clipNumbers.lower : this.#clipNumbers.upper;
    const clip = clips.numberOf(events.ids, ids + ID_WORDS.clip);
    const { lower, upper: higher } = this.#organizationNumbers;
    const organizations = (upper & UPPER.organization) === 0 ? lower : higher;
    const organization = organizations.numberOf(events.ids, ids + ID_WORDS.organization);
    const source = this.#sourceNumber(events.sources[i]!);
    const input = this.inputNumber(of.input);
    if (clip === undefined || organization === undefined || source === undefined || input >= HALF) {
      const key = readGuid(events.ids, ids + ID_WORDS.session);
      this.write(rows, ordinal, key, plainlyGrouped(of, events, i));
      return;
    }
    const at = rows.push() * ROW_WORDS;
    const { words, reals } = rows;
    for (let word = 0; word < 4; word += 1) words[at + WORD.key + word] = events.ids[ids + word]!;
    reals[(at >> 1) + REAL.position] = events.positions[i]!;
    reals[(at >> 1) + REAL.timestamp] = events.timestamps[i]!;
    words[at + WORD.seqNumber] = events.seqNumbers[i]!;
    words[at + WORD.line] = events.lines[i]!;
    words[at + WORD.ordinal] = ordinal;
    words[at + WORD.clip] = clip;
    words[at + WORD.organizationAndSource] = organization | ((source + 1) << 16);
    words[at + WORD.pointer] = of.pointer === null ? POINTER.none : POINTER.root;
    words[at + WORD.inputAndColumn] = input | (events.columns[i]! << 16);
    words[at + WORD.flags] =
      (events.stops[i]! === 1 ? FLAG.stop : 0) |
      ((upper & UPPER.session) === 0 ? 0 : FLAG.upperCase) |
      (events.sources[i]! > 0 && isCustom(SOURCES[events.sources[i]! - 1]) ? FLAG.customSource : 0);
  }

  read(rows: Rows, row: number): GroupedEvent {
    return (rows.words[row * ROW_WORDS + WORD.flags]! & FLAG.whole) === 0
      ? this.#readPlain(rows, row)
      : this.#readWhole(rows, row);
  }

  #writePlain({ words, reals }: Rows, row: number, key: string, grouped: GroupedEvent): boolean {
    const { event, unnumbered, clipDuration, invalid, findings = [] } = grouped;
    const { sound, place } = event;
    if (findings.length > 0) return false;
    if (!sound || !isPlain(event, sound, unnumbered) || place.request !== null) return false;
    const upperCase = sound.sessionId !== key;
    if (upperCase && sound.sessionId !== key.toUpperCase()) return false;
    const pointer = pointerNumber(place.pointer);
    const clip = this.#clips.numberOf(sound.clipId);
    const organization = this.#organizations.numberOf(sound.organizationId);
    const source = event.source === undefined ? -1 : this.#sources.numberOf(event.source);
    const duration = clipDuration === undefined ? -1 : this.#durations.numberOf(clipDuration);
    const input = this.inputNumber(place.input);
    if (clip === undefined || organization === undefined || source === undefined) return false;
    if (duration === undefined || pointer === undefined || input >= HALF) return false;
    if (place.line >= WORDS || place.column >= HALF) return false;
    const at = row * ROW_WORDS;
    reals[(at >> 1) + REAL.position] = sound.position;
    reals[(at >> 1) + REAL.timestamp] = sound.timestamp;
    words[at + WORD.seqNumber] = sound.seqNumber;
    words[at + WORD.line] = place.line;
    words[at + WORD.clip] = clip;
    words[at + WORD.organizationAndSource] = organization | ((source + 1) << 16);
    words[at + WORD.pointer] = pointer;
    words[at + WORD.inputAndColumn] = input | (place.column << 16);
    words[at + WORD.flags] =
      (sound.type === 'Stop' ? FLAG.stop : 0) |
      (upperCase ? FLAG.upperCase : 0) |
      (unnumbered ? FLAG.unnumbered : 0) |
      (invalid ? FLAG.invalid : 0) |
      (isCustom(event.source) ? FLAG.customSource : 0) |
      ((duration + 1) << 16);
    return true;
  }

  #readPlain({ words, reals }: Rows, row: number): GroupedEvent {
    const at = row * ROW_WORDS;
    const flags = words[at + WORD.flags]!;
    const key = readGuid(words, at + WORD.key);
    const sessionId = (flags & FLAG.upperCase) === 0 ? key : key.toUpperCase();
    const shared = words[at + WORD.organizationAndSource]!;
    const where = words[at + WORD.inputAndColumn]!;
    const unnumbered = (flags & FLAG.unnumbered) !== 0;
    const organizationId = this.organizationIdOf(shared);
    const clipId = this.#clips.valueOf(words[at + WORD.clip]!);
    const seqNumber = words[at + WORD.seqNumber]!;
    return {
      event: {
        place: {
          input: this.#inputs[where % HALF]!,
          line: words[at + WORD.line]!,
          column: where >>> 16,
          pointer: pointerOf(words[at + WORD.pointer]!),
          request: null,
        },
        organizationId,
        clipId,
        sessionId,
        seqNumber: unnumbered ? null : seqNumber,
        source: this.sourceOf(shared),
        sound: {
          organizationId,
          clipId,
          sessionId,
          type: (flags & FLAG.stop) === 0 ? 'Start' : 'Stop',
          position: reals[(at >> 1) + REAL.position]!,
          seqNumber,
          timestamp: reals[(at >> 1) + REAL.timestamp]!,
        },
        written: undefined,
      },
      unnumbered,
      clipDuration: flags >>> 16 === 0 ? undefined : this.#durations.valueOf((flags >>> 16) - 1),
      invalid: (flags & FLAG.invalid) !== 0,
    };
  }

  #writeWhole({ words, reals }: Rows, row: number, { event, ...rest }: GroupedEvent): void {
    const { place, ...values } = event;
    const { input, ...where } = place;
    const whole: WholeEvent = { ...rest, event: values, place: where, input: this.inputNumber(input) };
    const bytes = serialize(whole);
    const at = row * ROW_WORDS;
    reals[(at >> 1) + REAL.position] = this.#blobs.add(bytes);
    words[at + WORD.seqNumber] = bytes.length;
    words[at + WORD.flags] = FLAG.whole;
  }

  #readWhole({ words, reals }: Rows, row: number): GroupedEvent {
    const at = row * ROW_WORDS;
    const bytes = this.#blobs.read(reals[(at >> 1) + REAL.position]!, words[at + WORD.seqNumber]!);
    const { event, place, input, ...rest } = deserialize(bytes) as WholeEvent;
    return { ...rest, event: { ...event, place: { ...place, input: this.#inputs[input]! } } };
  }

  /** The number of a documented Source by its place among them, from 1; -1 of none; undefined where there is no room for it. */
  #sourceNumber(place: number): number | undefined {
    return place === 0 ? -1 : this.#sources.numberOf(SOURCES[place - 1]!);
  }

  /** The number of an input that rows hold. */
  inputNumber(input: Input): number {
    const last = this.#inputs.length - 1;
    if (this.#inputs[last] === input) return last;
    const known = this.#inputs.indexOf(input);
    return known >= 0 ? known : this.#inputs.push(input) - 1;
  }
}

function isCustom(source: string | undefined): boolean {
  return CUSTOM_SOURCES.has(source);
}

function casesOf(interned: Interned<string>): Cases {
  return { lower: new GuidNumbers(interned), upper: new GuidNumbers(interned, true) };
}

/** Whether `sound` says everything that the event holds. */
function isPlain(event: SessionEvent, sound: ListeningEvent, unnumbered: boolean): boolean {
  return (
    event.written === undefined &&
    event.was === undefined &&
    event.sessionId === sound.sessionId &&
    event.clipId === sound.clipId &&
    event.organizationId === sound.organizationId &&
    event.seqNumber === (unnumbered ? null : sound.seqNumber) &&
    sound.seqNumber >>> 0 === sound.seqNumber &&
    sound.seqNumber > 0
  );
}
