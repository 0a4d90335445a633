import { isUtf8 } from 'node:buffer';
import { visit } from 'jsonc-parser';
import { UserError } from '../../domain/errors.js';
import type { Input, TextPosition } from '../../domain/place.js';
import { escaped } from '../../domain/text.js';
import { isJsonObject } from '../../wire/json.js';
import { isTooDeep, type JsonFault, JsonText } from '../json/text.js';
import { BrokenStream, MAX_HAR_BYTES, MAX_HAR_VALUES } from '../limits.js';

const START: TextPosition = { line: 1, column: 1 };
const EXPORT_AGAIN =
  'Save it from the browser’s network panel again, and check whether the file was cut short.';

/** Why a text is incomplete. */
type Fault = Pick<BrokenStream, 'expected' | 'received' | 'hint'>;

/** An entry of the capture, and where the text of its body is. */
export interface HarEntry {
  /** Its index in `log.entries`. */
  readonly entry: number;
  readonly value: unknown;
  readonly at: TextPosition;
}

/** The text of a HAR. */
export interface HarText {
  readonly text: string;
  /** Why the text ends early; null where it is complete. */
  readonly fault: Fault | null;
  /** Whether the bytes were not all UTF-8. U+FFFD replaces the others. */
  readonly lossy: boolean;
}

/** Reads the text as far as possible. `fault` says why it ends early. */
export async function harText(bytes: AsyncIterable<Uint8Array>): Promise<HarText> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > MAX_HAR_BYTES) return { text: '', fault: TOO_LARGE, lossy: false };
      chunks.push(chunk);
    }
  } catch (error) {
    if (!(error instanceof BrokenStream)) throw error;
    return { text: Buffer.concat(chunks).toString(), fault: error, lossy: true };
  }
  const whole = Buffer.concat(chunks);
  return { text: whole.toString(), fault: null, lossy: !isUtf8(whole) };
}

const TOO_LARGE: Fault = {
  expected: `a HAR of at most ${MAX_HAR_BYTES / 1024 / 1024} MiB`,
  received: 'a larger one',
  hint: 'Filter the network panel for api/consumption before saving, or leave bodies of other requests out.',
};

const NOT_UTF8: Fault = {
  expected: 'UTF-8',
  received: 'bytes that are not UTF-8',
  hint: 'Save the file as UTF-8.',
};

/** Reads the entries of a HAR, and where and why its text ends early. */
export function harEntries(
  { text: written, fault, lossy }: HarText,
  input: Input,
): {
  readonly entries: readonly HarEntry[];
  /** The program that recorded it; absent where that is not known. */
  readonly creator?: string;
  /** `log.pages`; can be of any type. */
  readonly pages?: unknown;
  /** When the mock ended the recording; can be of any type. */
  readonly endedAt?: unknown;
  readonly broken: (JsonFault & Pick<Fault, 'hint'>) | null;
} {
  const source = new JsonText(written, START);
  const many = source.tooMany(MAX_HAR_VALUES);
  if (many) return { entries: [], broken: fault ? brokenBy(many, fault) : { ...many, hint: TOO_LARGE.hint } };
  let text = written;
  let value = parsed(text);
  if (value === undefined) {
    text = withoutNaN(written);
    value = parsed(text);
  }
  if (value === undefined) {
    const complete = text.slice(0, source.breaksAt());
    const places = [...harPlaces(complete).values()].filter(({ end }) => end !== null);
    return {
      entries: places.map(({ start, end, body }, entry) => ({
        entry,
        value: parsed(text.slice(start, end ?? start)),
        at: body,
      })),
      broken: brokenBy(source.fault(), fault ?? (lossy && places.length === 0 ? NOT_UTF8 : null)),
    };
  }
  const tooDeep = isTooDeep(value) ? source.tooDeep() : null;
  if (tooDeep) return { entries: [], broken: brokenBy(tooDeep, null) };
  const log = isJsonObject(value) ? value.log : undefined;
  const listed = isJsonObject(log) ? log.entries : undefined;
  if (!Array.isArray(listed)) {
    throw new UserError(
      'input',
      `${escaped(input.name)}: is not a HAR: expected an object with log.entries, an array`,
    );
  }
  const places = harPlaces(text);
  const entries = listed.map((value: unknown, entry) => ({
    entry,
    value,
    at: places.get(entry)?.body ?? START,
  }));
  return {
    entries,
    ...creatorOf(log),
    pages: isJsonObject(log) ? log.pages : undefined,
    endedAt: isJsonObject(log) ? log._endedDateTime : undefined,
    broken: fault && brokenBy({ ...START, ...fault }, fault),
  };
}

function brokenBy(json: JsonFault, fault: Fault | null): JsonFault & Pick<Fault, 'hint'> {
  const { line, column } = json;
  const { expected, received } = fault ?? json;
  return { line, column, expected, received, hint: fault?.hint ?? EXPORT_AGAIN };
}

/** The parsed value; undefined where the text is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function creatorOf(log: unknown): { readonly creator?: string } {
  const creator = isJsonObject(log) && isJsonObject(log.creator) ? log.creator.name : undefined;
  return typeof creator === 'string' ? { creator } : {};
}

const STRING_OR_NAN = /"|-?\b(?:NaN|Infinity)\b/g;

/**
 * Some recorders write NaN and Infinity, which are not JSON. Replaces each with an empty string, padded to the same
 * length so that all offsets stay correct.
 */
function withoutNaN(text: string): string {
  let result = '';
  let from = 0;
  STRING_OR_NAN.lastIndex = 0;
  for (let found = STRING_OR_NAN.exec(text); found; found = STRING_OR_NAN.exec(text)) {
    const [token] = found;
    if (token === '"') {
      STRING_OR_NAN.lastIndex = endOfString(text, found.index + 1);
      continue;
    }
    result += text.slice(from, found.index) + '""'.padEnd(token.length);
    from = STRING_OR_NAN.lastIndex;
  }
  return result + text.slice(from);
}

/** The offset after the closing quote. */
function endOfString(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** The place of a HAR entry in the text. */
interface HarEntryPlace {
  readonly start: number;
  /** The offset after its closing brace; null without one. */
  end: number | null;
  /** The place of its body's text, or of the entry if it has no body. */
  body: TextPosition;
}

/** The entries of a HAR's text by their index. */
function harPlaces(text: string): ReadonlyMap<number, HarEntryPlace> {
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
        // Where the text ends early, the visitor reports an end of length 0 for each open object.
        entry.end = length > 0 ? offset + length : null;
        entry = undefined;
      }
      depth -= 1;
    },
    onArrayBegin: (_offset, _length, _line, _character, pathOf) => isPrefix(pathOf()),
    // This handler is needed: without it, the visitor does not continue after an array that it skips.
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

/** The path to a body's object; null stands for any index. */
const PATH = ['log', 'entries', null, 'request', 'postData'] as const;
/** How many segments an entry's path has, and how many objects are open in it. */
const ENTRY_DEPTH = 3;
/** How many objects are open inside a body's object. */
const BODY_DEPTH = 5;

function isPrefix(path: readonly (string | number)[]): boolean {
  return path.every((segment, i) => (PATH[i] === null ? typeof segment === 'number' : PATH[i] === segment));
}
