import { type EventBatch, NO_ELEMENT } from '../domain/event-batch.js';

type Whole = Uint32Array | Float64Array;

/** The events of one block; more are held in further blocks. */
export const BLOCK_BITS = 14;
export const BLOCK_EVENTS = 1 << BLOCK_BITS;

/** The address of an event that has no raw value. */
export const NO_ADDRESS = -1;

/** Which columns of a block are there, and which hold doubles. */
const LAYOUT = { columns: 1, elements: 2, raws: 4, wideSeqNumbers: 8, wideTimestamps: 16 } as const;

/**
 * The values of some events, side by side. What most inputs do not need takes no room: columns other than 1, places in arrays, addresses of
 * raw values. SeqNumbers and Timestamps are whole numbers of 32 bits until one is not.
 */
export class EventColumns {
  count = 0;
  heads: Uint32Array;
  flags: Uint16Array;
  seqNumbers: Whole;
  lines: Uint32Array;
  timestamps: Whole;
  positions: Float64Array;
  columns: Uint32Array | null = null;
  elements: Int32Array | null = null;
  /** Where the raw values of events stand. */
  raws: Float64Array | null = null;

  constructor(readonly capacity: number) {
    this.heads = new Uint32Array(capacity);
    this.flags = new Uint16Array(capacity);
    this.seqNumbers = new Uint32Array(capacity);
    this.lines = new Uint32Array(capacity);
    this.timestamps = new Uint32Array(capacity);
    this.positions = new Float64Array(capacity);
  }

  /** Takes event `i` of a batch. @param raw The address of what is kept beside the columns; -1 for nothing. */
  add(batch: EventBatch, i: number, head: number, raw: number): void {
    const at = this.count++;
    this.heads[at] = head;
    this.flags[at] = batch.flags[i]!;
    this.lines[at] = batch.lines[i]!;
    this.positions[at] = batch.positions[i]!;
    this.#setWhole(at, batch.seqNumbers[i]!, batch.timestamps[i]!);
    this.#setRest(at, batch.columns[i]!, batch.elements[i]!, raw);
  }

  /** Takes event `i` of other columns. */
  copy(other: EventColumns, i: number, head: number): void {
    const at = this.count++;
    this.heads[at] = head;
    this.flags[at] = other.flags[i]!;
    this.lines[at] = other.lines[i]!;
    this.positions[at] = other.positions[i]!;
    this.#setWhole(at, other.seqNumbers[i]!, other.timestamps[i]!);
    this.#setRest(at, other.columns?.[i] ?? 1, other.elements?.[i] ?? NO_ELEMENT, other.raws?.[i] ?? NO_ADDRESS);
  }

  /** Bytes that an event takes. */
  get eventBytes(): number {
    return (
      18 +
      this.seqNumbers.BYTES_PER_ELEMENT +
      this.timestamps.BYTES_PER_ELEMENT +
      (this.columns ? 4 : 0) +
      (this.elements ? 4 : 0) +
      (this.raws ? 8 : 0)
    );
  }

  /** Which columns there are. */
  get layout(): number {
    return (
      (this.columns ? LAYOUT.columns : 0) |
      (this.elements ? LAYOUT.elements : 0) |
      (this.raws ? LAYOUT.raws : 0) |
      (this.seqNumbers instanceof Float64Array ? LAYOUT.wideSeqNumbers : 0) |
      (this.timestamps instanceof Float64Array ? LAYOUT.wideTimestamps : 0)
    );
  }

  /** Bytes that so many events take in a row of bytes of that layout. */
  static bytesOf(count: number, layout: number): number {
    return columnsOf(count, layout).reduce((sum, bytes) => sum + padded(bytes), 0);
  }

  /** Writes the columns one after the other; gives where they end. */
  writeTo(buffer: ArrayBuffer, from: number): number {
    let at = from;
    for (const column of [this.positions, this.seqNumbers, this.timestamps, this.raws, this.heads, this.lines, this.columns, this.elements, this.flags]) {
      if (!column) continue;
      const some = column.subarray(0, this.count);
      new Uint8Array(buffer, at, some.byteLength).set(new Uint8Array(some.buffer, some.byteOffset, some.byteLength));
      at += padded(some.byteLength);
    }
    return at;
  }

  /** Columns that stand in a row of bytes, as `writeTo` wrote them; nothing is copied. */
  static readFrom(buffer: ArrayBuffer, from: number, count: number, layout: number): EventColumns {
    const columns = new EventColumns(0);
    let at = from;
    const next = (bytesEach: number): number => {
      const start = at;
      at += padded(count * bytesEach);
      return start;
    };
    const wide = (bit: number): Whole =>
      (layout & bit) === 0 ? new Uint32Array(buffer, next(4), count) : new Float64Array(buffer, next(8), count);
    columns.positions = new Float64Array(buffer, next(8), count);
    columns.seqNumbers = wide(LAYOUT.wideSeqNumbers);
    columns.timestamps = wide(LAYOUT.wideTimestamps);
    if ((layout & LAYOUT.raws) !== 0) columns.raws = new Float64Array(buffer, next(8), count);
    columns.heads = new Uint32Array(buffer, next(4), count);
    columns.lines = new Uint32Array(buffer, next(4), count);
    if ((layout & LAYOUT.columns) !== 0) columns.columns = new Uint32Array(buffer, next(4), count);
    if ((layout & LAYOUT.elements) !== 0) columns.elements = new Int32Array(buffer, next(4), count);
    columns.flags = new Uint16Array(buffer, next(2), count);
    columns.count = count;
    return columns;
  }

  #setWhole(at: number, seqNumber: number, timestamp: number): void {
    if (seqNumber >>> 0 !== seqNumber && this.seqNumbers instanceof Uint32Array)
      this.seqNumbers = Float64Array.from(this.seqNumbers);
    if (timestamp >>> 0 !== timestamp && this.timestamps instanceof Uint32Array)
      this.timestamps = Float64Array.from(this.timestamps);
    this.seqNumbers[at] = seqNumber;
    this.timestamps[at] = timestamp;
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
    8 * count,
    ((layout & LAYOUT.wideSeqNumbers) === 0 ? 4 : 8) * count,
    ((layout & LAYOUT.wideTimestamps) === 0 ? 4 : 8) * count,
    (layout & LAYOUT.raws) === 0 ? 0 : 8 * count,
    4 * count,
    4 * count,
    (layout & LAYOUT.columns) === 0 ? 0 : 4 * count,
    (layout & LAYOUT.elements) === 0 ? 0 : 4 * count,
    2 * count,
  ];
}

/** Columns begin where doubles may. */
function padded(bytes: number): number {
  return (bytes + 7) & ~7;
}
