import { hash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** One of several parts of an input. The parts are sent in parallel, each with its own ledger. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
}

/** All of an input. */
export const ALL_SHARDS: Shard = { index: 1, count: 1 };

/** Whether a session belongs to a shard. @param key Its SessionId as read, in lower case. */
export function isInShard(key: string, { index, count }: Shard): boolean {
  if (count === 1) return true;
  return hash('sha256', key, 'buffer').readUIntBE(0, 6) % count === index - 1;
}

/** The name of a file for one shard. */
export function ofShard(path: string, { index, count }: Shard): string {
  return count === 1 ? path : `${path}.${index}-of-${count}`;
}

/**
 * The ledgers in the same folder with the same base name, but for another number of shards.
 * @param base The ledger's name without its shard.
 */
export function siblingsOf(base: string, { count }: Shard): string[] {
  const folder = dirname(base);
  const name = basename(base);
  return names(folder)
    .filter((other) => isOf(other, name, count))
    .toSorted()
    .map((other) => join(folder, other));
}

function isOf(other: string, name: string, count: number): boolean {
  if (other === name) return count !== 1;
  if (!other.startsWith(`${name}.`)) return false;
  const [, index, of] = /^(\d+)-of-(\d+)$/.exec(other.slice(name.length + 1)) ?? [];
  return index !== undefined && Number(of) !== count;
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
