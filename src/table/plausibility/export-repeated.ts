import { grown } from '../../domain/event-batch.js';
import { formatNumber } from '../../domain/text.js';
import { seededSlot } from '../../sessions/key-slots.js';
import { isMultiple, noteRow } from '../row-hashes.js';

const MAX_GROUPS = 2 ** 14;
const MAX_TIMES = 3;
const MAX_STEPS = 10;
const DAY_MS = 86_400_000;
const SECOND_MS = 1000;
const ENOUGH_TIMES = 100;

/** That rows of a table were exported twice (diagnosis `export-repeated`). */
export interface ExportRepeated {
  /** `order`: rows are repeated in the same order. `rows`: more rows appear twice than chance explains. */
  readonly kind: 'order' | 'rows';
  /** How many rows are repetitions, and how many rows the table has. */
  readonly rows: number;
  readonly of: number;
  /** The line of the first repeated row, and the line that it repeats. */
  readonly line: number;
  readonly earlierLine: number;
  /** The diagnosis in words, for people. */
  readonly message: string;
}

/** Looks for rows that were exported twice in one table. The caller must add the rows in order. Uses bounded memory. */
export class ExportRepeatedTally {
  readonly #runs = new RepeatedRuns();
  readonly #rows = new RepeatedRowsTally();
  #count = 0;
  readonly #timeColumns: readonly number[];

  /** @param timeColumns indexes of the columns that hold times (StartedAt, EndedAt, Timestamp) */
  constructor(timeColumns: Iterable<number>) {
    this.#timeColumns = [...new Set(timeColumns)];
  }

  /**
   * @param cells the row unchanged, with columns that are not read
   * @param startedAtMs its StartedAt (or Timestamp) in unix milliseconds; undefined if it cannot be read
   */
  add(cells: readonly string[], startedAtMs: number | undefined, line: number): void {
    noteRow(this, cells, this.#timeColumns, startedAtMs, line);
  }

  /** Adds a row by its hashes: of all its cells, and of its cells other than the times. */
  addHashed(hash: number, withoutTimes: number, startedAtMs: number | undefined, line: number): void {
    this.#count += 1;
    this.#runs.add(hash, line);
    if (startedAtMs !== undefined) this.#rows.add(hash, withoutTimes, startedAtMs, line);
  }

  /** The diagnosis; undefined where no rows are repeated. */
  found(): ExportRepeated | undefined {
    const run = this.#runs.found();
    if (run) return { kind: 'order', of: this.#count, ...run, message: message(run, 'in the same order') };
    const rows = this.#rows.found();
    return rows && { kind: 'rows', of: this.#count, ...rows, message: message(rows, 'word for word') };
  }
}

function message(
  { rows, line, earlierLine }: Pick<ExportRepeated, 'rows' | 'line' | 'earlierLine'>,
  how: string,
): string {
  return `${formatNumber(rows)} rows appear twice ${how}: the export was probably appended to itself. Line ${line} repeats line ${earlierLine}`;
}

/** Rows that appear twice more often than chance explains. */
interface RepeatedRows {
  readonly line: number;
  readonly earlierLine: number;
  /** How many different rows appear at least twice. */
  readonly rows: number;
}

/** A row in a group of rows that differ only in their times. */
interface Variant {
  readonly hash: number;
  readonly startedAtMs: number;
  readonly line: number;
  count: number;
  againLine: number;
}

/**
 * Looks for rows that were exported twice, at any distance: condition (b) of `export-repeated`. Rows that differ only
 * in their times form a group. Groups with more than three different times are not counted: they are full listens of a
 * popular episode, whose times coincide by chance. Memory is bounded: beyond 16,384 groups, only every second one (by
 * its hash) is kept, then every fourth, and so on.
 */
class RepeatedRowsTally {
  #groups = new Map<number, Variant[] | 'many'>();
  /** Groups whose hash is a multiple of this are kept. */
  #sampling = 1;
  #step = 0;
  #firstTime: number | undefined;
  readonly #times = new Set<number>();
  readonly #timesOfDay = new Set<number>();
  readonly #differentRows = new Set<number>();

  /**
   * @param hash the row's hash
   * @param hashWithoutTimes the hash of its cells other than the times
   * @param startedAtMs its StartedAt, in unix milliseconds
   */
  add(hash: number, hashWithoutTimes: number, startedAtMs: number, line: number): void {
    this.#noteTime(hash, startedAtMs);
    if (!isMultiple(hashWithoutTimes, this.#sampling)) return;
    const group = this.#groups.get(hashWithoutTimes);
    if (group === 'many') return;
    const variant = group?.find((known) => known.hash === hash);
    if (variant) {
      variant.count += 1;
      if (variant.count === 2) variant.againLine = line;
      return;
    }
    const added: Variant = { hash, startedAtMs, line, count: 1, againLine: 0 };
    if (!group) this.#groups.set(hashWithoutTimes, [added]);
    else if (group.length === MAX_TIMES) this.#groups.set(hashWithoutTimes, 'many');
    else group.push(added);
    while (this.#groups.size > MAX_GROUPS) this.#sampleHalf();
  }

  /** The repetition; undefined if chance can explain it, or StartedAt is too coarse to decide. */
  found(): RepeatedRows | undefined {
    if (!this.#timesDistinguish()) return undefined;
    const step = Math.max(SECOND_MS, this.#step);
    let rows = 0;
    let twice = 0;
    let nearPairs = 0;
    let first: Variant | undefined;
    for (const group of this.#groups.values()) {
      if (group === 'many') continue;
      for (const variant of group) {
        rows += variant.count;
        if (variant.count < 2) continue;
        twice += 1;
        if (!first || variant.againLine < first.againLine) first = variant;
      }
      nearPairs += pairsWithin(group, step * MAX_STEPS);
    }
    const byChance = nearPairs / 20;
    const enough = Math.max(3, 0.01 * rows, 4 * byChance + 3 * Math.sqrt(byChance) + 2);
    if (!first || twice < enough) return undefined;
    return { line: first.againLine, earlierLine: first.line, rows: twice };
  }

  #noteTime(hash: number, startedAtMs: number): void {
    this.#firstTime ??= startedAtMs;
    const sinceFirst = Math.abs(startedAtMs - this.#firstTime);
    if (!isMultiple(sinceFirst, this.#step)) this.#step = greatestCommonDivisor(this.#step, sinceFirst);
    if (this.#timesOfDay.size < 3) this.#timesOfDay.add(((startedAtMs % DAY_MS) + DAY_MS) % DAY_MS);
    if (this.#times.size >= ENOUGH_TIMES) return;
    this.#times.add(startedAtMs);
    // 200 different rows are enough to decide: with fewer than 100 different times, their share is then below 0.6.
    if (this.#differentRows.size < 2 * ENOUGH_TIMES) this.#differentRows.add(hash);
  }

  /**
   * Whether StartedAt is more precise than a day, and has enough different values. Days in a zone with summer time have
   * two times of day.
   */
  #timesDistinguish(): boolean {
    if (this.#step === 0 || this.#step % DAY_MS === 0) return false;
    if (this.#timesOfDay.size < 3 && this.#times.size >= 3 && this.#step % (DAY_MS / 48) === 0) return false;
    return this.#times.size >= ENOUGH_TIMES || this.#times.size >= 0.6 * this.#differentRows.size;
  }

  #sampleHalf(): void {
    this.#sampling *= 2;
    for (const hash of this.#groups.keys()) if (!isMultiple(hash, this.#sampling)) this.#groups.delete(hash);
  }
}

/** Pairs of rows whose times differ by at most `distanceMs`. */
function pairsWithin(group: readonly Variant[], distanceMs: number): number {
  let pairs = 0;
  group.forEach((variant, index) => {
    for (const other of group.slice(index + 1)) {
      const apart = Math.abs(variant.startedAtMs - other.startedAtMs);
      if (apart > 0 && apart <= distanceMs) pairs += variant.count * other.count;
    }
  });
  return pairs;
}

function greatestCommonDivisor(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller !== 0) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}

const MAX_ROWS = 2 ** 19;
const FIRST_ROWS = 2 ** 10;
const GROWTH = 8;
const ENOUGH_ROWS = 20;
const MIN_TABLE = 6;

/** Consecutive rows that repeat earlier rows in the same order. */
interface RepeatedRun {
  /** The line where the second copy starts, and the line of the first copy. */
  readonly line: number;
  readonly earlierLine: number;
  /** How many rows of the input are repetitions. */
  readonly rows: number;
}

/**
 * Looks for an export that was appended to itself: condition (a) of `export-repeated`. Remembers the first 524,288 rows
 * (at most 10 MiB) and compares all later rows with them.
 */
export class RepeatedRuns {
  #hashes = new Float64Array(FIRST_ROWS);
  #lines = new Uint32Array(FIRST_ROWS);
  /** Index of a row plus 1 by its hash; open addressing. */
  #slots = new Int32Array(2 * FIRST_ROWS);
  #rows = 0;
  #kept = 0;
  #repeated = 0;

  /** The current run: the earlier line of its last row, its start, and up to 20 of its different rows. */
  #earlier = -1;
  #begin = { line: 0, earlierLine: 0 };
  #different = new Set<number>();

  #best: { readonly line: number; readonly earlierLine: number; readonly different: number } | undefined;

  /** @param hash the row's hash @param line its line */
  add(hash: number, line: number): void {
    this.#rows += 1;
    if (this.#kept === this.#hashes.length && this.#kept < MAX_ROWS) this.#grow();
    const slot = this.#slotOf(hash);
    const before = this.#slots[slot]! - 1;
    if (before >= 0) {
      this.#repeated += 1;
      this.#follow(hash, line, before);
    } else {
      this.#earlier = -1;
    }
    if (this.#kept === MAX_ROWS) return;
    this.#hashes[this.#kept] = hash;
    this.#lines[this.#kept] = line;
    this.#kept += 1;
    if (before < 0) this.#slots[slot] = this.#kept;
  }

  /**
   * The repetition; undefined if it has fewer than 20 different rows, and is less than half of a table of at least 6.
   */
  found(): RepeatedRun | undefined {
    if (!this.#best) return undefined;
    const { line, earlierLine, different } = this.#best;
    const half = this.#rows >= MIN_TABLE && different * 2 >= this.#rows;
    return different >= ENOUGH_ROWS || half ? { line, earlierLine, rows: this.#repeated } : undefined;
  }

  #follow(hash: number, line: number, before: number): void {
    const continuesRun = this.#earlier >= 0 && this.#hashes[this.#earlier + 1] === hash;
    if (continuesRun && this.#earlier + 1 < this.#kept) {
      this.#earlier += 1;
    } else {
      this.#earlier = before;
      this.#begin = { line, earlierLine: this.#lines[before]! };
      this.#different = new Set();
    }
    if (this.#different.size < ENOUGH_ROWS) this.#different.add(hash);
    if (this.#different.size > (this.#best?.different ?? 0))
      this.#best = { ...this.#begin, different: this.#different.size };
  }

  #slotOf(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = seededSlot(hash, this.#slots.length);
    while (this.#slots[slot] !== 0 && this.#hashes[this.#slots[slot]! - 1] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const rows = this.#kept * GROWTH;
    this.#hashes = grown(this.#hashes, rows);
    this.#lines = grown(this.#lines, rows);
    this.#slots = new Int32Array(2 * rows);
    for (let row = 0; row < this.#kept; row += 1) {
      const slot = this.#slotOf(this.#hashes[row]!);
      if (this.#slots[slot] === 0) this.#slots[slot] = row + 1;
    }
  }
}
