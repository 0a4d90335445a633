import { type HeldSessions, PART_SEED } from './held-sessions.js';
import { type Extent, ParcelWriter } from './parcels.js';
import { PARTS } from './parted-rows.js';
import { Rows } from './rows.js';
import type { TempFile } from './temp-file.js';

/** The parcels of some sessions, and what these would take in memory. */
export interface Part {
  readonly extents: Extent[];
  heldBytes: number;
}

/** Parts sessions by a hash of their SessionId, so that all events of a session meet in one part, in their order. */
export class Partitions {
  readonly #file: TempFile;
  readonly #seed: number;
  readonly #parts: readonly Part[] = Array.from({ length: PARTS }, () => ({ extents: [], heldBytes: 0 }));

  /** @param seed Another seed parts otherwise: for a part that is parted again. */
  constructor(file: TempFile, seed = PART_SEED) {
    this.#file = file;
    this.#seed = seed;
  }

  /** Writes all sessions to the file, each part's together. */
  write(held: HeldSessions): void {
    const { starts, order } = this.#ordered(held);
    const writer = new ParcelWriter(this.#file);
    const rows = new Rows();
    for (const [number, part] of this.#parts.entries()) {
      const { offset } = writer;
      for (let i = starts[number]!; i < starts[number + 1]!; i += 1) {
        rows.clear();
        held.rowsOf(order[i]!, rows);
        writer.write(rows);
        part.heldBytes += held.heldBytesOf(order[i]!);
      }
      if (writer.offset > offset) part.extents.push({ offset, bytes: writer.offset - offset });
    }
    writer.flush();
  }

  /** The parts in which there is something. */
  parts(): readonly Part[] {
    return this.#parts.filter(({ extents }) => extents.length > 0);
  }

  /** The sessions by their part, and where each part begins. */
  #ordered(held: HeldSessions): { readonly starts: Int32Array; readonly order: Int32Array } {
    const numbers = held.numbers();
    const starts = new Int32Array(PARTS + 1);
    const partOf = new Uint8Array(numbers.length);
    for (let i = 0; i < numbers.length; i += 1) {
      partOf[i] = held.hashOf(numbers[i]!, this.#seed) >>> 24;
      starts[partOf[i]! + 1]! += 1;
    }
    for (let part = 0; part < PARTS; part += 1) starts[part + 1]! += starts[part]!;
    const free = starts.slice();
    const order = new Int32Array(numbers.length);
    for (let i = 0; i < numbers.length; i += 1) {
      const part = partOf[i]!;
      order[free[part]!] = numbers[i]!;
      free[part]! += 1;
    }
    return { starts, order };
  }
}
