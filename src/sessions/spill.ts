import { hashGuid } from '../domain/guid.js';
import { EventTable } from './event-table.js';
import { HASH_SEED } from './key-slots.js';
import { type MemoryBudget, TempFile } from './memory.js';

/** Into how many parts sessions are divided, by a hash of their SessionId. */
const PARTS = 256;
/** How often a part that does not fit in memory is divided again. */
const MAX_DEPTH = 3;
/** The minimum number of bytes to read from a run at once. */
const MIN_SEGMENT_BYTES = 4096;
const MAX_SEGMENT_BYTES = 256 * 1024;
/** Roughly the most bytes that an event with its head takes. */
const EVENT_BYTES = 32;

/** A range of bytes in a file. */
interface Segment {
  readonly offset: number;
  readonly bytes: number;
}

type Part = readonly Segment[];

/**
 * Events on disk, in partitions by a hash. At the end, one partition after the other is grouped in memory. If sessions
 * must be in the order in which each first appeared, each partition's sessions are written to disk as a run in that
 * order, and then the runs are merged.
 */
export class Spill {
  readonly #budget: MemoryBudget;
  readonly #file: TempFile;
  readonly #parts: Partitions;
  #runs: TempFile | undefined;

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
    this.#file = new TempFile(budget.folder);
    this.#parts = new Partitions(this.#file, 0);
  }

  /** Writes all events of a table to disk. @throws UserError of kind `output` where the disk cannot hold them. */
  write(table: EventTable): void {
    this.#parts.write(table);
  }

  /** Yields a cursor at each complete session. */
  *sessions(order: 'first-appearance' | 'any'): Generator<SessionCursor> {
    if (order === 'first-appearance')
      yield* merged(this.#writeRuns().map((run) => new RunCursor(this.#tablesOf(run))));
    else for (const table of this.#partTables(this.#parts.parts(), 0)) yield* walk(cursorOf(table));
  }

  close(): void {
    this.#file.close();
    this.#runs?.close();
  }

  *#partTables(parts: readonly Part[], depth: number): Generator<EventTable> {
    for (const part of parts) {
      const again =
        depth < MAX_DEPTH && bytesOf(part) > this.#budget.bytes / 2 ? this.#partAgain(part, depth + 1) : [];
      // A single session cannot be divided.
      if (again.length > 1) yield* this.#partTables(again, depth + 1);
      else {
        const table = new EventTable();
        for (const segment of part) table.appendSegment(this.#read(this.#file, segment));
        yield table;
      }
    }
  }

  #partAgain(part: Part, depth: number): readonly Part[] {
    const parts = new Partitions(this.#file, depth);
    const table = new EventTable();
    for (const segment of part) {
      table.appendSegment(this.#read(this.#file, segment));
      if (table.bytes > this.#budget.bytes / 4) {
        parts.write(table);
        table.clear();
      }
    }
    parts.write(table);
    return parts.parts();
  }

  /** Writes the sessions of each partition in order, in pieces that can be read one by one. */
  #writeRuns(): readonly Part[] {
    const file = new TempFile(this.#budget.folder);
    this.#runs = file;
    const wanted = this.#budget.bytes / 4 / PARTS;
    const most = Math.min(MAX_SEGMENT_BYTES, Math.max(MIN_SEGMENT_BYTES, wanted)) / EVENT_BYTES;
    const runs: Part[] = [];
    for (const table of this.#partTables(this.#parts.parts(), 0)) {
      const cursor = new GroupedCursor(table);
      const pieceOf = new Uint32Array(table.heads.count);
      let [piece, events] = [0, 0];
      while (cursor.next()) {
        pieceOf[cursor.head] = piece;
        events += cursor.count;
        if (events >= most) [piece, events] = [piece + 1, 0];
      }
      const segments = table.segmentsByPart(piece + 1, (root) => pieceOf[root]!, cursor.events);
      runs.push(Array.from(segments, ({ bytes }) => append(file, bytes)));
    }
    return runs;
  }

  *#tablesOf(run: Part): Generator<EventTable> {
    for (const segment of run) yield EventTable.ofSegment(this.#read(this.#runs!, segment));
  }

  #read(file: TempFile, { offset, bytes }: Segment): ArrayBuffer {
    const buffer = new ArrayBuffer(bytes);
    file.read(new Uint8Array(buffer), offset);
    return buffer;
  }
}

/** The hash partitions of a file. */
class Partitions {
  readonly #parts: Segment[][] = Array.from({ length: PARTS }, () => []);

  /** @param depth How often the events were divided before. Each time uses another hash. */
  constructor(
    readonly file: TempFile,
    readonly depth: number,
  ) {}

  /** Writes all events of a table, each at the end of its part. */
  write(table: EventTable): void {
    const { heads } = table;
    const seed = HASH_SEED ^ (this.depth + 1);
    const partOf = (root: number): number => hashGuid(heads.wordsOf(root), heads.placeOf(root), seed) >>> 24;
    for (const { part, bytes } of table.segmentsByPart(PARTS, partOf))
      this.#parts[part]!.push(append(this.file, bytes));
  }

  /** The parts that have events. */
  parts(): readonly Part[] {
    return this.#parts.filter((part) => part.length > 0);
  }
}

function append(file: TempFile, bytes: Uint8Array): Segment {
  return { offset: file.append(bytes), bytes: bytes.length };
}

function bytesOf(part: Part): number {
  return part.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Moves a cursor to each of its sessions. */
function* walk(cursor: SessionCursor): Generator<SessionCursor> {
  while (cursor.next()) yield cursor;
}

/** Moves several cursors to each of their sessions, in the order in which each session first appeared. */
function* merged(cursors: readonly SessionCursor[]): Generator<SessionCursor> {
  const heap = cursors.filter((cursor) => cursor.next()).sort((a, b) => ordinalOf(a) - ordinalOf(b));
  const ordinals = Float64Array.from(heap, ordinalOf);
  for (let size = heap.length; size > 0; ) {
    const first = heap[0]!;
    yield first;
    if (first.next()) ordinals[0] = ordinalOf(first);
    else {
      size -= 1;
      heap[0] = heap[size]!;
      ordinals[0] = ordinals[size]!;
    }
    sink(heap, ordinals, size);
  }
}

function ordinalOf({ table, head }: SessionCursor): number {
  return table.heads.ordinalOf(head);
}

/** Moves the first element of a heap to its right place. */
function sink(heap: SessionCursor[], ordinals: Float64Array, size: number): void {
  const [cursor, ordinal] = [heap[0]!, ordinals[0]!];
  let at = 0;
  for (let child = 1; child < size; child = 2 * at + 1) {
    if (child + 1 < size && ordinals[child + 1]! < ordinals[child]!) child += 1;
    if (ordinals[child]! >= ordinal) break;
    heap[at] = heap[child]!;
    ordinals[at] = ordinals[child]!;
    at = child;
  }
  heap[at] = cursor;
  ordinals[at] = ordinal;
}

/** Reads the complete sessions of a table, or of several tables, one by one. */
export interface SessionCursor {
  readonly table: EventTable;
  /** A head of the current session. */
  readonly head: number;
  /**
   * The session's events are the `count` numbers of `events` from index `from`; without `events`, the numbers `from` to
   * below `from + count`.
   */
  readonly events: Uint32Array | null;
  readonly from: number;
  readonly count: number;
  /** Moves to the next session; false after the last. */
  next(): boolean;
}

/** The sessions of a table with events in any order. The sessions are in the order in which each first appeared. */
class GroupedCursor implements SessionCursor {
  readonly events: Uint32Array;
  head = -1;
  from = 0;
  count = 0;
  readonly #starts: Uint32Array;

  constructor(readonly table: EventTable) {
    const { events, starts } = table.bySession();
    this.events = events;
    this.#starts = starts;
  }

  next(): boolean {
    this.from += this.count;
    this.count = 0;
    while (this.count === 0 && this.head + 1 < this.table.heads.count) {
      this.head += 1;
      this.count = this.#starts[this.head + 1]! - this.from;
    }
    return this.count > 0;
  }
}

/** The sessions of tables in which the events of each session are together. */
class RunCursor implements SessionCursor {
  readonly events = null;
  table: EventTable;
  head = 0;
  from = 0;
  count = 0;
  readonly #tables: Iterator<EventTable>;

  /** @param tables At least one. */
  constructor(tables: Iterator<EventTable>) {
    this.#tables = tables;
    this.table = tables.next().value as EventTable;
  }

  next(): boolean {
    this.from += this.count;
    this.count = 0;
    if (this.from === this.table.count) {
      const { done, value } = this.#tables.next();
      if (done) return false;
      this.table = value;
      this.from = 0;
    }
    const { table } = this;
    this.head = table.headOfEvent(this.from);
    let end = this.from + 1;
    while (end < table.count) {
      const other = table.headOfEvent(end);
      if (other !== this.head && !table.heads.sameSession(other, this.head)) break;
      end += 1;
    }
    this.count = end - this.from;
    return true;
  }
}

/** The sessions of a table in memory, in the order in which each first appeared. */
export function cursorOf(table: EventTable): SessionCursor {
  return table.isGrouped && table.count > 0 ? new RunCursor([table].values()) : new GroupedCursor(table);
}
