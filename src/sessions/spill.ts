import type { MemoryBudget } from './memory.js';
import { type Extent, Partitions, writeInOrder } from './partitions.js';
import { groupRows, type RowGroups } from './row-groups.js';
import { ROW_BYTES, Rows } from './rows.js';
import { RunCursor } from './run-cursor.js';
import { TempFile } from './temp-file.js';

/** A part that is too large is parted again, so often at most: what is left then is sessions that are too large. */
const MOST_DEPTH = 4;

const MOST_BUFFER_ROWS = 512;
const LEAST_BUFFER_ROWS = 4;

/**
 * Rows on disk, for what memory does not hold. They are parted by SessionId as they come; at the end each part is grouped in memory and
 * written as a run, its sessions in order of first appearance; the runs are merged by that order.
 */
export class Spill {
  readonly #budget: MemoryBudget;
  readonly #file: TempFile;
  readonly #partitions: Partitions;
  #runs: TempFile | undefined;

  constructor(budget: MemoryBudget) {
    this.#budget = budget;
    this.#file = new TempFile(budget.folder);
    this.#partitions = new Partitions(this.#file);
  }

  write(rows: Rows): void {
    this.#partitions.write(rows);
  }

  /**
   * The rows of one session after the other, in order of first appearance; the same table is used again for the next.
   * @param workspace A table for as many rows as memory holds; what is in it is lost.
   */
  *sessions(workspace: Rows): Generator<Rows> {
    const runs = this.#writeRuns(workspace);
    workspace.free();
    const share = Math.floor(this.#budget.bytes / 2 / ROW_BYTES / runs.length);
    const bufferRows = Math.max(LEAST_BUFFER_ROWS, Math.min(MOST_BUFFER_ROWS, share));
    const heap = runs.map((run) => new RunCursor(this.#runs!, run, bufferRows));
    const session = new Rows(Number.POSITIVE_INFINITY);
    heap.sort((a, b) => a.ordinal - b.ordinal);
    while (heap.length > 0) {
      const [first] = heap as [RunCursor];
      session.clear();
      first.session(session);
      yield session;
      if (first.done) {
        const last = heap.pop()!;
        if (heap.length > 0) heap[0] = last;
      }
      sink(heap);
    }
  }

  close(): void {
    this.#file.close();
    this.#runs?.close();
  }

  #writeRuns(rows: Rows): readonly Extent[] {
    const file = new TempFile(this.#budget.folder);
    this.#runs = file;
    return this.#partitions.parts().flatMap((part) => this.#runsOf(part, rows, file, 1));
  }

  #runsOf(part: readonly Extent[], rows: Rows, file: TempFile, depth: number): Extent[] {
    const count = part.reduce((sum, extent) => sum + extent.rows, 0);
    if (count <= rows.capacity) return [this.#runOf(part, rows, file)];
    if (depth > MOST_DEPTH) return [this.#runOf(part, new Rows(count), file)];
    const partitions = new Partitions(this.#file, depth);
    for (const { offset, rows: length } of part) {
      for (let done = 0; done < length; done += rows.capacity) {
        rows.clear();
        this.#load(rows, { offset: offset + done * ROW_BYTES, rows: Math.min(rows.capacity, length - done) });
        partitions.write(rows);
      }
    }
    const parts = partitions.parts();
    // One session alone cannot be parted.
    if (parts.length === 1) return [this.#runOf(part, new Rows(count), file)];
    return parts.flatMap((its) => this.#runsOf(its, rows, file, depth + 1));
  }

  #runOf(part: readonly Extent[], rows: Rows, file: TempFile): Extent {
    rows.clear();
    for (const extent of part) this.#load(rows, extent);
    return { offset: writeInOrder(rows, inGroups(groupRows(rows)), file), rows: rows.count };
  }

  #load(rows: Rows, extent: Extent): void {
    const from = rows.extend(extent.rows);
    this.#file.read(rows.bytes().subarray(from * ROW_BYTES), extent.offset);
  }
}

function* inGroups({ sessions, first, next }: RowGroups): Generator<number> {
  for (let session = 0; session < sessions; session += 1) {
    for (let row = first[session]!; row >= 0; row = next[row]!) yield row;
  }
}

/** Puts the first of a heap where it belongs. */
function sink(heap: RunCursor[]): void {
  for (let at = 0; ; ) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && heap[child]!.ordinal < heap[least]!.ordinal) least = child;
    }
    if (least === at) return;
    [heap[at], heap[least]] = [heap[least]!, heap[at]!];
    at = least;
  }
}
