import { UserError } from '../../domain/errors.js';
import { ABSENT_FLAG, ID_WORDS, WORDS_PER_EVENT, writtenId } from '../../domain/event-batch.js';
import { type Finding, isTableRule, messageOf } from '../../domain/finding.js';
import { guidKey, sameGuid, writeGuid } from '../../domain/guid.js';
import type { Input } from '../../domain/place.js';
import type { InputRecord } from '../../domain/record.js';
import { escaped, pluralize } from '../../domain/text.js';
import { type ReadOptions, readInputs } from '../../read/read.js';
import type { EventChange } from '../../read/records.js';
import type { InputSource } from '../../read/source.js';
import { type ClipMap, readClipMap } from '../../table/clip-tables.js';
import type { Inspected } from '../../validate/inspected.js';
import type { InspectOptions } from '../../validate/options.js';
import type { Cli } from '../cli.js';
import { type InputFlags, readOptionsOf } from './input.js';
import { type CommonFlags, isVerbose } from './option.js';

/** Inputs being read with the options of the command line. */
export interface Reading {
  readonly records: AsyncIterable<readonly InputRecord[]>;
  readonly clipMap: ClipMap | null;
  /** Whether sessions were left out until now because their clips are not in the clip map. */
  readonly leavesOut: boolean;
  /** @throws UserError of kind `data` when data of another organization was read until now */
  refuseForeign(): void;
  /**
   * Call it after everything is read. Reports what `--skip-unmapped` left out.
   * @throws UserError of kind `data` for data of another organization, or for ids that are not in the clip map
   */
  refuse(): void;
}

export interface ReadingOptions
  extends Partial<
    Pick<ReadOptions, 'keepOriginal' | 'changeBody' | 'joinRequests' | 'onSession' | 'withRefused'>
  > {
  /** The rule settings that apply to tables while they are read. */
  readonly rules?: Pick<InspectOptions, 'maxSpeed' | 'clipDurations'> | undefined;
  /** Changes each event before its clip is mapped. */
  readonly spell?: EventChange | undefined;
  /** Changes each event after its clip is mapped. */
  readonly change?: EventChange | undefined;
}

/** Opens inputs. Reads the file of `--clip-map`. */
export async function openReading(
  sources: readonly InputSource[],
  flags: InputFlags & CommonFlags,
  cli: Cli,
  { spell, change, rules, ...rest }: ReadingOptions = {},
): Promise<Reading> {
  const guard = new OrganizationGuard(flags.organization);
  const clipMap = flags.clipMap === undefined ? null : await readClipMap(flags.clipMap);
  if (flags.skipUnmapped && !clipMap) throw new UserError('usage', '--skip-unmapped needs --clip-map');
  const changes = [spell, clipMap?.change, change].filter((each) => each !== undefined);
  const options = {
    ...readOptionsOf(flags, cli),
    ...rest,
    ...(rules && {
      maxSpeed: rules.maxSpeed,
      clipSeconds: (clip: string) => rules.clipDurations.get(guidKey(clipMap?.clipOf(clip) ?? clip)),
    }),
    ...(changes.length > 0 && { change: joined(changes) }),
    ...(flags.skipUnmapped && clipMap && leavingOut(clipMap)),
  };
  return {
    records: guard.watch(readInputs(sources, options)),
    clipMap,
    get leavesOut() {
      return flags.skipUnmapped === true && clipMap?.isComplete === false;
    },
    refuseForeign: () => guard.refuse(),
    refuse() {
      guard.refuse();
      if (!flags.skipUnmapped) clipMap?.refuseUnresolved();
      else if (clipMap && !flags.quiet) reportUnresolved(clipMap, cli);
    },
  };
}

/** Leaves out events and rows whose clips are not in the map. */
function leavingOut(clipMap: ClipMap): Pick<ReadOptions, 'isUnmapped' | 'leavesOut'> {
  return {
    isUnmapped: (clip) => clipMap.lacks(clip),
    leavesOut: (clip) => {
      const lacks = clipMap.lacks(clip);
      if (lacks) clipMap.noteUnresolved(clip);
      return lacks;
    },
  };
}

function reportUnresolved(clipMap: ClipMap, { stderr }: Cli): void {
  const ids = clipMap.unresolved('row or event', 'rows or events');
  if (ids.length > 0) stderr.write(`left out, since these ids are not in the clip map:\n${ids.join('\n')}\n`);
}

function joined(changes: readonly EventChange[]): EventChange {
  return (event) => changes.reduce((changed, change) => change(changed), event);
}

/**
 * The records of a reading. Throws at the first data of another organization, so that a command that prints while it
 * reads never prints such data.
 */
export async function* refusing(reading: Reading): AsyncGenerator<readonly InputRecord[]> {
  for await (const chunk of reading.records) {
    reading.refuseForeign();
    yield chunk;
  }
  reading.refuse();
}

/** How many places are listed without `-v`. */
const MAX_PLACES_SHOWN = 5;
const MAX_PLACES_SHOWN_VERBOSE = 10_000;

/** The places of an input that could not be read, and the columns of a table with implausible values. */
export class UnreadablePlaces {
  readonly #first: Finding[] = [];
  readonly #columns: Finding[] = [];
  readonly #most: number;
  #count = 0;
  #unmapped = 0;

  constructor(flags: CommonFlags) {
    this.#most = isVerbose(flags) ? MAX_PLACES_SHOWN_VERBOSE : MAX_PLACES_SHOWN;
  }

  /** How many places there are. */
  get count(): number {
    return this.#count;
  }

  /** How many errors were listed or counted: unreadable places, and columns. */
  get errors(): number {
    return this.#count + this.#columns.filter(({ severity }) => severity === 'error').length;
  }

  /** Whether something could not be read, or was left out because its clip is not in the clip map. */
  get incomplete(): boolean {
    return this.#count + this.#unmapped > 0;
  }

  note(inspected: Inspected): void {
    if (inspected.kind === 'unreadable') this.#count += 1;
    if (inspected.kind === 'unmapped') this.#unmapped += 1;
    if (inspected.kind !== 'finding') return;
    const { finding } = inspected;
    if (isTableRule(finding.rule)) this.#columns.push(finding.settle());
    if (finding.rule === 'syntax' && this.#first.length < this.#most) this.#first.push(finding.settle());
  }

  /** @param from What the places are missing from, such as `the output`. */
  report({ stderr }: Cli, from: string): void {
    for (const finding of this.#columns) stderr.write(`${lineOf(finding)}. ${escaped(finding.hint)}\n`);
    if (this.#count === 0) return;
    for (const finding of this.#first) stderr.write(`${lineOf(finding)}\n`);
    const places = pluralize(this.#count, 'place');
    stderr.write(
      `${places} could not be read and ${this.#count === 1 ? 'is' : 'are'} missing from ${from}\n`,
    );
  }
}

function lineOf(finding: Finding): string {
  const { input, line, column } = finding.place;
  return `${finding.severity}: ${escaped(`${input.name}:${line}:${column}: ${messageOf(finding)}`)}`;
}

/** Checks that an input holds only data of the organization that was named. */
export class OrganizationGuard {
  readonly #key: string | undefined;
  readonly #words = new Uint32Array(4);
  #first: { readonly input: Input; readonly line: number; readonly organization: string } | undefined;
  #events = 0;

  /** @param organization Absent: every organization is accepted. */
  constructor(private readonly organization: string | undefined) {
    this.#key = organization === undefined ? undefined : guidKey(organization);
    if (this.#key !== undefined) writeGuid(this.#key, this.#words, 0);
  }

  /** Passes the records on and checks each. */
  async *watch(chunks: AsyncIterable<readonly InputRecord[]>): AsyncGenerator<readonly InputRecord[]> {
    for await (const records of chunks) {
      if (this.#key !== undefined) for (const record of records) this.#look(record);
      yield records;
    }
  }

  /** @throws UserError of kind `data` when there was data of another organization */
  refuse(): void {
    if (!this.#first) return;
    const { input, line, organization } = this.#first;
    throw new UserError(
      'data',
      `${input.name}:${line}: expected data of organization ${this.organization} only, received ${organization} (${this.#events} event${this.#events === 1 ? '' : 's'} in all)`,
      'Leave --organization out, or give data of that organization alone.',
    );
  }

  #look(record: InputRecord): void {
    if (record.kind !== 'events' && record.kind !== 'request') return;
    const { events, from, to } = record;
    for (let i = from; i < to; i += 1) {
      if ((events.flags[i]! & ABSENT_FLAG.organization) !== 0) continue;
      if (sameGuid(events.ids, i * WORDS_PER_EVENT + ID_WORDS.organization, this.#words, 0)) continue;
      this.#events += 1;
      this.#first ??= {
        input: record.kind === 'events' ? record.input : record.place.input,
        line: record.kind === 'events' ? events.lines[i]! : record.place.line,
        organization: writtenId(events, i, 'organization')!,
      };
    }
  }
}
