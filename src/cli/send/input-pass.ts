import { UserError } from '../../domain/errors.js';
import type { InputRecord } from '../../domain/record.js';
import { changeEvents } from '../../read/change-events.js';
import { type ClipMap, readClipMap } from '../../read/clip-map.js';
import { Fingerprint } from '../../read/fingerprint.js';
import { readInputs } from '../../read/read.js';
import { earliestTimestamp, shiftedBy } from '../../read/shift-times.js';
import { type InputSource, nameOf } from '../../read/source.js';
import { latestTimestamp } from '../../rules/event/timestamp-future.js';
import type { Endpoint } from '../../send/endpoint.js';
import { type Prepared, prepare, type Window } from '../../send/prepare.js';
import type { Shard } from '../../send/shard.js';
import { OrganizationGuard } from '../../validate/organization-guard.js';
import type { Cli } from '../cli.js';
import { readOptionsOf } from '../options/input.js';
import { inspectOptionsOf } from '../options/rules.js';
import { turns } from '../signals.js';
import type { SendFlags } from './command.js';

/** An input that was read and checked. */
export interface Checked extends Prepared {
  /** Of its bytes. */
  readonly fingerprint: string;
  readonly clipMap: ClipMap | null;
  /** Unix seconds that the earliest time was moved to; null where times were not moved. */
  readonly shiftedTo: number | null;
}

export interface FirstPass {
  readonly sources: readonly InputSource[];
  readonly endpoint: Endpoint;
  readonly shard: Shard;
  /** Unix seconds that a journal says the earliest time was moved to. */
  readonly shiftedBefore: number | null;
  readonly signal: AbortSignal;
  readonly flags: SendFlags;
  readonly cli: Cli;
}

/** The first pass: reads, rewrites and checks everything. @throws Interrupted once the signal is aborted. */
export async function firstPass({
  sources,
  endpoint,
  shard,
  shiftedBefore,
  signal,
  flags,
  cli,
}: FirstPass): Promise<Checked> {
  const fingerprint = new Fingerprint();
  const guard = new OrganizationGuard(flags.organization);
  const clipMap = flags.clipMap === undefined ? null : await readClipMap(flags.clipMap);
  const shiftedTo = shiftTarget(flags, shiftedBefore, cli);
  const replayed = shiftedTo === null ? sources : await Promise.all(sources.map(replayable));
  const offset = shiftedTo === null ? 0 : await offsetTo(shiftedTo, replayed, flags, cli);
  const rules = await inspectOptionsOf(flags, cli);
  // What is rewritten must be looked at event by event.
  const plainUntil = clipMap || offset !== 0 ? undefined : latestTimestamp(rules);
  const reading = { ...readOptionsOf(flags, cli), fingerprint, plainUntil };
  const records = stoppable(readInputs(replayed, reading), signal);
  const mapped = clipMap ? changeEvents(records, clipMap.change) : records;
  const shifted = offset === 0 ? mapped : changeEvents(mapped, shiftedBy(offset));
  const prepared = await prepare(guard.watch(shifted), {
    ...rules,
    window: windowOf(flags, offset),
    host: hostOf(endpoint, flags),
    shard,
    between: turns(signal),
  });
  guard.refuse();
  clipMap?.refuseUnresolved();
  const { events, requests } = prepared.summary;
  if (events + requests + prepared.errors.length + prepared.keptOut === 0) {
    throw new UserError('input', 'nothing to send: no event and no request in the input');
  }
  return { ...prepared, fingerprint: fingerprint.value, clipMap, shiftedTo };
}

/** The host whose answers in a capture count. The built-in mock has only just begun, and new sessions were answered nowhere. */
function hostOf({ kind, host }: Endpoint, { newSessionIds }: SendFlags): string | undefined {
  return kind === 'mock' || newSessionIds ? undefined : host;
}

function shiftTarget({ shiftTo, shard, now }: SendFlags, before: number | null, cli: Cli): number | null {
  if (shiftTo !== 'now') return shiftTo ?? null;
  if (shard !== undefined)
    throw new UserError('usage', '--shift-to now differs from shard to shard: name a time instead');
  return before ?? Math.floor(now ?? cli.now());
}

async function offsetTo(
  time: number,
  sources: readonly InputSource[],
  flags: SendFlags,
  cli: Cli,
): Promise<number> {
  // What a capture holds is told once, by the pass that follows.
  const options = readOptionsOf({ ...flags, quiet: true }, cli);
  const earliest = await earliestTimestamp(readInputs(sources, options));
  return earliest === null ? 0 : time - earliest;
}

/** An input that can be read more than once: what comes through a pipe is kept. */
async function replayable(source: InputSource): Promise<InputSource> {
  if (typeof source === 'string') return source;
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.bytes) chunks.push(chunk);
  const bytes = {
    async *[Symbol.asyncIterator]() {
      yield* chunks;
    },
  };
  return { name: nameOf(source), bytes };
}

/** What `--since` and `--until` let in, by the times as they are moved. */
function windowOf({ since, until }: SendFlags, offset: number): Window | undefined {
  if (since === undefined && until === undefined) return undefined;
  return {
    since: since === undefined ? Number.NEGATIVE_INFINITY : since + offset,
    until: until === undefined ? Number.POSITIVE_INFINITY : until + offset,
  };
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
