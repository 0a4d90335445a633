import { deserialize, serialize } from 'node:v8';
import type { RawEvent } from '../domain/event-batch.js';
import { jsonText } from '../wire/json.js';
import type { MemoryBudget } from './memory.js';
import { Records } from './records.js';

/**
 * A record: the bytes of the value and of the original, each a length before them, then the note. (`node:v8` is used for notes alone, which
 * are rare: what it makes for each is let go of only between turns of the event loop.)
 */
const LENGTH_BYTES = 4;
const HEAD_BYTES = 2 * LENGTH_BYTES;
/** In place of the length of what is not there. */
const ABSENT = 0xffff_ffff;

/** The raw values of events, as JSON text: in memory up to a budget, on disk beyond it. */
export class RawEvents {
  readonly #records: Records;

  constructor(budget: MemoryBudget) {
    this.#records = new Records(budget);
  }

  /**
   * Gives the address.
   * @param note What else is to be kept with the event; it can be cloned.
   * @throws UserError of kind `output` where the disk cannot hold it.
   */
  add(raw: RawEvent | undefined, note: unknown): number {
    const value = raw === undefined ? null : Buffer.from(jsonText(raw.value));
    const original = raw?.original === undefined ? null : Buffer.from(jsonText(raw.original));
    const head = Buffer.allocUnsafe(HEAD_BYTES);
    head.writeUInt32LE(value?.length ?? ABSENT, 0);
    head.writeUInt32LE(original?.length ?? ABSENT, LENGTH_BYTES);
    return this.#records.add(
      head,
      value ?? NOTHING,
      original ?? NOTHING,
      note === undefined ? NOTHING : serialize(note),
    );
  }

  read(address: number): RawEvent {
    const record = this.#records.at(address);
    const [value, original, note] = endsOf(record);
    const raw = { value: value < 0 ? undefined : JSON.parse(record.toString('utf8', HEAD_BYTES, value)) };
    return original < 0
      ? raw
      : { ...raw, original: JSON.parse(record.toString('utf8', Math.max(value, HEAD_BYTES), note)) };
  }

  /** What was kept with an event; undefined where nothing was. */
  noteOf(address: number): unknown {
    const record = this.#records.at(address);
    const note = record.subarray(endsOf(record)[2]);
    return note.length === 0 ? undefined : deserialize(note);
  }

  close(): void {
    this.#records.close();
  }
}

const NOTHING = Buffer.alloc(0);

/** Where the value and the original end, -1 where there is none, and where the note begins. */
function endsOf(record: Buffer): readonly [value: number, original: number, note: number] {
  const valueBytes = record.readUInt32LE(0);
  const originalBytes = record.readUInt32LE(LENGTH_BYTES);
  const value = valueBytes === ABSENT ? HEAD_BYTES : HEAD_BYTES + valueBytes;
  const note = originalBytes === ABSENT ? value : value + originalBytes;
  return [valueBytes === ABSENT ? -1 : value, originalBytes === ABSENT ? -1 : note, note];
}
