import { UserError } from '../../domain/errors.js';
import type { InputRecord, ListenLengths, TableJudge } from '../../domain/record.js';
import { readInputs } from '../../read/read.js';
import { type InputSource, nameOf } from '../../read/source.js';
import type { Endpoint } from '../../send/endpoint.js';
import { type Prepared, prepare } from '../../send/prepare.js';
import { earliestTimestamp, shiftedBy } from '../../send/rewriting.js';
import { type FirstLook, type Moved, NOT_MOVED } from '../../send/selection.js';
import type { Shard } from '../../send/shard.js';
import { type MemoryBudget, shareOf } from '../../sessions/memory.js';
import { SpillLog } from '../../sessions/spill-log.js';
import type { ClipMap } from '../../table/clip-tables.js';
import { type Cli, signalCheck } from '../cli.js';
import { readOptionsOf } from '../options/input.js';
import { withinOf } from '../options/option.js';
import { isRelativeTime, momentOf } from '../options/parsers.js';
import { openReading } from '../options/reading.js';
import { inspectOptionsOf } from '../options/rules.js';
import { LinesLeftOut } from '../written-files.js';
import type { SendFlags } from './flags.js';

/** The share of the memory budget for lines that cannot be read. */
const UNREADABLE_SHARE = 1 / 32;

/** An input after reading and checking. */
export interface Checked extends Prepared {
  readonly clipMap: ClipMap | null;
  /** The lines and rows that could not be read, unchanged. */
  readonly unreadable: LinesLeftOut;
  /** The rows and events whose clips are not in the clip map, unchanged. */
  readonly unmapped: LinesLeftOut;
  /** The lengths of the sessions of each table. */
  readonly listening: readonly ListenLengths[];
  /** Rows of tables without a SessionId; their ids are computed from the rows. */
  readonly rowsWithoutId: number;
  /** How far the times were moved. */
  readonly moved: Moved;
}

export interface FirstPass {
  readonly sources: readonly InputSource[];
  readonly endpoint: Endpoint;
  readonly shard: Shard;
  /** By how many milliseconds the earlier run that this run resumes moved the times; null without such a run. */
  readonly shiftedBefore: number | null;
  /** Looks sessions up in the ledgers; undefined without ledgers. */
  readonly firstLook: FirstLook | undefined;
  readonly memory: MemoryBudget;
  readonly signal: AbortSignal;
  readonly flags: SendFlags;
  readonly cli: Cli;
}

/** The first pass: reads, rewrites and checks everything. @throws Interrupted once the signal is aborted */
export async function firstPass(pass: FirstPass): Promise<Checked> {
  const { sources, shiftedBefore, memory, signal, flags } = pass;
  const { shiftTo, shard } = flags;
  if (shiftTo === undefined) return { ...(await checked(pass, 0)), moved: NOT_MOVED };
  const kept = isRelativeTime(shiftTo);
  if (kept && shard !== undefined)
    throw new UserError('usage', `--shift-to ${shiftTo} would differ between shards: give a time instead`);
  if (kept && shiftedBefore !== null) {
    return { ...(await checked(pass, shiftedBefore)), moved: { by: shiftedBefore, kept } };
  }
  const replay = await replayOf(sources, memory, signal);
  try {
    const again = { ...pass, sources: replay.sources };
    const by = await offsetTo(shiftTarget(shiftTo, pass), again);
    return { ...(await checked(again, by)), moved: { by, kept } };
  } finally {
    replay.close();
  }
}

/** @param movedMs The milliseconds to add to all times. */
async function checked(
  { sources, endpoint, shard, firstLook, memory, signal, flags, cli }: FirstPass,
  movedMs: number,
): Promise<Omit<Checked, 'moved'>> {
  const offset = movedMs / 1000;
  const rules = await inspectOptionsOf(flags, cli);
  const unreadable = new LinesLeftOut('unreadable', shareOf(memory, UNREADABLE_SHARE));
  const unmapped = new LinesLeftOut('unmapped', shareOf(memory, UNREADABLE_SHARE));
  const tables: TableJudge[] = [];
  const reading = await openReading(sources, flags, cli, {
    rules,
    change: offset === 0 ? undefined : shiftedBy(offset),
  });
  const prepared = await prepare(stoppable(reading.records, signal), {
    ...rules,
    memory,
    within: withinOf(flags, cli, offset),
    host: hostOf(endpoint, flags),
    shard,
    movedMs,
    firstLook,
    between: signalCheck(signal),
    onInspected: (inspected) => {
      unreadable.note(inspected);
      unmapped.note(inspected);
      if (inspected.kind === 'table') tables.push(inspected.table.judge);
    },
  });
  reading.refuse();
  const { events, requests } = prepared.summary;
  const { unreadable: places } = prepared.summary;
  if (events + requests + prepared.errors.length + prepared.keptOut + places === 0 && !reading.leavesOut) {
    throw new UserError('input', 'nothing to send: no event and no request in the input');
  }
  const close = (): void => {
    prepared.close();
    unreadable.close();
    unmapped.close();
  };
  const listening = tables.flatMap((table) => table.lengths() ?? []);
  const rowsWithoutId = tables.reduce((sum, table) => sum + table.rowsWithoutId(), 0);
  return { ...prepared, close, unreadable, unmapped, listening, rowsWithoutId, clipMap: reading.clipMap };
}

/**
 * The host whose responses in a capture count as deliveries. Undefined for the built-in mock, which starts empty, and
 * for sessions that get new SessionIds.
 */
function hostOf({ kind, host }: Endpoint, { newSessionIds }: SendFlags): string | undefined {
  return kind === 'mock' || newSessionIds ? undefined : host;
}

/** The unix seconds to move the earliest time to. */
function shiftTarget(shiftTo: string, { flags, cli }: FirstPass): number {
  const moment = momentOf('--shift-to', shiftTo, flags, cli);
  return isRelativeTime(shiftTo) ? Math.floor(moment) : moment;
}

/** The whole milliseconds from the earliest time to another. */
async function offsetTo(time: number, { sources, signal, flags, cli }: FirstPass): Promise<number> {
  // The notes about captures are printed once, by the next pass.
  const options = { ...readOptionsOf({ ...flags, quiet: true }, cli), onCapture: undefined };
  const earliest = await earliestTimestamp(stoppable(readInputs(sources, options), signal));
  return earliest === null ? 0 : Math.round((time - earliest) * 1000);
}

async function* stoppable(
  chunks: AsyncIterable<readonly InputRecord[]>,
  signal: AbortSignal,
): AsyncGenerator<readonly InputRecord[]> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    yield chunk;
  }
}

/** The share of the memory budget for an input from a pipe. */
const SHARE = 1 / 8;

/** Inputs that can be read more than once. */
export interface Replay {
  readonly sources: readonly InputSource[];
  /** Deletes temporary files. */
  close(): void;
}

/**
 * Makes inputs readable more than once. Input from a pipe is kept in memory up to a share of the budget, then in a
 * temporary file.
 * @throws UserError of kind `output` when the disk is full, or the signal's reason once it is aborted
 */
export async function replayOf(
  sources: readonly InputSource[],
  memory: MemoryBudget,
  signal: AbortSignal,
): Promise<Replay> {
  const kept: SpillLog[] = [];
  const close = () => {
    for (const records of kept) records.close();
  };
  const again = async (source: InputSource): Promise<InputSource> => {
    if (typeof source === 'string' || 'query' in source) return source;
    const records = new SpillLog(shareOf(memory, SHARE));
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

/** The records as a stream that starts from the first record each time. */
function streamed(records: SpillLog): AsyncIterable<Uint8Array> {
  return {
    async *[Symbol.asyncIterator]() {
      yield* records;
    },
  };
}
