import { hashGuid } from '../domain/guid-words.js';
import { FULL, lengthOf, SLOT_SHIFT, SLOTS, TAG } from './event-record.js';
import { type EventStreams, PARTS } from './event-streams.js';
import type { RecordCursor } from './record-cursor.js';
import { type Extent, RecordWriter } from './record-file.js';
import type { TempFile } from './temp-file.js';

/** All records of some sessions, in the order in which they came. */
export interface Part {
  readonly extents: Extent[];
  bytes: number;
}

/** Parts of the sessions on disk, a stream of records each. */
export class DiskParts {
  readonly #file: TempFile;
  readonly #parts: readonly Part[] = Array.from({ length: PARTS }, () => ({ extents: [], bytes: 0 }));

  constructor(file: TempFile) {
    this.#file = file;
  }

  /** Puts all streams on disk, each behind what is there of it. */
  write(streams: EventStreams): void {
    const writer = new RecordWriter(this.#file);
    for (const [number, part] of this.#parts.entries()) {
      const { offset } = writer;
      for (const piece of streams.pieces(number)) writer.write(piece, 0, piece.length);
      const bytes = writer.offset - offset;
      part.bytes += bytes;
      if (bytes > 0) part.extents.push({ offset, bytes });
    }
    writer.flush();
    streams.clear();
  }

  /**
   * Parts the sessions of a part that is on disk by another hash.
   * @param streams to write to, as far as `mostBytes`.
   */
  partAgain(records: RecordCursor, seed: number, streams: EventStreams, mostBytes: number): void {
    const bySlot = new Uint8Array(SLOTS);
    while (records.settle()) {
      const { words, at } = records;
      const tag = words[at]!;
      const slot = tag >>> SLOT_SHIFT;
      if ((tag & TAG.full) !== 0) bySlot[slot] = hashGuid(words, at + FULL.row, seed) >>> 24;
      streams.append(bySlot[slot]!, words, at, at + lengthOf(tag));
      records.pass();
      if (streams.heldBytes > mostBytes) this.write(streams);
    }
    this.write(streams);
  }

  /** The parts in which there is something. */
  parts(): readonly Part[] {
    return this.#parts.filter(({ bytes }) => bytes > 0);
  }
}
