import { type EventBatch, NO_ELEMENT } from '../domain/event-batch.js';

/** How many events one block holds. */
export const BLOCK_BITS = 14;
export const BLOCK_EVENTS = 1 << BLOCK_BITS;

/** The address of an event that has no raw value. */
export const NO_ADDRESS = -1;

/** Bits that say which columns a block has, and which of them hold doubles. */
const LAYOUT = {
  columns: 1,
  elements: 2,
  raws: 4,
  wideSeqNumbers: 8,
  wideTimestamps: 16,
  widePositions: 32,
} as const;

/** Milliseconds in a second: positions are stored as whole milliseconds where all are whole. */
const MS = 1000;

/**
 * The values of some events in columns, in as few bytes as possible. Values that most inputs lack take no memory: text
 * columns other than 1, array indexes and raw values. A SeqNumber takes 16 bits; a Timestamp and a Position (in
 * milliseconds) take 32. If one value does not fit, its whole column in the block is changed to doubles.
 */
export class EventColumns {
  count = 0;
  heads: Uint32Array;
  flags: Uint16Array;
  seqNumbers: Uint16Array | Float64Array;
  lines: Uint32Array;
  timestamps: Uint32Array | Float64Array;
  /** Milliseconds in a column of whole numbers, seconds in a column of doubles: use `positionOf`. */
  positions: Uint32Array | Float64Array;
  columns: Uint32Array | null = null;
  elements: Int32Array | null = null;
  /** The addresses of the events' raw values. */
  raws: Float64Array | null = null;
  /** Which columns are doubles, as in `LAYOUT`. */
  #wide = 0;

  constructor(readonly capacity: number) {
    this.heads = new Uint32Array(capacity);
    this.flags = new Uint16Array(capacity);
    this.seqNumbers = new Uint16Array(capacity);
    this.lines = new Uint32Array(capacity);
    this.timestamps = new Uint32Array(capacity);
    this.positions = new Uint32Array(capacity);
  }

  /** Adds event `i` of a batch. @param raw The address of its raw value; -1 without one. */
  add(batch: EventBatch, i: number, head: number, raw: number): void {
    const at = this.count++;
    this.heads[at] = head;
    this.flags[at] = batch.flags[i]!;
    this.lines[at] = batch.lines[i]!;
    this.#setNumbers(at, batch.positions[i]!, batch.seqNumbers[i]!, batch.timestamps[i]!);
    this.#setRest(at, batch.columns[i]!, batch.elements[i]!, raw);
  }

  /** Adds event `i` of other columns. */
  copy(other: EventColumns, i: number, head: number): void {
    const at = this.count++;
    this.heads[at] = head;
    this.flags[at] = other.flags[i]!;
    this.lines[at] = other.lines[i]!;
    this.#setNumbers(at, other.positionOf(i), other.seqNumbers[i]!, other.timestamps[i]!);
    this.#setRest(
      at,
      other.columns?.[i] ?? 1,
      other.elements?.[i] ?? NO_ELEMENT,
      other.raws?.[i] ?? NO_ADDRESS,
    );
  }

  /** Seconds along the audio. */
  positionOf(i: number): number {
    const position = this.positions[i]!;
    return (this.#wide & LAYOUT.widePositions) === 0 ? position / MS : position;
  }

  /** How many bytes an event takes. */
  get eventBytes(): number {
    return (
      10 +
      this.positions.BYTES_PER_ELEMENT +
      this.seqNumbers.BYTES_PER_ELEMENT +
      this.timestamps.BYTES_PER_ELEMENT +
      (this.columns ? 4 : 0) +
      (this.elements ? 4 : 0) +
      (this.raws ? 8 : 0)
    );
  }

  /** The bits of `LAYOUT` for these columns. */
  get layout(): number {
    return (
      (this.columns ? LAYOUT.columns : 0) |
      (this.elements ? LAYOUT.elements : 0) |
      (this.raws ? LAYOUT.raws : 0) |
      this.#wide
    );
  }

  /** The size of this many events in bytes, in that layout. */
  static bytesOf(count: number, layout: number): number {
    return columnsOf(count, layout).reduce((sum, bytes) => sum + padded(bytes), 0);
  }

  /** Views of columns that follow each other in bytes; nothing is copied. */
  static readFrom(buffer: ArrayBuffer, from: number, count: number, layout: number): EventColumns {
    const columns = new EventColumns(0);
    let at = from;
    const next = (bytesEach: number): number => {
      const start = at;
      at += padded(count * bytesEach);
      return start;
    };
    const wide = (bit: number): boolean => (layout & bit) !== 0;
    columns.positions = wide(LAYOUT.widePositions)
      ? new Float64Array(buffer, next(8), count)
      : new Uint32Array(buffer, next(4), count);
    columns.timestamps = wide(LAYOUT.wideTimestamps)
      ? new Float64Array(buffer, next(8), count)
      : new Uint32Array(buffer, next(4), count);
    columns.seqNumbers = wide(LAYOUT.wideSeqNumbers)
      ? new Float64Array(buffer, next(8), count)
      : new Uint16Array(buffer, next(2), count);
    if ((layout & LAYOUT.raws) !== 0) columns.raws = new Float64Array(buffer, next(8), count);
    columns.heads = new Uint32Array(buffer, next(4), count);
    columns.lines = new Uint32Array(buffer, next(4), count);
    if ((layout & LAYOUT.columns) !== 0) columns.columns = new Uint32Array(buffer, next(4), count);
    if ((layout & LAYOUT.elements) !== 0) columns.elements = new Int32Array(buffer, next(4), count);
    columns.flags = new Uint16Array(buffer, next(2), count);
    columns.#wide = layout & (LAYOUT.wideSeqNumbers | LAYOUT.wideTimestamps | LAYOUT.widePositions);
    columns.count = count;
    return columns;
  }

  #setNumbers(at: number, position: number, seqNumber: number, timestamp: number): void {
    const positionMs = Math.round(position * MS);
    if (positionMs >>> 0 !== positionMs || positionMs / MS !== position) this.#widen(LAYOUT.widePositions);
    if ((seqNumber & 0xffff) !== seqNumber) this.#widen(LAYOUT.wideSeqNumbers);
    if (timestamp >>> 0 !== timestamp) this.#widen(LAYOUT.wideTimestamps);
    this.positions[at] = (this.#wide & LAYOUT.widePositions) === 0 ? positionMs : position;
    this.seqNumbers[at] = seqNumber;
    this.timestamps[at] = timestamp;
  }

  /** Changes a column to doubles, if it is not one already. */
  #widen(column: number): void {
    if ((this.#wide & column) !== 0) return;
    this.#wide |= column;
    if (column === LAYOUT.widePositions) this.positions = Float64Array.from(this.positions, (ms) => ms / MS);
    else if (column === LAYOUT.wideSeqNumbers) this.seqNumbers = Float64Array.from(this.seqNumbers);
    else this.timestamps = Float64Array.from(this.timestamps);
  }

  #setRest(at: number, column: number, element: number, raw: number): void {
    if (column !== 1 || this.columns) {
      this.columns ??= new Uint32Array(this.capacity).fill(1);
      this.columns[at] = column;
    }
    if (element !== NO_ELEMENT || this.elements) {
      this.elements ??= new Int32Array(this.capacity).fill(NO_ELEMENT);
      this.elements[at] = element;
    }
    if (raw !== NO_ADDRESS || this.raws) {
      this.raws ??= new Float64Array(this.capacity).fill(NO_ADDRESS);
      this.raws[at] = raw;
    }
  }
}

function columnsOf(count: number, layout: number): number[] {
  return [
    ((layout & LAYOUT.widePositions) === 0 ? 4 : 8) * count,
    ((layout & LAYOUT.wideTimestamps) === 0 ? 4 : 8) * count,
    ((layout & LAYOUT.wideSeqNumbers) === 0 ? 2 : 8) * count,
    (layout & LAYOUT.raws) === 0 ? 0 : 8 * count,
    4 * count,
    4 * count,
    (layout & LAYOUT.columns) === 0 ? 0 : 4 * count,
    (layout & LAYOUT.elements) === 0 ? 0 : 4 * count,
    2 * count,
  ];
}

/** Columns start at multiples of 8 bytes, because views of doubles must. */
function padded(bytes: number): number {
  return (bytes + 7) & ~7;
}
