import { existsSync, statSync } from 'node:fs';
import { UserError } from '../../domain/errors.js';
import type { Endpoint } from '../../send/endpoint.js';
import { JournalFailure } from '../../send/journal/journal.js';
import { lockJournal, type Release } from '../../send/journal/lock.js';
import { type JournalContent, readJournal, readJournalBytes } from '../../send/journal/read.js';
import type { Shard } from '../../send/shard.js';
import type { MemoryBudget } from '../../sessions/memory.js';
import type { SendFlags } from './flags.js';
import { lockSettings } from './this-process.js';

/** A journal that this process may use. */
export interface Claim {
  readonly path: string;
  readonly content: JournalContent;
  readonly release: Release;
}

/**
 * Where the journal stands: as told, else off loopback beside the input. Null: none is kept.
 * @throws UserError of kind `usage` where one is needed and no place for it is known
 */
export function journalPath(
  { journal, dryRun, printCurl }: SendFlags,
  { loopback }: Endpoint,
  inputs: readonly string[],
  shard: Shard,
): string | null {
  if (journal === false) return null;
  if (journal !== undefined) return ofShard(journal, shard);
  if (loopback) return null;
  const [only] = inputs;
  if (inputs.length === 1 && only && only !== '<stdin>') return ofShard(`${only}.journal`, shard);
  if (dryRun || printCurl) return null;
  throw new UserError(
    'usage',
    `${only === '<stdin>' ? 'standard input has no journal of its own' : 'several inputs have no journal of their own'}: nothing was sent`,
    'Name one with --journal FILE, so that the delivery can go on where it stops, or say --no-journal.',
  );
}

/** The name of a file that each shard has for itself. */
export function ofShard(path: string, { index, count }: Shard): string {
  return count === 1 ? path : `${path}.${index}-of-${count}`;
}

/**
 * Takes the journal for this process, and reads it.
 * @param write Without it nothing is locked or written.
 * @param memory For what it knows of sessions.
 */
export async function claimJournal(
  path: string,
  { write, memory }: { readonly write: boolean; readonly memory: MemoryBudget },
): Promise<Claim> {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status && !status.isFile()) {
    throw new UserError('usage', `${path}: is no regular file, and cannot be the journal: nothing was sent`);
  }
  const release = write ? await locked(path) : async () => {};
  try {
    const content = await (existsSync(path) ? readJournal(path, memory) : readJournalBytes([], path, memory));
    const letGo = async () => {
      content.states.close();
      await release();
    };
    return { path, release: letGo, content };
  } catch (error) {
    await release();
    throw error;
  }
}

/** What a journal that cannot be written means before anything was sent. */
export function cannotWrite(path: string, error: unknown): unknown {
  if (!(error instanceof JournalFailure)) return error;
  return new UserError(
    'output',
    `${path}: the journal cannot be written: ${error.message}: nothing was sent`,
  );
}

async function locked(path: string): Promise<Release> {
  try {
    return await lockJournal(path, await lockSettings());
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw cannotWrite(path, new JournalFailure(error as NodeJS.ErrnoException));
  }
}
