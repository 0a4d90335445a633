import type { Unreadable } from './fault.js';

/** What databases and libraries write for an absent value. */
const MARKERS = new Set(['\\n', 'null', 'nan', 'none', '<null>', '(null)', 'nil', '#n/a', 'n/a']);

/** Which cells mean an absent value: empty ones, and those that `--null` names. */
export class Nulls {
  readonly #texts: ReadonlySet<string>;

  /** @param texts what `--null` names, compared exactly */
  constructor(texts: Iterable<string> = []) {
    this.#texts = new Set(texts);
  }

  /** The cell; the empty text where it means absent. */
  read(cell: string): string {
    return cell === '' || this.#texts.has(cell) || this.#texts.has(cell.trim()) ? '' : cell;
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
  return hintOf([...markers].map((marker) => `--null ${shellWord(marker.trim())}`));
}

/** Hints as `nullHint` gives them as one that names the markers of all; undefined where one says something else. */
export function joinedNullHint(hints: readonly string[]): string | undefined {
  const flags = hints.map((hint) => NULL_HINT.exec(hint)?.[1]);
  return flags.includes(undefined) ? undefined : hintOf(flags.flatMap((said) => said!.split(/ (?=--null )/)));
}

const NULL_HINT = /^Add (--null .+) to read (?:it as an absent value|them as absent values)$/s;

function hintOf(flags: readonly string[]): string {
  const each = [...new Set(flags)];
  const what = each.length === 1 ? 'it as an absent value' : 'them as absent values';
  return `Add ${each.join(' ')} to read ${what}`;
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
