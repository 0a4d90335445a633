import type { Shard } from '../../send/shard.js';

/** The whole input. */
export const WHOLE: Shard = { index: 1, count: 1 };
