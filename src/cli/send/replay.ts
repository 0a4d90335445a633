import { type InputSource, nameOf } from '../../read/source.js';
import { type MemoryBudget, shareOf } from '../../sessions/memory.js';
import { Records } from '../../sessions/records.js';

/** Of the memory there is, what may hold an input that comes through a pipe. */
const SHARE = 1 / 8;

/** Inputs that can be read more than once. */
export interface Replay {
  readonly sources: readonly InputSource[];
  /** Lets go of what was kept. */
  close(): void;
}

/**
 * Makes inputs readable more than once: what comes through a pipe is kept, beyond a share of the memory in a temporary file.
 * @throws UserError of kind `output` where the disk cannot hold it; what the signal was aborted with
 */
export async function replayOf(
  sources: readonly InputSource[],
  memory: MemoryBudget,
  signal: AbortSignal,
): Promise<Replay> {
  const kept: Records[] = [];
  const close = () => {
    for (const records of kept) records.close();
  };
  const again = async (source: InputSource): Promise<InputSource> => {
    if (typeof source === 'string') return source;
    const records = new Records(shareOf(memory, SHARE));
    kept.push(records);
    for await (const chunk of source.bytes) {
      signal.throwIfAborted();
      records.add(chunk);
    }
    return { name: nameOf(source), bytes: streamed(records) };
  };
  try {
    return { sources: await Promise.all(sources.map(again)), close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The records as a stream, from the first each time. */
function streamed(records: Records): AsyncIterable<Uint8Array> {
  return {
    async *[Symbol.asyncIterator]() {
      yield* records;
    },
  };
}
