import { EVENT_FLAG, type EventBatch, WORDS_PER_EVENT } from '../../domain/event-batch.js';
import { HashedWords, rowHash } from './row-hash.js';

/** What takes the rows of a table by their hashes. */
export interface HashedRows {
  addHashed(hash: number, withoutTimes: number, startedAtMs: number | undefined, line: number): void;
}

const SAID = EVENT_FLAG.stop | EVENT_FLAG.noType;
const hashed = new HashedWords();

/**
 * Tells the plausibility of a table of the events of its rows: what they say stands for the rows, so that it does not matter which way they
 * were read.
 */
export function noteEvents(plausibility: HashedRows, batch: EventBatch, from: number, to: number): void {
  for (let i = from; i < to; i += 1) {
    const timestamp = batch.timestamps[i]!;
    const startedAtMs = Number.isFinite(timestamp) ? Math.floor(timestamp * 1000) : undefined;
    if ((batch.flags[i]! & EVENT_FLAG.raw) !== 0) {
      const value = batch.raws.get(i)?.value as object;
      const without = rowHash([JSON.stringify({ ...value, Timestamp: null })]);
      plausibility.addHashed(rowHash([JSON.stringify(value)]), without, startedAtMs, batch.lines[i]!);
      continue;
    }
    hashAllButTime(batch, i);
    const without = hashed.end();
    hashed.addNumber(timestamp);
    plausibility.addHashed(hashed.end(), without, startedAtMs, batch.lines[i]!);
  }
}

function hashAllButTime({ ids, flags, sources, positions, seqNumbers }: EventBatch, i: number): void {
  hashed.begin();
  const at = i * WORDS_PER_EVENT;
  for (let word = at; word < at + WORDS_PER_EVENT; word += 1) hashed.add(ids[word]!);
  hashed.add((flags[i]! & SAID) | (sources[i]! << 16));
  hashed.addNumber(positions[i]!);
  hashed.addNumber(seqNumbers[i]!);
}
