import { deserialize, serialize } from 'node:v8';
import type { RawEvent } from '../domain/event-batch.js';
import { jsonText } from '../wire/json.js';
import { type MemoryBudget, memoryBudget, TempFile } from './memory.js';

/** Records are held, written and read in pieces of this size; a longer record is its own piece. */
const PIECE_BYTES = 64 * 1024;
const LENGTH_BYTES = 4;
/** How many bytes to read of a long record if only its start is needed. */
export const START_BYTES = PIECE_BYTES - LENGTH_BYTES;

type Entry = readonly [address: number, record: Buffer];

/** A piece: complete records, one after the other. */
interface Piece {
  /** The address of the first. */
  readonly start: number;
  readonly bytes: Buffer;
}

/**
 * Records of bytes in the order in which they were added. They can be read several times. They are in memory up to a
 * budget, then on disk; of the records on disk, one piece at a time is in memory.
 */
export class SpillLog implements Iterable<Buffer> {
  readonly #budget: MemoryBudget;
  #held: Piece[] = [];
  #heldBytes = 0;
  #file: TempFile | null = null;
  /** The piece that is being filled, and the address of its first record. */
  #open = Buffer.alloc(0);
  #filled = 0;
  #start = 0;

  constructor(budget: MemoryBudget = memoryBudget()) {
    this.#budget = budget;
  }

  /**
   * Adds a record. Returns its address, by which it can be read again.
   * @throws UserError of kind `output` where the disk cannot hold it.
   */
  add(...parts: readonly Uint8Array[]): number {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    if (length > PIECE_BYTES && length > this.#budget.bytes) return this.addPieces(parts);
    if (this.#filled + LENGTH_BYTES + length > this.#open.length) this.#turn(LENGTH_BYTES + length);
    const address = this.#start + this.#filled;
    this.#filled = this.#open.writeUInt32LE(length, this.#filled);
    for (const part of parts) {
      this.#open.set(part, this.#filled);
      this.#filled += part.length;
    }
    return address;
  }

  /**
   * Adds a large record that arrives in parts, and writes it to disk. Each part needs to be valid only until the next.
   * Throws as `add` does.
   */
  addPieces(pieces: Iterable<Uint8Array>): number {
    this.#turn(0);
    if (this.#file === null) this.#spill();
    const file = this.#file!;
    const address = file.append(Buffer.alloc(LENGTH_BYTES));
    for (const piece of pieces) file.append(piece);
    const head = Buffer.alloc(LENGTH_BYTES);
    head.writeUInt32LE(file.size - address - LENGTH_BYTES);
    file.write(head, address);
    this.#start = file.size;
    return address;
  }

  /** The record at an address. @param most The maximum number of bytes to read of a record on disk. */
  at(address: number, most = Number.POSITIVE_INFINITY): Buffer {
    if (address >= this.#start) return recordAt(this.#open, address - this.#start);
    if (this.#file === null) {
      const piece = this.#held[this.#pieceOf(address)]!;
      return recordAt(piece.bytes, address - piece.start);
    }
    return this.#read(address + LENGTH_BYTES, Math.min(most, this.lengthAt(address)));
  }

  /** The length of the record at an address. */
  lengthAt(address: number): number {
    return this.#isHeld(address)
      ? this.at(address).length
      : this.#read(address, LENGTH_BYTES).readUInt32LE(0);
  }

  /** The record at an address, from a byte to its end, in pieces. */
  *piecesAt(address: number, from: number): Generator<Buffer> {
    const end = this.lengthAt(address);
    if (this.#isHeld(address)) yield this.at(address).subarray(from);
    else {
      for (let at = from; at < end; at += PIECE_BYTES)
        yield this.#read(address + LENGTH_BYTES + at, Math.min(PIECE_BYTES, end - at));
    }
  }

  #isHeld(address: number): boolean {
    return this.#file === null || address >= this.#start;
  }

  /** The records so far, from the first. Their bytes are not overwritten later. */
  *[Symbol.iterator](): Generator<Buffer> {
    for (const [, record] of this.entries()) yield record;
  }

  /**
   * The records so far with their addresses.
   * @param starts Whether to read only the first `START_BYTES` of a long record on disk.
   */
  *entries(starts = false): Generator<Entry> {
    if (this.#file === null) for (const { start, bytes } of this.#held) yield* recordsIn(bytes, start);
    else yield* this.#onDisk(starts);
    yield* recordsIn(this.#open.subarray(0, this.#filled), this.#start);
  }

  /** Releases memory and deletes the temporary file. */
  close(): void {
    this.#file?.close();
  }

  /** Stores the full piece and starts a new one with this much room. */
  #turn(least: number): void {
    const bytes = this.#open.subarray(0, this.#filled);
    if (this.#file === null && bytes.length > 0) {
      this.#held.push({ start: this.#start, bytes });
      this.#heldBytes += bytes.length;
      if (this.#heldBytes > this.#budget.bytes) this.#spill();
    } else this.#file?.append(bytes);
    this.#start += this.#filled;
    this.#filled = 0;
    // A piece that is in memory, or of which a reader can hold parts, is not overwritten.
    this.#open = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, least));
  }

  #spill(): void {
    this.#file = new TempFile(this.#budget.folder);
    for (const { bytes } of this.#held) this.#file.append(bytes);
    this.#held = [];
    this.#heldBytes = 0;
  }

  *#onDisk(starts: boolean): Generator<Entry> {
    const end = this.#start;
    for (let from = 0; from < end; ) {
      let bytes = this.#read(from, Math.min(PIECE_BYTES, end - from));
      const first = LENGTH_BYTES + bytes.readUInt32LE(0);
      if (first > bytes.length && starts) {
        yield [from, bytes.subarray(LENGTH_BYTES)];
        from += first;
        continue;
      }
      if (first > bytes.length) bytes = this.#read(from, first);
      let next = from;
      for (const entry of recordsIn(bytes, from)) {
        yield entry;
        next += LENGTH_BYTES + entry[1].length;
      }
      from = next;
    }
  }

  #read(address: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(length);
    this.#file!.read(bytes, address);
    return bytes;
  }

  #pieceOf(address: number): number {
    let [low, high] = [0, this.#held.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#held[middle]!.start <= address) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function recordAt(bytes: Buffer, at: number): Buffer {
  const from = at + LENGTH_BYTES;
  return bytes.subarray(from, from + bytes.readUInt32LE(at));
}

/** The complete records in some bytes. @param start The address of the first record. */
function* recordsIn(bytes: Buffer, start: number): Generator<Entry> {
  for (let at = 0; at + LENGTH_BYTES <= bytes.length; ) {
    const end = at + LENGTH_BYTES + bytes.readUInt32LE(at);
    if (end > bytes.length) return;
    yield [start + at, bytes.subarray(at + LENGTH_BYTES, end)];
    at = end;
  }
}

/**
 * A record: the value and the original, each with its length before it, then the note. (`node:v8` is used only for
 * notes, which are rare: its memory for each call is released only between turns of the event loop.)
 */
const HEAD_BYTES = 2 * LENGTH_BYTES;
/** The length that marks an absent value. */
const ABSENT = 0xffff_ffff;

/** The raw values of events, as JSON text: in memory up to a budget, on disk beyond it. */
export class RawEvents {
  readonly #log: SpillLog;

  constructor(budget: MemoryBudget) {
    this.#log = new SpillLog(budget);
  }

  /**
   * Adds a raw event and returns its address.
   * @param note A value to keep with the event; it must be cloneable.
   * @throws UserError of kind `output` if the disk is full
   */
  add(raw: RawEvent | undefined, note: unknown): number {
    const value = raw === undefined ? null : Buffer.from(jsonText(raw.value));
    const original = raw?.original === undefined ? null : Buffer.from(jsonText(raw.original));
    const head = Buffer.allocUnsafe(HEAD_BYTES);
    head.writeUInt32LE(value?.length ?? ABSENT, 0);
    head.writeUInt32LE(original?.length ?? ABSENT, LENGTH_BYTES);
    return this.#log.add(
      head,
      value ?? NOTHING,
      original ?? NOTHING,
      note === undefined ? NOTHING : serialize(note),
    );
  }

  read(address: number): RawEvent {
    const record = this.#log.at(address);
    const [value, original, note] = endsOf(record);
    const raw = { value: value < 0 ? undefined : JSON.parse(record.toString('utf8', HEAD_BYTES, value)) };
    return original < 0
      ? raw
      : { ...raw, original: JSON.parse(record.toString('utf8', Math.max(value, HEAD_BYTES), note)) };
  }

  /** The note that was kept with an event; undefined without one. */
  noteOf(address: number): unknown {
    const record = this.#log.at(address);
    const note = record.subarray(endsOf(record)[2]);
    return note.length === 0 ? undefined : deserialize(note);
  }

  close(): void {
    this.#log.close();
  }
}

const NOTHING = Buffer.alloc(0);

/** Where the value and the original end (-1 if absent), and where the note starts. */
function endsOf(record: Buffer): readonly [value: number, original: number, note: number] {
  const valueBytes = record.readUInt32LE(0);
  const originalBytes = record.readUInt32LE(LENGTH_BYTES);
  const value = valueBytes === ABSENT ? HEAD_BYTES : HEAD_BYTES + valueBytes;
  const note = originalBytes === ABSENT ? value : value + originalBytes;
  return [valueBytes === ABSENT ? -1 : value, originalBytes === ABSENT ? -1 : note, note];
}
