import { UserError } from '../../domain/errors.js';
import type { InputRecord, ListenLengths, TableJudge } from '../../domain/record.js';
import { earliestTimestamp, shiftedBy } from '../../read/change-events.js';
import { Fingerprint } from '../../read/fingerprint.js';
import { readInputs } from '../../read/read.js';
import type { InputSource } from '../../read/source.js';
import type { Endpoint } from '../../send/endpoint.js';
import { type Prepared, prepare } from '../../send/prepare.js';
import type { Shard } from '../../send/shard.js';
import { type MemoryBudget, shareOf } from '../../sessions/memory.js';
import type { ClipMap } from '../../table/clip-tables.js';
import type { Cli } from '../cli.js';
import { readOptionsOf } from '../options/input.js';
import { isRelativeTime, momentOf } from '../options/parsers.js';
import { openReading } from '../options/reading.js';
import { inspectOptionsOf } from '../options/rules.js';
import { withinOf } from '../options/window.js';
import { turns } from '../signals.js';
import { UnreadableLines } from '../unreadable-lines.js';
import type { SendFlags } from './flags.js';
import { replayOf } from './replay.js';

/** Of the memory there is, what lines may take that cannot be read. */
const UNREADABLE_SHARE = 1 / 32;

/** An input that was read and checked. */
export interface Checked extends Prepared {
  /** Of its bytes; empty where no journal asks for it. */
  readonly fingerprint: string;
  readonly clipMap: ClipMap | null;
  /** What could not be read, as it stood. */
  readonly unreadable: UnreadableLines;
  /** How long the sessions of each table were listened to. */
  readonly listening: readonly ListenLengths[];
  /** Unix seconds that the earliest time was moved to; null where times were not moved. */
  readonly shiftedTo: number | null;
}

export interface FirstPass {
  readonly sources: readonly InputSource[];
  readonly endpoint: Endpoint;
  readonly shard: Shard;
  /** Unix seconds that a journal says the earliest time was moved to. */
  readonly shiftedBefore: number | null;
  /** Whether the input's fingerprint is asked for. */
  readonly identified: boolean;
  readonly memory: MemoryBudget;
  readonly signal: AbortSignal;
  readonly flags: SendFlags;
  readonly cli: Cli;
}

/** The first pass: reads, rewrites and checks everything. @throws Interrupted once the signal is aborted. */
export async function firstPass(pass: FirstPass): Promise<Checked> {
  const { sources, shiftedBefore, memory, signal, flags, cli } = pass;
  const shiftedTo = shiftTarget(flags, shiftedBefore, cli);
  if (shiftedTo === null) return { ...(await checked(pass, 0)), shiftedTo };
  const replay = await replayOf(sources, memory, signal);
  try {
    const again = { ...pass, sources: replay.sources };
    return { ...(await checked(again, await offsetTo(shiftedTo, again))), shiftedTo };
  } finally {
    replay.close();
  }
}

/** @param offset Seconds by which all times are moved. */
async function checked(
  { sources, endpoint, shard, identified, memory, signal, flags, cli }: FirstPass,
  offset: number,
): Promise<Omit<Checked, 'shiftedTo'>> {
  const fingerprint = identified ? new Fingerprint() : undefined;
  const rules = await inspectOptionsOf(flags, cli);
  const unreadable = new UnreadableLines(shareOf(memory, UNREADABLE_SHARE));
  const tables: TableJudge[] = [];
  const reading = await openReading(sources, flags, cli, {
    rules,
    fingerprint,
    change: offset === 0 ? undefined : shiftedBy(offset),
  });
  const prepared = await prepare(stoppable(reading.records, signal), {
    ...rules,
    memory,
    within: withinOf(flags, cli, offset),
    host: hostOf(endpoint, flags),
    shard,
    between: turns(signal),
    onInspected: (inspected) => {
      unreadable.note(inspected);
      if (inspected.kind === 'table') tables.push(inspected.table.judge);
    },
  });
  reading.refuse();
  const { events, requests } = prepared.summary;
  const { unreadable: places } = prepared.summary;
  if (events + requests + prepared.errors.length + prepared.keptOut + places === 0) {
    throw new UserError('input', 'nothing to send: no event and no request in the input');
  }
  const close = (): void => {
    prepared.close();
    unreadable.close();
  };
  const listening = tables.flatMap((table) => table.lengths() ?? []);
  return {
    ...prepared,
    close,
    unreadable,
    listening,
    fingerprint: fingerprint?.value ?? '',
    clipMap: reading.clipMap,
  };
}

/** The host whose answers in a capture count. The built-in mock has only just begun, and new sessions were answered nowhere. */
function hostOf({ kind, host }: Endpoint, { newSessionIds }: SendFlags): string | undefined {
  return kind === 'mock' || newSessionIds ? undefined : host;
}

function shiftTarget(flags: SendFlags, before: number | null, cli: Cli): number | null {
  const { shiftTo, shard } = flags;
  if (shiftTo === undefined) return null;
  const moment = momentOf('--shift-to', shiftTo, flags, cli);
  if (!isRelativeTime(shiftTo)) return moment;
  if (shard !== undefined)
    throw new UserError('usage', `--shift-to ${shiftTo} differs from shard to shard: name a time instead`);
  return before ?? Math.floor(moment);
}

async function offsetTo(time: number, { sources, signal, flags, cli }: FirstPass): Promise<number> {
  // What a capture holds is told once, by the pass that follows.
  const options = readOptionsOf({ ...flags, quiet: true }, cli);
  const earliest = await earliestTimestamp(stoppable(readInputs(sources, options), signal));
  return earliest === null ? 0 : time - earliest;
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
