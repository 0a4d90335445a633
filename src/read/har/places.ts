import { visit } from 'jsonc-parser';
import type { TextPosition } from '../../domain/place.js';

/** Where an entry of a HAR stands in its text. */
export interface HarEntryPlace {
  readonly start: number;
  /** Past its closing brace; null where it has none. */
  end: number | null;
  /** Where the text of its body stands, or the entry where it has none. */
  body: TextPosition;
}

/** The entries of a HAR's text by their index. */
export function harPlaces(text: string): ReadonlyMap<number, HarEntryPlace> {
  const entries = new Map<number, HarEntryPlace>();
  let depth = 0;
  let entry: HarEntryPlace | undefined;
  let due = false;
  visit(text, {
    onObjectBegin(offset, _length, line, character, pathOf) {
      depth += 1;
      const path = pathOf();
      if (!isPrefix(path)) return false;
      if (path.length === ENTRY_DEPTH) {
        entry = { start: offset, end: null, body: { line: line + 1, column: character + 1 } };
        entries.set(Number(path[2]), entry);
      }
      return true;
    },
    onObjectEnd(offset, length) {
      if (depth === ENTRY_DEPTH && entry) {
        // Where the text breaks off, the visitor closes what is open, with nothing.
        entry.end = length > 0 ? offset + length : null;
        entry = undefined;
      }
      depth -= 1;
    },
    onArrayBegin: (_offset, _length, _line, _character, pathOf) => isPrefix(pathOf()),
    // Without it, what follows an array that is not looked into would not be either.
    onArrayEnd: () => {},
    onObjectProperty(property, _offset, _length, _line, _character, pathOf) {
      due = property === 'text' && depth === BODY_DEPTH && pathOf().length === PATH.length;
    },
    onLiteralValue(_value, _offset, _length, line, character) {
      if (due && entry) entry.body = { line: line + 1, column: character + 1 };
      due = false;
    },
  });
  return entries;
}

/** The way to a body's object; null stands for any index. */
const PATH = ['log', 'entries', null, 'request', 'postData'] as const;
/** How many segments an entry's path has, and how many objects are open in it. */
const ENTRY_DEPTH = 3;
/** How many objects are open in a body's. */
const BODY_DEPTH = 5;

function isPrefix(path: readonly (string | number)[]): boolean {
  return path.every((segment, i) => (PATH[i] === null ? typeof segment === 'number' : PATH[i] === segment));
}
