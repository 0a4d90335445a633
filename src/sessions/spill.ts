import { DiskParts, type Part } from './disk-parts.js';
import { FULL, SLOT_SHIFT, SLOTS, TAG } from './event-record.js';
import { EventStreams } from './event-streams.js';
import { GuidTable } from './guid-table.js';
import { tooLarge } from './largest.js';
import type { MemoryBudget } from './memory.js';
import { merged } from './merged.js';
import { PartSessions } from './part-sessions.js';
import { type Extent, FileCursor, RecordWriter } from './record-file.js';
import type { Rows } from './rows.js';
import type { Shortcut } from './shortcut.js';
import { TempFile } from './temp-file.js';

/** A part that is too large is parted again, so often at most: what is left then is sessions that are too large. */
const MOST_DEPTH = 4;
/** The seed of the first parting again. */
const FIRST_SEED = 2;

const MOST_BUFFER_BYTES = 32 * 1024;
const PART_BUFFER_BYTES = 256 * 1024;

/**
 * Events on disk, for what memory does not hold. They are parted by SessionId as they come; at the end each part is grouped in memory
 * and what is to be given of it written as a run, sessions in order of first appearance; the runs are merged by that order.
 */
export class Spill {
  readonly #budget: MemoryBudget;
  readonly #mostEvents: number;
  /** What a part may take that is grouped in memory: grouping takes up to half as much besides. */
  readonly #mostBytes: number;
  readonly #file: TempFile;
  readonly #parts: DiskParts;
  #runs: TempFile | undefined;

  /** @param mostEvents How many events a session may have. */
  constructor(budget: MemoryBudget, mostEvents: number) {
    this.#budget = budget;
    this.#mostEvents = mostEvents;
    this.#mostBytes = budget.bytes / 2;
    this.#file = new TempFile(budget.folder);
    this.#parts = new DiskParts(this.#file);
  }

  /** Puts all events of the streams on disk. */
  write(streams: EventStreams): void {
    this.#parts.write(streams);
  }

  /** The rows of one session after the other, in order of first appearance; the same table is used again for the next. */
  *sessions(shortcut: Shortcut): Generator<Rows> {
    const runs = this.#writeRuns(shortcut);
    const bufferBytes = Math.min(MOST_BUFFER_BYTES, Math.floor(this.#budget.bytes / 2 / runs.length));
    yield* merged(runs.map((run) => new FileCursor(this.#runs!, [run], bufferBytes)));
  }

  close(): void {
    this.#file.close();
    this.#runs?.close();
  }

  #writeRuns(shortcut: Shortcut): readonly Extent[] {
    const runs = new TempFile(this.#budget.folder);
    this.#runs = runs;
    const writer = new RecordWriter(runs);
    const sessions = new PartSessions(this.#mostEvents);
    const extents: Extent[] = [];
    for (const part of this.#smallParts(this.#parts.parts(), 0)) {
      this.#read(part, sessions.room(part.bytes / Uint32Array.BYTES_PER_ELEMENT));
      const { offset } = writer;
      sessions.sift(part.bytes / Uint32Array.BYTES_PER_ELEMENT, shortcut, (words, from, to) =>
        writer.write(words, from, to),
      );
      if (writer.offset > offset) extents.push({ offset, bytes: writer.offset - offset });
    }
    writer.flush();
    return extents;
  }

  /** The parts, such as memory does not hold parted again. */
  *#smallParts(parts: readonly Part[], depth: number): Generator<Part> {
    for (const part of parts) {
      if (part.bytes <= this.#mostBytes) {
        yield part;
        continue;
      }
      const its = depth < MOST_DEPTH ? this.#partAgain(part, FIRST_SEED + depth) : [];
      if (its.length > 1) yield* this.#smallParts(its, depth + 1);
      else {
        // One session alone cannot be parted.
        this.#refuseTooLarge(part);
        yield part;
      }
    }
  }

  #partAgain(part: Part, seed: number): readonly Part[] {
    const streams = new EventStreams(this.#mostBytes);
    const parts = new DiskParts(this.#file);
    parts.partAgain(this.#cursor(part), seed, streams, this.#mostBytes);
    streams.free();
    return parts.parts();
  }

  #refuseTooLarge(part: Part): void {
    const sessions = new GuidTable();
    const counts: number[] = [];
    const bySlot = new Int32Array(SLOTS);
    for (const cursor = this.#cursor(part); cursor.settle(); cursor.pass()) {
      const { words, at } = cursor;
      const slot = words[at]! >>> SLOT_SHIFT;
      if ((words[at]! & TAG.full) !== 0) bySlot[slot] = sessions.add(words, at + FULL.row);
      const session = bySlot[slot]!;
      counts[session] = (counts[session] ?? 0) + 1;
      if (counts[session] > this.#mostEvents) throw tooLarge(sessions.wordsOf(session), 0, this.#mostEvents);
    }
  }

  #cursor({ extents }: Part): FileCursor {
    return new FileCursor(this.#file, extents, PART_BUFFER_BYTES);
  }

  #read({ extents }: Part, into: Uint32Array): void {
    let at = into.byteOffset;
    for (const { offset, bytes } of extents) {
      this.#file.read(new Uint8Array(into.buffer, at, bytes), offset);
      at += bytes;
    }
  }
}
