import { deserialize, serialize } from 'node:v8';
import type { RawEvent } from '../domain/event-batch.js';
import { jsonText } from '../wire/json.js';
import type { MemoryBudget } from './memory.js';
import { Records } from './records.js';

/** What is kept of an event beside its columns: JSON texts, and what its session is to come with. */
type Kept = readonly [value: string | null, original: string | null, note: unknown];

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
    const value = raw === undefined ? null : jsonText(raw.value);
    const original = raw?.original === undefined ? null : jsonText(raw.original);
    return this.#records.add(serialize([value, original, note] satisfies Kept));
  }

  read(address: number): RawEvent {
    const [value, original] = this.#kept(address);
    const raw = { value: value === null ? undefined : JSON.parse(value) };
    return original === null ? raw : { ...raw, original: JSON.parse(original) };
  }

  /** What was kept with an event; undefined where nothing was. */
  noteOf(address: number): unknown {
    return this.#kept(address)[2];
  }

  close(): void {
    this.#records.close();
  }

  #kept(address: number): Kept {
    return deserialize(this.#records.at(address)) as Kept;
  }
}
