import { type BigIntStats, statSync } from 'node:fs';

/** What tells that a path still leads to the file that was written last, as it was written. */
export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
  readonly links: bigint;
  readonly size: bigint;
  /** Nanoseconds since 1970. */
  readonly modified: bigint;
}

/** The identity of the file at a path; null where there is none. Never opens it: closing it would drop SQLite's lock. */
export function identityOf(path: string): FileIdentity | null {
  const status = statusOf(path);
  if (!status) return null;
  const { dev, ino, nlink, size, mtimeNs } = status;
  return { device: dev, inode: ino, links: nlink, size, modified: mtimeNs };
}

/** What became of a file since; null where nothing did. @param now Null where it is gone. */
export function differenceOf(before: FileIdentity, now: FileIdentity | null): FileChange | null {
  if (now === null) return 'gone';
  if (now.device !== before.device || now.inode !== before.inode) return 'replaced';
  if (now.links !== before.links) return 'linked';
  if (now.size !== before.size || now.modified !== before.modified) return 'written';
  return null;
}

/** `linked`: it has another number of hard links. `written`: another process wrote to it. */
export type FileChange = 'gone' | 'replaced' | 'linked' | 'written';

/** Whether two paths lead to one file that is there. */
export function isOneFile(one: string, other: string): boolean {
  const [a, b] = [statusOf(one), statusOf(other)];
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

function statusOf(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}
