import { EVENT_FLAG, type EventBatch, WORDS_PER_EVENT } from '../../domain/event-batch.js';
import { HashedWords, rowHash } from './row-hash.js';

/** What takes the rows of a table by their hashes. */
export interface HashedRows {
  addHashed(hash: number, withoutTimes: number, startedAtMs: number | undefined, line: number): void;
}

const SAID = EVENT_FLAG.stop | EVENT_FLAG.noType;
const NUMBERS = new Float64Array(3);
const WORDS = new Uint32Array(NUMBERS.buffer);
const hashed = new HashedWords();

/**
 * Tells the plausibility of a table of the events of its rows: what they say stands for the rows, so that it does not matter which way they
 * were read.
 */
export function noteEvents(plausibility: HashedRows, batch: EventBatch, from: number, to: number): void {
  for (let i = from; i < to; i += 1) {
    const timestamp = batch.timestamps[i]!;
    const startedAtMs = Number.isFinite(timestamp) ? Math.floor(timestamp * 1000) : undefined;
    const without = hashOf(batch, i, false);
    plausibility.addHashed(hashOf(batch, i, true), without, startedAtMs, batch.lines[i]!);
  }
}

function hashOf(batch: EventBatch, i: number, withTime: boolean): number {
  const flags = batch.flags[i]!;
  if ((flags & EVENT_FLAG.raw) !== 0) {
    const value = batch.raws.get(i)?.value as object;
    return rowHash([JSON.stringify(withTime ? value : { ...value, Timestamp: null })]);
  }
  hashed.begin();
  const at = i * WORDS_PER_EVENT;
  for (let word = at; word < at + WORDS_PER_EVENT; word += 1) hashed.add(batch.ids[word]!);
  hashed.add((flags & SAID) | (batch.sources[i]! << 16));
  NUMBERS[0] = batch.positions[i]!;
  NUMBERS[1] = batch.seqNumbers[i]!;
  NUMBERS[2] = withTime ? batch.timestamps[i]! : 0;
  for (const word of WORDS) hashed.add(word);
  return hashed.end();
}
