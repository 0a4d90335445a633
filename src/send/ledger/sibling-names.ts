import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Shard } from '../shard.js';

/** The name of a file that each shard has for itself. */
export function ofShard(path: string, { index, count }: Shard): string {
  return count === 1 ? path : `${path}.${index}-of-${count}`;
}

/**
 * The ledgers of the same base name in the same folder, of another split into shards or of none.
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
