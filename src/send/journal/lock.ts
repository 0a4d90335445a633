import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { UserError } from '../../domain/errors.js';

/** A process, as a lock names it. */
export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** Tells one start of the machine from the next; empty where it cannot be told. */
  readonly boot: string;
  /** When the process began, as the system counts it: a number is used again; empty where it cannot be told. */
  readonly began: string;
}

export interface LockSettings {
  readonly owner: LockOwner;
  /** When the process of a number on this machine began; null where there is none, empty where it cannot be told. */
  readonly beganAt: (pid: number) => Promise<string | null>;
}

/** Lets go of a lock. */
export type Release = () => Promise<void>;

const TRIES = 5;

/**
 * Takes the lock of a journal, a file beside it, so that two processes never write it at once. The lock of a process that is dead is
 * taken over.
 * @throws UserError of kind `usage` where another process has it; the system's error where the file cannot be written
 */
export async function lockJournal(journal: string, { owner, beganAt }: LockSettings): Promise<Release> {
  const path = `${journal}.lock`;
  const text = `${JSON.stringify(owner)}\n`;
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await placed(path, text, owner)) {
      return async () => {
        if ((await textOf(path)) === text) await rm(path, { force: true });
      };
    }
    const held = await textOf(path);
    if (held === null) continue;
    const holder = ownerOf(held);
    if (holder === null || (await isAlive(holder, owner, beganAt)))
      throw locked(journal, path, holder, owner);
    await takeAway(path, held, owner);
  }
  throw new UserError('usage', `${journal}: other processes fight for its lock ${path}: nothing was sent`);
}

/** Puts the lock where none is: whole at once, so that nobody reads half of it. */
async function placed(path: string, text: string, { pid, host }: LockOwner): Promise<boolean> {
  const draft = `${path}.${host}.${pid}.new`;
  await writeFile(draft, text);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes a dead owner's lock, and puts back what turns out to be another's. */
async function takeAway(path: string, held: string, { pid, host }: LockOwner): Promise<void> {
  const aside = `${path}.${host}.${pid}`;
  await rename(path, aside).catch(() => {});
  const taken = await textOf(aside);
  if (taken !== null && taken !== held) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

async function isAlive(
  holder: LockOwner,
  self: LockOwner,
  beganAt: LockSettings['beganAt'],
): Promise<boolean> {
  if (holder.host !== self.host) return true;
  if (holder.boot !== self.boot) return false;
  if (holder.pid === self.pid) return false;
  const began = await beganAt(holder.pid);
  return began !== null && (began === '' || holder.began === '' || began === holder.began);
}

function locked(journal: string, path: string, holder: LockOwner | null, self: LockOwner): UserError {
  if (holder?.host === self.host) {
    return new UserError(
      'usage',
      `${journal}: process ${holder.pid} is sending with this journal: nothing was sent`,
      'Wait for it to end, or stop it; then run again.',
    );
  }
  return new UserError(
    'usage',
    holder === null
      ? `${journal}: is locked by ${path}, which cannot be read: nothing was sent`
      : `${journal}: process ${holder.pid} on ${holder.host} is sending with this journal, or was when it died: nothing was sent`,
    `If nothing sends with it any more, remove ${path} and run again.`,
  );
}

function ownerOf(text: string): LockOwner | null {
  try {
    const { pid, host, boot, began } = JSON.parse(text) as Partial<LockOwner>;
    return typeof pid === 'number' && typeof host === 'string'
      ? { pid, host, boot: boot ?? '', began: began ?? '' }
      : null;
  } catch {
    return null;
  }
}

async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
