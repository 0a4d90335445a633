import { SOURCES } from '../domain/event-batch.js';
import { guidKey, isEmptyGuid, readGuidCell } from '../domain/guid.js';
import { comparableName } from '../domain/text.js';
import { isNearType } from '../rules/event/type-unknown.js';
import { COLUMNS } from '../table/columns.js';
import { BODY_PROPERTIES } from '../wire/body.js';
import { isJsonObject, type JsonObject } from '../wire/json.js';
import { type CapturedExchange, columnOf, type Document, type Part } from './document.js';

/**
 * The beginnings of new ids. A new SessionId has the form of a simulated session, so that `send` never treats it as real
 * listening.
 */
const PREFIXES = {
  organization: 'aaaaaaaa-0000-4000-8000-',
  clip: 'cccccccc-0000-4000-8000-',
  session: '5eed0000-0000-8000-8000-',
  other: 'dddddddd-0000-4000-8000-',
} as const;

type IdKind = keyof typeof PREFIXES;

/** The n-th new id of a kind, from 1. */
export function newId(kind: IdKind, n: number): string {
  return `${PREFIXES[kind]}${String(n).padStart(12, '0')}`;
}

const ID_OF: Readonly<Record<string, IdKind>> = {
  organizationid: 'organization',
  clipid: 'clip',
  sessionid: 'session',
};

const KNOWN_NAMES: ReadonlySet<string> = new Set([...COLUMNS, ...BODY_PROPERTIES].map(comparableName));
const KNOWN_SOURCES: ReadonlySet<string> = new Set(SOURCES.map((source) => source.toLowerCase()));
const KNOWN_TYPES: ReadonlySet<string> = new Set([
  'application/json',
  'text/plain',
  'text/html',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
]);
const KNOWN_ENCODINGS: ReadonlySet<string> = new Set(['gzip', 'br', 'deflate', 'zstd']);
/** Numbers, lists of numbers, and times. They identify nobody, so they are not renamed; other steps move and simplify them. */
const NUMERIC = /^[\d\s.,:;+\-–/|@eETZ]*$/;
const FLAG = /^(?:true|false|yes|no)$/i;

/** The words of a document that are not replaced. */
export interface Kept {
  /** Words that appear in the command line, such as `--type Start=play`, and column names that it maps. */
  readonly words: ReadonlySet<string>;
  /** Texts that the finding needs: it disappears if they are replaced. */
  readonly texts: ReadonlySet<string>;
}

/**
 * The document with its ids, property names and texts replaced by new ones, numbered in order of appearance. Equal ids stay
 * equal, and different ids stay different. Well-formed ids stay well formed, and others do not become so. Two spellings of an
 * id still differ in case.
 */
export function renamed(document: Document, kept: Kept): Document {
  const names = new Names(kept);
  const header = document.header.map((name) => names.name(name, 'column'));
  const parts = document.parts.map((part) => renamedPart(part, document, names));
  const clips = new Map(
    [...document.clips].flatMap(([id, seconds]) => {
      const known = names.knownId(id);
      return known === undefined ? [] : [[known, seconds] as const];
    }),
  );
  return { ...document, header, parts, clips };
}

function renamedPart(part: Part, document: Document, names: Names): Part {
  switch (part.kind) {
    case 'row':
      return { ...part, cells: part.cells.map((cell, i) => names.cell(cell, columnOf(document, i))) };
    case 'event':
      return { ...part, event: names.value(part.event, '') as JsonObject };
    case 'body':
      return { ...part, body: names.value(part.body, ''), exchange: names.exchange(part.exchange) };
    case 'text':
      return { ...part, exchange: names.exchange(part.exchange) };
  }
}

/** Chooses new words for old ones, and remembers them. */
class Names {
  readonly #ids = new Map<string, string>();
  readonly #spellings = new Map<string, string>();
  readonly #spelled = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  readonly #texts = new Map<string, string>();

  constructor(private readonly kept: Kept) {}

  /** The new id that replaces an id in lower case; undefined if the document does not hold the id. */
  knownId(key: string): string | undefined {
    return this.#ids.get(key);
  }

  name(name: string, kind: 'property' | 'column'): string {
    const known = KNOWN_NAMES.has(comparableName(name)) || this.#keeps(name);
    return known ? name : this.#text(name, kind);
  }

  /** @param name The name of the property that has the value; empty without one. */
  value(value: unknown, name: string): unknown {
    if (Array.isArray(value)) return value.map((each) => this.value(each, name));
    if (isJsonObject(value))
      return Object.fromEntries(
        Object.entries(value).map(([inner, each]) => [this.name(inner, 'property'), this.value(each, inner)]),
      );
    const column = comparableName(name);
    if (typeof value === 'string') return this.cell(value, name);
    if (typeof value !== 'number') return value;
    if (Object.hasOwn(ID_OF, column)) return this.#number(value, ID_OF[column]!);
    return KNOWN_NAMES.has(column) ? value : this.#number(value, 'number');
  }

  cell(text: string, name: string): string {
    const column = comparableName(name);
    if (text.trim() === '' || this.#keeps(text)) return text;
    if (Object.hasOwn(ID_OF, column)) return this.#id(text, ID_OF[column]!);
    if (readGuidCell(text) !== undefined) return this.#id(text, 'other');
    if (column === 'type') return isNearType(text) ? text : this.#text(text, 'type');
    if (column === 'source') return KNOWN_SOURCES.has(text.toLowerCase()) ? text : this.#text(text, 'Player');
    if (column === 'completed' && FLAG.test(text)) return text;
    return KNOWN_NAMES.has(column) && NUMERIC.test(text) ? text : this.#text(text, 'text');
  }

  exchange(exchange: CapturedExchange | null): CapturedExchange | null {
    if (!exchange) return null;
    const { host, organization, mediaType, contentEncoding, page, store } = exchange;
    return {
      ...exchange,
      host: this.#text(host, 'host', (n) => (n === 1 ? 'endpoint.example' : `endpoint${n}.example`)),
      organization:
        organization === null || organization === '' ? organization : this.#id(organization, 'organization'),
      mediaType:
        mediaType === null || KNOWN_TYPES.has(mediaType)
          ? mediaType
          : this.#text(mediaType, 'type', (n) => `application/other${n}`),
      contentEncoding:
        contentEncoding === null || KNOWN_ENCODINGS.has(contentEncoding.toLowerCase())
          ? contentEncoding
          : 'other',
      page: page === null ? null : this.#text(page, 'page', (n) => `page_${n}`),
      store: store === null ? null : this.#text(store, 'store'),
    };
  }

  #keeps(text: string): boolean {
    return this.kept.words.has(text) || this.kept.texts.has(text);
  }

  #id(text: string, kind: IdKind): string {
    const guid = readGuidCell(text);
    if (guid === undefined) return this.#text(text, kind);
    if (isEmptyGuid(guid)) return text;
    const key = guidKey(guid);
    const id = this.#ids.get(key) ?? newId(kind, this.#count(kind));
    this.#ids.set(key, id);
    const spelled = this.#spelledAs(guid, id);
    if (text === guid) return spelled;
    // Keep what surrounds the id: braces, urn:uuid: or blanks, and whether it has dashes.
    const written = text.includes(guid) ? guid : guid.replaceAll('-', '');
    return text.replace(written, written === guid ? spelled : spelled.replaceAll('-', ''));
  }

  /**
   * The first spelling of an id is in lower case, the second in upper case; further ones mix upper and lower case, by the bits
   * of their number.
   */
  #spelledAs(guid: string, id: string): string {
    const known = this.#spellings.get(guid);
    if (known !== undefined) return known;
    const key = guidKey(guid);
    const n = this.#spelled.get(key) ?? 0;
    this.#spelled.set(key, n + 1);
    let letters = 0;
    const spelled = id.replaceAll(/[a-f]/g, (letter) => {
      const upper = n === 1 || ((n >> letters) & 1) === 1;
      letters += 1;
      return upper ? letter.toUpperCase() : letter;
    });
    this.#spellings.set(guid, spelled);
    return spelled;
  }

  #number(value: number, kind: string): number {
    if (!Number.isFinite(value)) return value;
    const known = this.#texts.get(`${kind} ${value}`);
    if (known !== undefined) return Number(known);
    const n = this.#count(`${kind} number`);
    this.#texts.set(`${kind} ${value}`, String(n));
    return n;
  }

  #text(text: string, kind: string, word: (n: number) => string = (n) => `${kind}${n}`): string {
    const key = `${kind}:${text}`;
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const made = word(this.#count(kind));
    this.#texts.set(key, made);
    return made;
  }

  #count(kind: string): number {
    const n = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, n);
    return n;
  }
}

/** All texts of the document that renaming could change. */
export function ownTexts(document: Document): readonly string[] {
  const texts = new Set<string>(document.header);
  const collect = (value: unknown): void => {
    if (typeof value === 'string') texts.add(value);
    else if (Array.isArray(value)) value.forEach(collect);
    else if (isJsonObject(value))
      for (const [name, inner] of Object.entries(value)) {
        texts.add(name);
        collect(inner);
      }
  };
  for (const part of document.parts) {
    if (part.kind === 'row') collect(part.cells);
    else if (part.kind === 'event') collect(part.event);
    else if (part.kind === 'body') collect(part.body);
  }
  return [...texts];
}

/** Runs of letters and of digits, which could identify the author of the text. */
const RUNS = /[\p{L}\p{M}]+|\p{N}+/gu;
/** Words of the JSON syntax. */
const JSON_WORDS: ReadonlySet<string> = new Set(['true', 'false', 'null', 'u']);

/** The text with words and numbers replaced by `a` and `1`, as far as the test stays true. */
export async function blandText(text: string, test: (text: string) => Promise<boolean>): Promise<string> {
  const bland = (run: string): string => (/\p{N}/u.test(run) ? '1' : 'a');
  const all = text.replaceAll(RUNS, (run) => (JSON_WORDS.has(run) ? run : bland(run)));
  if (all === text || (await test(all))) return all;
  let best = text;
  for (let at = 0; at < best.length; ) {
    RUNS.lastIndex = at;
    const found = RUNS.exec(best);
    if (!found) break;
    const [run] = found;
    const other = best.slice(0, found.index) + bland(run) + best.slice(found.index + run.length);
    const replaced = !JSON_WORDS.has(run) && other !== best && (await test(other));
    at = found.index + (replaced ? 1 : run.length);
    if (replaced) best = other;
  }
  return best;
}
