import type { InputRecord } from '../../domain/record.js';
import { changeEvents, type EventChange } from '../../read/change-events.js';
import { type ClipMap, readClipMap } from '../../read/clip-map.js';
import { type ReadOptions, readInputs } from '../../read/read.js';
import type { InputSource } from '../../read/source.js';
import { OrganizationGuard } from '../../validate/organization-guard.js';
import type { Cli } from '../cli.js';
import type { CommonFlags } from './everywhere.js';
import { type InputFlags, readOptionsOf } from './input.js';

/** Inputs that are being read as the flags ask. */
export interface Reading {
  readonly records: AsyncIterable<readonly InputRecord[]>;
  readonly clipMap: ClipMap | null;
  /** @throws UserError of kind `data` where there was data of another organization so far. */
  refuseForeign(): void;
  /**
   * To be asked once everything is read.
   * @throws UserError of kind `data` where there was data of another organization, or an id that the clip map does not hold.
   */
  refuse(): void;
}

export interface ReadingOptions extends Partial<Pick<ReadOptions, 'plainUntil' | 'fingerprint'>> {
  /** What records pass first. */
  readonly pass?:
    | ((chunks: AsyncIterable<readonly InputRecord[]>) => AsyncIterable<readonly InputRecord[]>)
    | undefined;
  /** A further change of each event, after the clip map. */
  readonly change?: EventChange | undefined;
}

/** Opens inputs. Reads the file of `--clip-map`. */
export async function openReading(
  sources: readonly InputSource[],
  flags: InputFlags & CommonFlags,
  cli: Cli,
  { plainUntil, fingerprint, pass = (chunks) => chunks, change }: ReadingOptions = {},
): Promise<Reading> {
  const guard = new OrganizationGuard(flags.organization);
  const clipMap = flags.clipMap === undefined ? null : await readClipMap(flags.clipMap);
  // What is changed must be looked at event by event.
  const plain = clipMap || change ? undefined : plainUntil;
  const options = { ...readOptionsOf(flags, cli), fingerprint, plainUntil: plain };
  const read = pass(readInputs(sources, options));
  const mapped = clipMap ? changeEvents(read, clipMap.change) : read;
  return {
    records: guard.watch(change ? changeEvents(mapped, change) : mapped),
    clipMap,
    refuseForeign: () => guard.refuse(),
    refuse() {
      guard.refuse();
      clipMap?.refuseUnresolved();
    },
  };
}

/** The records of a reading, which end where it is refused: nothing that is told as it comes comes of data of another organization. */
export async function* refusing(reading: Reading): AsyncGenerator<readonly InputRecord[]> {
  for await (const chunk of reading.records) {
    reading.refuseForeign();
    yield chunk;
  }
  reading.refuse();
}
