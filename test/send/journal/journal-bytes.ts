import type { JournalFile } from '../../../src/send/journal/file.js';
import { readJournalBytes } from '../../../src/send/journal/read.js';

/** A journal's file in memory that knows what of it is on the disk. */
export class MemoryFile implements JournalFile {
  /** Each write, in order. */
  readonly writes: Buffer[] = [];
  /** How many of the writes are on the disk. */
  synced = 0;
  #failing: NodeJS.ErrnoException | null = null;

  constructor(
    before: Buffer = Buffer.alloc(0),
    private readonly step: (name: string) => void = () => {},
  ) {
    if (before.length > 0) this.writes.push(before);
    this.synced = this.writes.length;
  }

  async append(bytes: Buffer): Promise<void> {
    this.step('before write');
    if (this.#failing) throw this.#failing;
    this.writes.push(bytes);
    this.step('after write');
  }

  async sync(): Promise<void> {
    this.step('before sync');
    const now = this.writes.length;
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#failing) throw this.#failing;
    this.synced = now;
    this.step('after sync');
  }

  async close(): Promise<void> {}

  /** From now on the disk is full. */
  fill(): void {
    this.#failing = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  }

  /** The whole file, as the page cache has it. */
  get bytes(): Buffer {
    return Buffer.concat(this.writes);
  }

  /** What is on the disk, with those later writes that `kept` says; what is lost between is zeros. */
  after(kept: (write: number) => boolean): Buffer {
    const parts = this.writes.map((bytes, i) =>
      i < this.synced || kept(i) ? bytes : Buffer.alloc(bytes.length),
    );
    let last = parts.length;
    while (last > this.synced && !kept(last - 1)) last -= 1;
    return Buffer.concat(parts.slice(0, last));
  }
}

export function contentOf(bytes: Buffer) {
  return readJournalBytes(bytes.length === 0 ? [] : [bytes], 'j');
}
