import { tmpdir } from 'node:os';

/** What sessions that are held may take. */
export interface MemoryBudget {
  /** Bytes in memory; what is more goes to disk. */
  readonly bytes: number;
  /** The folder of temporary files. */
  readonly folder: string;
}

/** MiB that sessions take in memory unless told. */
export const DEFAULT_MEMORY_MIB = 96;

/** A part of a budget. */
export function shareOf({ bytes, folder }: MemoryBudget, share: number): MemoryBudget {
  return { bytes: bytes * share, folder };
}

/** A budget of so many MiB, with temporary files in the system's folder for them (TMPDIR). */
export function memoryBudget(mebibytes: number = DEFAULT_MEMORY_MIB): MemoryBudget {
  return { bytes: mebibytes * 1024 * 1024, folder: tmpdir() };
}
