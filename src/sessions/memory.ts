import { randomUUID } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskReason, UserError } from '../domain/errors.js';

/** How much memory the held sessions can use. */
export interface MemoryBudget {
  /** The limit in bytes; beyond it, data goes to disk. */
  readonly bytes: number;
  /** The folder of temporary files. */
  readonly folder: string;
}

/** The default memory for sessions in MiB. */
export const DEFAULT_MEMORY_MIB = 96;

/** A part of a budget. */
export function shareOf({ bytes, folder }: MemoryBudget, share: number): MemoryBudget {
  return { bytes: bytes * share, folder };
}

/** A budget of this many MiB, with temporary files in the system's folder for them (TMPDIR). */
export function memoryBudget(mebibytes: number = DEFAULT_MEMORY_MIB): MemoryBudget {
  return { bytes: mebibytes * 1024 * 1024, folder: tmpdir() };
}

/**
 * A temporary file. Its name is deleted as soon as it is open, so that nothing of it is left however the process ends,
 * even after `kill -9`.
 * @throws UserError of kind `output` where the folder cannot be written or the disk is full.
 */
export class TempFile {
  readonly #folder: string;
  readonly #file: number;
  #size = 0;
  #closed = false;

  constructor(folder: string) {
    this.#folder = folder;
    const path = join(folder, `omny-consume-${randomUUID()}.tmp`);
    try {
      this.#file = openSync(path, 'wx+', 0o600);
      unlinkSync(path);
    } catch (error) {
      throw cannotHold(folder, error);
    }
  }

  /** Its length in bytes. */
  get size(): number {
    return this.#size;
  }

  /** Writes bytes at the end. Returns their offset. */
  append(bytes: Uint8Array): number {
    const offset = this.#size;
    this.write(bytes, offset);
    this.#size += bytes.length;
    return offset;
  }

  /** Sets the length in bytes: unwritten parts are zero and take no space on disk. */
  extend(size: number): void {
    try {
      ftruncateSync(this.#file, size);
    } catch (error) {
      throw cannotHold(this.#folder, error);
    }
    this.#size = size;
  }

  write(bytes: Uint8Array, offset: number): void {
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#file, bytes, done, bytes.length - done, offset + done);
      }
    } catch (error) {
      throw cannotHold(this.#folder, error);
    }
  }

  /** Fills `into` from an offset. */
  read(into: Uint8Array, offset: number): void {
    for (let done = 0; done < into.length; ) {
      const read = readSync(this.#file, into, done, into.length - done, offset + done);
      if (read === 0) throw new Error('a temporary file is shorter than the data that was written to it');
      done += read;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#file);
  }
}

function cannotHold(folder: string, error: unknown): UserError {
  return new UserError(
    'output',
    `${folder}: temporary files cannot be written: ${diskReason(error)}`,
    'Set TMPDIR to a folder with more room (about half the size of the input), or raise --memory',
  );
}
