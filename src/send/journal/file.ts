import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What the journal needs of a file. Tests hand in one that loses what was not synced. */
export interface JournalFile {
  /** Writes all of it behind what is there. */
  append(bytes: Buffer): Promise<void>;
  /** Resolves when everything written is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the journal's file to append to it. @param length Where its sound part ends: what follows is cut off. */
export async function openJournalFile(path: string, length: number): Promise<JournalFile> {
  const { O_APPEND, O_CREAT, O_WRONLY } = constants;
  const file = await open(path, O_WRONLY | O_CREAT | O_APPEND, 0o644);
  try {
    if ((await file.stat()).size > length) await file.truncate(length);
    await file.sync();
    if (length === 0) await syncFolder(dirname(path));
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    append: (bytes) => file.appendFile(bytes),
    sync: () => file.datasync(),
    close: () => file.close(),
  };
}

/** A new file's name is on the disk only when its folder is. Not every file system can say so. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
