import { hash } from 'node:crypto';

/** One of several parts of an input that are sent side by side, each with a ledger of its own. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
}

/** All of an input. */
export const WHOLE: Shard = { index: 1, count: 1 };

/** Whether a session belongs to a shard. @param key Its SessionId in lower case, as the input has it. */
export function isInShard(key: string, { index, count }: Shard): boolean {
  if (count === 1) return true;
  return hash('sha256', key, 'buffer').readUIntBE(0, 6) % count === index - 1;
}
