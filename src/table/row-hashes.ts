import { EVENT_FLAG, type EventBatch, WORDS_PER_EVENT } from '../domain/event-batch.js';
import { seededSlot } from '../sessions/key-slots.js';

const SEPARATOR = 0x1f;
const DOUBLE = new Float64Array(1);
const HALVES = new Uint32Array(DOUBLE.buffer);

/** Hashes words of 32 bits, numbers and texts one after the other. */
class HashedWords {
  #a = 0;
  #b = 0;

  begin(): void {
    this.#a = 0xdeadbeef;
    this.#b = 0x41c6ce57;
  }

  add(word: number): void {
    this.#a = mixedOnce(this.#a ^ word, 0x9e3779b1);
    this.#b = mixedOnce(this.#b ^ word, 0x5f356495);
  }

  addNumber(number: number): void {
    DOUBLE[0] = number;
    this.add(HALVES[0]!);
    this.add(HALVES[1]!);
  }

  addText(text: string): void {
    let [a, b] = [this.#a, this.#b];
    for (let at = 0; at <= text.length; at += 1) {
      const code = at === text.length ? SEPARATOR : text.charCodeAt(at);
      a = Math.imul(a ^ code, 0x9e3779b1);
      b = Math.imul(b ^ code, 0x5f356495);
    }
    this.#a = a;
    this.#b = b;
  }

  /** A 52-bit hash of everything added since `begin`. */
  end(): number {
    const a = mixed(this.#a ^ (this.#b >>> 15));
    const b = mixed(this.#b ^ (a >>> 13));
    return (a >>> 0) * 2 ** 20 + (b >>> 12);
  }
}

function mixedOnce(word: number, factor: number): number {
  const product = Math.imul(word, factor);
  return product ^ (product >>> 15);
}

function mixed(word: number): number {
  const half = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const whole = Math.imul(half ^ (half >>> 13), 0xc2b2ae35);
  return whole ^ (whole >>> 16);
}

/** Accepts the rows of a table by their hashes. */
export interface HashedRows {
  addHashed(hash: number, withoutTimes: number, startedAtMs: number | undefined, line: number): void;
}

const TYPE_FLAGS = EVENT_FLAG.stop | EVENT_FLAG.noType;
const hashed = new HashedWords();

/** Adds a row by its cells. @param timeColumns indexes of the cells that hold times @param startedAtMs unix milliseconds */
export function noteRow(
  rows: HashedRows,
  cells: readonly string[],
  timeColumns: readonly number[],
  startedAtMs: number | undefined,
  line: number,
): void {
  hashed.begin();
  for (let index = 0; index < cells.length; index += 1)
    if (!timeColumns.includes(index)) hashed.addText(cells[index]!);
  const without = hashed.end();
  for (const index of timeColumns) hashed.addText(cells[index] ?? '');
  rows.addHashed(hashed.end(), without, startedAtMs, line);
}

/**
 * Adds the events of rows to the table's plausibility checks. Events are used instead of cells, so that every way of
 * reading gives the same result.
 */
export function noteEvents(plausibility: HashedRows, batch: EventBatch, from: number, to: number): void {
  for (let i = from; i < to; i += 1) {
    const timestamp = batch.timestamps[i]!;
    const startedAtMs = Number.isFinite(timestamp) ? Math.floor(timestamp * 1000) : undefined;
    if ((batch.flags[i]! & EVENT_FLAG.raw) !== 0) {
      const value = batch.raws.get(i)?.value as object;
      const without = textHash(JSON.stringify({ ...value, Timestamp: null }));
      plausibility.addHashed(textHash(JSON.stringify(value)), without, startedAtMs, batch.lines[i]!);
      continue;
    }
    hashAllButTime(batch, i);
    const without = hashed.end();
    hashed.addNumber(timestamp);
    plausibility.addHashed(hashed.end(), without, startedAtMs, batch.lines[i]!);
  }
}

function hashAllButTime({ ids, flags, sources, positions, seqNumbers }: EventBatch, i: number): void {
  hashed.begin();
  const at = i * WORDS_PER_EVENT;
  for (let word = at; word < at + WORDS_PER_EVENT; word += 1) hashed.add(ids[word]!);
  hashed.add((flags[i]! & TYPE_FLAGS) | (sources[i]! << 16));
  hashed.addNumber(positions[i]!);
  hashed.addNumber(seqNumbers[i]!);
}

/** Whether a whole number below 2^53 is a multiple of another. `%` takes 14 times as long beyond 32 bits. */
export function isMultiple(number: number, of: number): boolean {
  return Math.floor(number / of) * of === number;
}

const SMALLEST = 1024;

/** A 52-bit hash of a text. */
export function textHash(text: string): number {
  hashed.begin();
  hashed.addText(text);
  return hashed.end();
}

/**
 * A map from hashes to numbers, in about 32 bytes per entry. Hashes are whole numbers below 2^53 - 1. Two arrays with
 * open addressing.
 */
export class HashMap {
  /** Each hash plus 1; 0 where a slot is free. */
  #keys = new Float64Array(SMALLEST);
  #values = new Float64Array(SMALLEST);
  #used = 0;

  /** The number of a hash. If the hash has no number yet, stores `value` and returns undefined. */
  getOrSet(hash: number, value: number): number | undefined {
    const slot = slotOf(hash + 1, this.#keys);
    if (this.#keys[slot] !== 0) return this.#values[slot];
    this.#keys[slot] = hash + 1;
    this.#values[slot] = value;
    this.#used += 1;
    if (this.#used * 2 > this.#keys.length) this.#grow();
    return undefined;
  }

  #grow(): void {
    const keys = new Float64Array(this.#keys.length * 2);
    const values = new Float64Array(keys.length);
    this.#keys.forEach((key, slot) => {
      if (key === 0) return;
      const to = slotOf(key, keys);
      keys[to] = key;
      values[to] = this.#values[slot]!;
    });
    this.#keys = keys;
    this.#values = values;
  }
}

/** Counts how often each hash was added, in about 16 bytes per hash: one array with open addressing. */
export class HashTally {
  /** Each hash plus 1; 0 where a slot is free. */
  #slots = new Float64Array(SMALLEST);
  #used = 0;
  /**
   * How often a hash was added, by its slot; only for hashes that were added more than once. The input cannot choose
   * slots: they depend on a random seed.
   */
  #repeated = new Map<number, number>();

  /** Counts a hash, a whole number below 2^53 - 1. Returns how often it was added before. */
  add(hash: number): number {
    const slot = slotOf(hash + 1, this.#slots);
    if (this.#slots[slot] === 0) {
      this.#slots[slot] = hash + 1;
      if (++this.#used * 2 > this.#slots.length) this.#grow();
      return 0;
    }
    const before = this.#repeated.get(slot) ?? 1;
    this.#repeated.set(slot, before + 1);
    return before;
  }

  #grow(): void {
    const larger = new Float64Array(this.#slots.length * 2);
    for (const key of this.#slots) if (key !== 0) larger[slotOf(key, larger)] = key;
    const repeated = new Map<number, number>();
    for (const [slot, times] of this.#repeated) repeated.set(slotOf(this.#slots[slot]!, larger), times);
    this.#repeated = repeated;
    this.#slots = larger;
  }
}

/** The slot of a key, or the free slot where the key belongs. */
function slotOf(key: number, keys: Float64Array): number {
  let slot = seededSlot(key, keys.length);
  while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & (keys.length - 1);
  return slot;
}
