import { randomInt } from 'node:crypto';

/** Another one in each process, so that nobody can choose SessionIds that all fall into one slot. No output depends on it. */
export const HASH_SEED = randomInt(2 ** 32);
