import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { diskReason } from '../domain/errors.js';

/** A file that is only ever added to. */
export interface AppendedFile {
  readonly handle: FileHandle;
  /** False of a pipe or a device, which can be neither read back nor emptied. */
  readonly regular: boolean;
}

/**
 * Opens a file to read it and to write behind what it holds; where there is none, it is made. A link to a file is not followed: whoever
 * can write the folder could point it at any file of this user. What is no file (`/dev/stdout`, a pipe) is only written, links or not.
 * @throws the system's error, ELOOP where the name is a link; `whyNotAppended` words it
 */
export async function openAppended(path: string): Promise<AppendedFile> {
  const status = await stat(path).catch(() => null);
  const { O_APPEND, O_CREAT, O_RDWR, O_WRONLY, O_NOFOLLOW } = constants;
  if (status && !status.isFile()) return { handle: await open(path, O_WRONLY | O_APPEND), regular: false };
  // Windows has no such flag.
  const flags = O_RDWR | O_CREAT | O_APPEND | (O_NOFOLLOW ?? 0);
  return { handle: await open(path, flags), regular: true };
}

/** Why a file cannot be added to, in words. */
export function whyNotAppended(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ELOOP' ? 'it is a link, which is not followed: name the file itself' : diskReason(error);
}
