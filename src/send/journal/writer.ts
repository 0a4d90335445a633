import type { Clock } from '../clock.js';
import type { JournalFile } from './file.js';
import { encodeRecord, type JournalRecord } from './format.js';

interface Waiting {
  /** Null: only what was written before is to be on the disk. */
  readonly record: JournalRecord | null;
  readonly durable: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What nobody waits for is on the disk after so long at most. */
const SYNC_AFTER_MS = 200;

/** Appends records in order. What comes while the disk is busy is written, and synced, together. After an error nothing is written. */
export class JournalWriter {
  readonly #file: JournalFile;
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #draining = false;
  #length: number;
  #synced: number;
  #broken: { readonly error: unknown } | null = null;
  #callOff: (() => void) | null = null;

  /** @param length Bytes the file has, all on the disk. */
  constructor(file: JournalFile, length: number, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
    this.#length = length;
    this.#synced = length;
  }

  /** Resolves when the record is written; it is on the disk soon after. */
  append(record: JournalRecord): Promise<void> {
    return this.#add(record, false);
  }

  /** Resolves when the record, and all before it, are on the disk. */
  commit(record: JournalRecord): Promise<void> {
    return this.#add(record, true);
  }

  /** Resolves when everything is on the disk. */
  flush(): Promise<void> {
    return this.#add(null, true);
  }

  #add(record: JournalRecord | null, durable: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, durable, resolve, reject });
      if (!this.#draining) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#broken) throw this.#broken.error;
        await this.#write(group);
        for (const { resolve } of group) resolve();
      } catch (error) {
        this.#broken ??= { error };
        for (const { reject } of group) reject(error);
      }
    }
    this.#draining = false;
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    const lines = group.flatMap(({ record }) => (record ? [encodeRecord(record, this.#synced)] : []));
    if (lines.length > 0) {
      const bytes = Buffer.concat(lines);
      await this.#file.append(bytes);
      this.#length += bytes.length;
    }
    if (this.#length === this.#synced) return;
    if (group.some(({ durable }) => durable)) {
      this.#callOff?.();
      this.#callOff = null;
      await this.#file.sync();
      this.#synced = this.#length;
    } else this.#callOff ??= this.#clock.after(SYNC_AFTER_MS, () => this.#syncLater());
  }

  #syncLater(): void {
    this.#callOff = null;
    this.flush().catch(() => {});
  }
}
