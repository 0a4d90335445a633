import { UserError } from '../domain/errors.js';
import { shellWords } from '../domain/text.js';
import type { ColumnName } from './columns.js';

const MEANINGS = ['Start', 'Stop', 'Ignore'] as const;

/** What a value of the `Type` column means. */
export type TypeMeaning = (typeof MEANINGS)[number];

/** Which values of the `Type` column mean Start and Stop (`--type Start=play,resume --type Stop=pause,ended`); letter case does not matter. */
export class EventTypes {
  readonly #meanings = new Map<string, TypeMeaning>();

  /**
   * @param mappings what the `--type` options say, each `Start=value,value`
   * @throws UserError of kind `usage` where a name is not one of Start, Stop and Ignore, or a value has two meanings.
   */
  constructor(mappings: Iterable<string> = []) {
    for (const mapping of mappings) this.#add(mapping);
  }

  /** Start, Stop or Ignore; undefined for a value that no option names, which is kept unchanged. */
  meaningOf(value: string): TypeMeaning | undefined {
    return this.#meanings.get(key(value));
  }

  /** Whether `--type` was given at all. */
  get given(): boolean {
    return this.#meanings.size > 0;
  }

  #add(mapping: string): void {
    const at = mapping.indexOf('=');
    const name = mapping.slice(0, Math.max(at, 0)).trim();
    const meaning = MEANINGS.find((known) => key(known) === key(name));
    const values = mapping
      .slice(at + 1)
      .split(',')
      .map(key)
      .filter((value) => value !== '');
    if (!meaning || values.length === 0) {
      throw new UserError(
        'usage',
        `--type ${mapping}: expected Start, Stop or Ignore, then = and the values that mean it`,
        'Write it as --type Start=play,resume --type Stop=pause,ended',
      );
    }
    for (const value of values) {
      const earlier = this.#meanings.get(value);
      if (earlier !== undefined && earlier !== meaning) {
        throw new UserError('usage', `--type gives two meanings to ${value}: ${earlier} and ${meaning}`);
      }
      this.#meanings.set(value, meaning);
    }
  }
}

function key(text: string): string {
  return text.trim().toLowerCase();
}

/** Texts that databases and libraries write for an absent value. */
const MARKERS = new Set(['\\n', 'null', 'nan', 'nat', 'none', '<null>', '(null)', 'nil', '#n/a', 'n/a']);

/** Which cells mean an absent value: empty ones, and those that `--null` names. */
export class Nulls {
  readonly #texts: ReadonlySet<string>;

  /** @param texts what `--null` names, compared exactly */
  constructor(texts: Iterable<string> = []) {
    this.#texts = new Set(texts);
  }

  /** Returns the cell; an empty text where the cell means an absent value. */
  read(cell: string): string {
    if (this.#texts.size === 0) return cell;
    return this.#texts.has(cell) || this.#texts.has(cell.trim()) ? '' : cell;
  }
}

/** Whether a cell looks like a null marker (`\N`, `NULL`, `NaN`, `None`) that no option names. */
export function isNullMarker(cell: string): boolean {
  return MARKERS.has(cell.trim().toLowerCase());
}

/** Why a cell with a null marker is not an id, number or time. @param expected what the column needs: `a GUID` */
export function nullMarkerFault(cell: string, expected: string): Unreadable {
  const marker = cell.trim();
  return {
    expected,
    received: `${JSON.stringify(marker).replace('\\\\', '\\')}, a null marker`,
    hint: nullHint([marker]),
  };
}

/** What to add so that null markers are read as absent values. */
export function nullHint(markers: Iterable<string>): string {
  return hintOf([...markers].map((marker) => `--null ${shellWords([marker.trim()])}`));
}

/**
 * Joins hints that `nullHint` returned into one hint that names all their markers; undefined if any hint is about
 * something else.
 */
export function joinedNullHint(hints: readonly string[]): string | undefined {
  const flags = hints.map((hint) => NULL_HINT.exec(hint)?.[1]);
  return flags.includes(undefined) ? undefined : hintOf(flags.flatMap((flag) => flag!.split(/ (?=--null )/)));
}

const NULL_HINT = /^Add (--null .+) to read (?:it as an absent value|them as absent values)$/s;

function hintOf(flags: readonly string[]): string {
  const each = [...new Set(flags)];
  const what = each.length === 1 ? 'it as an absent value' : 'them as absent values';
  return `Add ${each.join(' ')} to read ${what}`;
}

/** Why a cell cannot be read, in the phrases of a finding. */
export interface Unreadable {
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
}

/** The cell because of which a row cannot be read, and why. */
export interface CellFault extends Unreadable {
  readonly column: ColumnName;
}

/** A cell that cannot be read. The methods that read a row's values throw it; `readable` catches it for the whole row. */
export class CellError extends Error {
  constructor(readonly fault: CellFault) {
    super(fault.expected);
  }
}

/** Returns the value. @throws CellError if the value could not be read */
export function readOrThrow<T>(column: ColumnName, value: T | Unreadable): T {
  if (isUnreadable(value)) throw new CellError({ column, ...value });
  return value;
}

/** Returns what `read` returns, or the fault of the cell that `read` could not read. */
export function readable<T extends object>(read: () => T): T | CellFault {
  try {
    return read();
  } catch (error) {
    if (error instanceof CellError) return error.fault;
    throw error;
  }
}

/** Whether a result is the fault of a cell, not a value. */
export function isCellFault(reading: object): reading is CellFault {
  return 'column' in reading && isUnreadable(reading);
}

function isUnreadable(value: unknown): value is Unreadable {
  return typeof value === 'object' && value !== null && 'expected' in value && 'received' in value;
}
