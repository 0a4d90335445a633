import type { InputRecord } from '../../domain/record.js';
import type { EventChange } from '../../read/change-events.js';
import { type ClipMap, readClipMap } from '../../read/clip-tables.js';
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

export interface ReadingOptions
  extends Partial<Pick<ReadOptions, 'fingerprint' | 'keepOriginal' | 'changeBody'>> {
  /** A change of each event before its clip is mapped. */
  readonly spell?: EventChange | undefined;
  /** A further change of each event, after the clip map. */
  readonly change?: EventChange | undefined;
}

/** Opens inputs. Reads the file of `--clip-map`. */
export async function openReading(
  sources: readonly InputSource[],
  flags: InputFlags & CommonFlags,
  cli: Cli,
  { spell, change, ...rest }: ReadingOptions = {},
): Promise<Reading> {
  const guard = new OrganizationGuard(flags.organization);
  const clipMap = flags.clipMap === undefined ? null : await readClipMap(flags.clipMap);
  const changes = [spell, clipMap?.change, change].filter((each) => each !== undefined);
  const options = {
    ...readOptionsOf(flags, cli),
    ...rest,
    ...(changes.length > 0 && { change: joined(changes) }),
  };
  return {
    records: guard.watch(readInputs(sources, options)),
    clipMap,
    refuseForeign: () => guard.refuse(),
    refuse() {
      guard.refuse();
      clipMap?.refuseUnresolved();
    },
  };
}

function joined(changes: readonly EventChange[]): EventChange {
  return (event) => changes.reduce((changed, change) => change(changed), event);
}

/** The records of a reading, which end where it is refused: nothing that is told as it comes comes of data of another organization. */
export async function* refusing(reading: Reading): AsyncGenerator<readonly InputRecord[]> {
  for await (const chunk of reading.records) {
    reading.refuseForeign();
    yield chunk;
  }
  reading.refuse();
}
