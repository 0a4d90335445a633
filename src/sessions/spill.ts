import { hashGuid } from '../domain/guid.js';
import { EventTable } from './event-table.js';
import { HASH_SEED } from './key-slots.js';
import { type MemoryBudget, TempFile } from './memory.js';

/** Sessions are parted by a hash of their SessionId. */
const PARTS = 256;
/** How often a part that memory does not hold is parted again. */
const MAX_DEPTH = 3;
/** At least this much of a run is read at once. */
const MIN_SEGMENT_BYTES = 4096;
const MAX_SEGMENT_BYTES = 256 * 1024;
/** An event with its head takes no more, roughly. */
const EVENT_BYTES = 32;

/** A range of bytes in a file. */
interface Segment {
  readonly offset: number;
  readonly bytes: number;
}

type Part = readonly Segment[];

/**
 * Events on disk, by hash partitions. At the end one partition after the other is grouped in memory; where sessions are to come in the order
 * in which each first appeared, those of each partition are written as a run, and the runs are merged by that order.
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

  /** Puts all events of a table on disk. @throws UserError of kind `output` where the disk cannot hold them. */
  write(table: EventTable): void {
    this.#parts.write(table);
  }

  /** Complete sessions one by one: a cursor at each. */
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
      // One session alone cannot be parted.
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

  /** The sessions of each partition in order, in pieces that can be read one by one. */
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

/** Hash partitions of a file. */
class Partitions {
  readonly #parts: Segment[][] = Array.from({ length: PARTS }, () => []);

  /** @param depth How often what is written was parted before: each time by another hash. */
  constructor(
    readonly file: TempFile,
    readonly depth: number,
  ) {}

  /** Writes all events of a table, each behind what is there of its part. */
  write(table: EventTable): void {
    const { heads } = table;
    const seed = HASH_SEED ^ (this.depth + 1);
    const partOf = (root: number): number => hashGuid(heads.wordsOf(root), heads.placeOf(root), seed) >>> 24;
    for (const { part, bytes } of table.segmentsByPart(PARTS, partOf))
      this.#parts[part]!.push(append(this.file, bytes));
  }

  /** The parts in which there is something. */
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

/** Each session of a cursor. */
function* walk(cursor: SessionCursor): Generator<SessionCursor> {
  while (cursor.next()) yield cursor;
}

/** Each session of several cursors, in the order in which each first appeared. */
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

/** Puts the first of a heap where it belongs. */
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
  /** Its events are the `count` of `events` from `from` on; where there are no `events`, those of the table. */
  readonly events: Uint32Array | null;
  readonly from: number;
  readonly count: number;
  /** Goes to the next session; false after the last. */
  next(): boolean;
}

/** The sessions of a table whose events came in any order, in the order in which each first appeared. */
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

/** The sessions of tables in which the events of each are together. */
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
