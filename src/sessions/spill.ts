import { DiskParts, type Part } from './disk-parts.js';
import { FULL, SLOT_SHIFT, SLOTS, TAG } from './event-record.js';
import type { EventStreams } from './event-streams.js';
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
  readonly #file: TempFile;
  readonly #parts: DiskParts;
  #runs: TempFile | undefined;

  /** @param mostEvents How many events a session may have. */
  constructor(budget: MemoryBudget, mostEvents: number) {
    this.#budget = budget;
    this.#mostEvents = mostEvents;
    this.#file = new TempFile(budget.folder);
    this.#parts = new DiskParts(this.#file);
  }

  /** Puts all events of the streams on disk. */
  write(streams: EventStreams): void {
    this.#parts.write(streams);
  }

  /**
   * The rows of one session after the other, in order of first appearance; the same table is used again for the next.
   * @param streams Empty ones, to be used where a part is to be parted again.
   */
  *sessions(shortcut: Shortcut, streams: EventStreams): Generator<Rows> {
    const runs = this.#writeRuns(shortcut, streams);
    const bufferBytes = Math.min(MOST_BUFFER_BYTES, Math.floor(this.#budget.bytes / 2 / runs.length));
    yield* merged(runs.map((run) => new FileCursor(this.#runs!, [run], bufferBytes)));
  }

  close(): void {
    this.#file.close();
    this.#runs?.close();
  }

  #writeRuns(shortcut: Shortcut, streams: EventStreams): readonly Extent[] {
    const runs = new TempFile(this.#budget.folder);
    this.#runs = runs;
    const writer = new RecordWriter(runs);
    const sessions = new PartSessions(this.#mostEvents);
    const extents: Extent[] = [];
    for (const part of this.#smallParts(this.#parts.parts(), streams, 0)) {
      this.#read(part, sessions.room(part.bytes / Uint32Array.BYTES_PER_ELEMENT));
      const { offset } = writer;
      sessions.sift(part.bytes / Uint32Array.BYTES_PER_ELEMENT, shortcut, (words, from, to) =>
        writer.write(words, from, to),
      );
      if (writer.offset > offset) extents.push({ offset, bytes: writer.offset - offset });
    }
    writer.flush();
    streams.free();
    return extents;
  }

  /** The parts, such as memory does not hold parted again. */
  *#smallParts(parts: readonly Part[], streams: EventStreams, depth: number): Generator<Part> {
    const mostBytes = this.#budget.bytes / 2;
    for (const part of parts) {
      if (part.bytes <= mostBytes) {
        yield part;
        continue;
      }
      const again = new DiskParts(this.#file);
      if (depth < MOST_DEPTH) again.partAgain(this.#cursor(part), FIRST_SEED + depth, streams, mostBytes);
      const its = again.parts();
      if (its.length > 1) yield* this.#smallParts(its, streams, depth + 1);
      else {
        // One session alone cannot be parted.
        this.#refuseTooLarge(part);
        yield part;
      }
    }
  }

  #refuseTooLarge(part: Part): void {
    const sessions = new GuidTable();
    const counts: number[] = [];
    const bySlot = new Int32Array(SLOTS);
    for (const cursor = this.#cursor(part); cursor.settle(); cursor.pass()) {
      const { words, at } = cursor;
      const slot = words[at]! >>> SLOT_SHIFT;
      if ((words[at]! & TAG.full) !== 0) bySlot[slot] = sessions.addWords(words, at + FULL.row);
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
