import { HeldSessions, PART_SEED } from './held-sessions.js';
import type { MemoryBudget } from './memory.js';
import { type Extent, ParcelReader, ParcelWriter } from './parcels.js';
import { type Part, Partitions } from './partitions.js';
import { Rows } from './rows.js';
import type { Shortcut } from './shortcut.js';
import { TempFile } from './temp-file.js';

/** A part that is too large is parted again, so often at most: what is left then is sessions that are too large. */
const MOST_DEPTH = 4;

const MOST_BUFFER_BYTES = 32 * 1024;
const PART_BUFFER_BYTES = 256 * 1024;

/**
 * Sessions on disk, for what memory does not hold. They are parted by SessionId as they come; at the end each part is gathered in memory
 * and what is to be given of it written as a run, sessions in order of first appearance; the runs are merged by that order.
 */
export class Spill {
  readonly #budget: MemoryBudget;
  readonly #mostEvents: number;
  readonly #file: TempFile;
  readonly #partitions: Partitions;
  #runs: TempFile | undefined;

  /** @param mostEvents How many events a session may have. */
  constructor(budget: MemoryBudget, mostEvents: number) {
    this.#budget = budget;
    this.#mostEvents = mostEvents;
    this.#file = new TempFile(budget.folder);
    this.#partitions = new Partitions(this.#file);
  }

  write(held: HeldSessions): void {
    this.#partitions.write(held);
  }

  /** The rows of one session after the other, in order of first appearance; the same table is used again for the next. */
  *sessions(shortcut: Shortcut): Generator<Rows> {
    const runs = this.#writeRuns(shortcut);
    const bufferBytes = Math.min(MOST_BUFFER_BYTES, Math.floor(this.#budget.bytes / 2 / runs.length));
    const heap = runs.map((run) => new ParcelReader(this.#runs!, run, bufferBytes));
    const session = new Rows();
    heap.sort((a, b) => a.ordinal - b.ordinal);
    while (heap.length > 0) {
      const [first] = heap as [ParcelReader];
      session.clear();
      first.read(session);
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

  #writeRuns(shortcut: Shortcut): readonly Extent[] {
    const parts = this.#partitions.parts();
    const largest = Math.max(...parts.map(({ heldBytes }) => heldBytes));
    const held = new HeldSessions(Math.min(largest, this.#budget.bytes), this.#mostEvents);
    this.#runs = new TempFile(this.#budget.folder);
    const writer = new ParcelWriter(this.#runs);
    const runs = parts.flatMap((part) => this.#runsOf(part, held, writer, shortcut, 1));
    writer.flush();
    held.free();
    return runs.filter(({ bytes }) => bytes > 0);
  }

  #runsOf(part: Part, held: HeldSessions, writer: ParcelWriter, shortcut: Shortcut, depth: number): Extent[] {
    if (part.heldBytes <= this.#budget.bytes) return [this.#runOf(part, held, writer, shortcut)];
    const alone = () => {
      const its = new HeldSessions(part.heldBytes, this.#mostEvents);
      return [this.#runOf(part, its, writer, shortcut)];
    };
    if (depth > MOST_DEPTH) return alone();
    const partitions = new Partitions(this.#file, PART_SEED + depth);
    held.clear();
    for (const _ of this.#load(part, held)) {
      if (held.heldBytes <= this.#budget.bytes) continue;
      partitions.write(held);
      held.clear();
    }
    partitions.write(held);
    const parts = partitions.parts();
    // One session alone cannot be parted.
    if (parts.length === 1) return alone();
    return parts.flatMap((its) => this.#runsOf(its, held, writer, shortcut, depth + 1));
  }

  #runOf(part: Part, held: HeldSessions, writer: ParcelWriter, shortcut: Shortcut): Extent {
    held.clear();
    for (const _ of this.#load(part, held));
    const { offset } = writer;
    for (const rows of held.each(shortcut)) writer.write(rows);
    return { offset, bytes: writer.offset - offset };
  }

  /** Adds the events of a part to what is held; gives way after each parcel. */
  *#load(part: Part, held: HeldSessions): Generator<void> {
    const rows = new Rows();
    for (const extent of part.extents) {
      const reader = new ParcelReader(this.#file, extent, PART_BUFFER_BYTES);
      while (!reader.done) {
        rows.clear();
        reader.read(rows);
        for (let row = 0; row < rows.count; row += 1) held.add(rows, row);
        yield;
      }
    }
  }
}

/** Puts the first of a heap where it belongs. */
function sink(heap: ParcelReader[]): void {
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
