import type { TextPosition } from '../domain/place.js';
import { detectFormat, enoughForFormat, type InputFormat, isParquet } from './detect.js';
import { MAX_LINE_BYTES } from './limits.js';
import { withoutBom } from './read.js';
import { dispose, type Handling, type InputSource, nameOf, openSource, peek } from './source.js';
import { ownCopy } from './text.js';

/** How much of a line an excerpt holds on either side of a place, in UTF-16 units. */
const REACH = 300;

/** The part of a line around a place. */
export interface LineExcerpt {
  readonly text: string;
  /** The offset of the place in `text`, from 0. */
  readonly at: number;
  /** Whether the line has more text before the excerpt, and after it. */
  readonly cut: { readonly before: boolean; readonly after: boolean };
}

/**
 * The text at places of one input, by `line:column`. There is no text for places outside the input, in too long a
 * line, or after what can be read; nor for a HAR, whose lines can hold headers and cookies, nor for input without
 * lines.
 * @param format The format that the input was read as.
 */
export async function lineExcerpts(
  source: InputSource,
  places: readonly TextPosition[],
  format: InputFormat | 'auto',
): Promise<ReadonlyMap<string, LineExcerpt>> {
  const picked = new Picked(places);
  if (typeof source !== 'string' && 'query' in source) return picked.excerpts;
  try {
    const handling: Handling = { passing: false };
    const { head, whole } = await peek(openSource(source, handling), enoughForFormat());
    try {
      if (isParquet('', head)) return picked.excerpts;
      const detected = format === 'auto' ? detectFormat(nameOf(source), head) : format;
      handling.passing = true;
      if (detected !== 'har') await pick(withoutBom(whole), new LineEnds(detected === 'csv'), picked);
    } finally {
      await dispose(whole);
    }
  } catch {
    // The fault of the first reading occurs again here. The excerpts before it are still good.
  }
  return picked.excerpts;
}

async function pick(bytes: AsyncIterable<Uint8Array>, ends: LineEnds, picked: Picked): Promise<void> {
  for await (const chunk of bytes) {
    for (let from = ends.begin(chunk); from < chunk.length; ) {
      const end = ends.endOf(chunk, from);
      picked.take(chunk, from, end < 0 ? chunk.length : end);
      if (end < 0) break;
      picked.endLine();
      if (picked.done) return;
      from = ends.after(chunk, end);
    }
  }
  picked.endLine();
}

/** Collects the excerpts at the requested places, one line at a time. */
class Picked {
  readonly excerpts = new Map<string, LineExcerpt>();
  /** The requested columns of each line, the first line last. */
  readonly #wanted: (readonly [line: number, columns: ReadonlySet<number>])[];
  #line = 1;
  #held: Uint8Array[] = [];
  #room = MAX_LINE_BYTES;

  constructor(places: readonly TextPosition[]) {
    const wanted = new Map<number, Set<number>>();
    for (const { line, column } of places) {
      const columns = wanted.get(line);
      if (columns) columns.add(column);
      else wanted.set(line, new Set([column]));
    }
    this.#wanted = [...wanted].sort(([a], [b]) => b - a);
  }

  get done(): boolean {
    return this.#wanted.length === 0;
  }

  take(chunk: Uint8Array, from: number, to: number): void {
    if (this.#wanted.at(-1)?.[0] !== this.#line || this.#room <= 0) return;
    // A copy, because the chunk's memory is reused.
    const part = Buffer.from(chunk.subarray(from, Math.min(to, from + this.#room)));
    this.#held.push(part);
    this.#room -= part.length;
  }

  endLine(): void {
    const wanted = this.#wanted.at(-1);
    if (wanted?.[0] === this.#line) {
      this.#wanted.pop();
      const text = Buffer.concat(this.#held).toString('utf8').replace(/\r$/, '');
      for (const column of wanted[1]) {
        if (column > 0 && column <= text.length + 1) {
          this.excerpts.set(`${this.#line}:${column}`, excerptAt(text, column - 1));
        }
      }
      this.#held = [];
      this.#room = MAX_LINE_BYTES;
    }
    this.#line += 1;
  }
}

function excerptAt(line: string, at: number): LineExcerpt {
  const from = whole(line, Math.max(0, at - REACH));
  const to = whole(line, Math.min(line.length, at + REACH));
  return {
    text: ownCopy(line.slice(from, to)),
    at: at - from,
    cut: { before: from > 0, after: to < line.length },
  };
}

/** An offset that is not between the halves of a surrogate pair. */
function whole(text: string, offset: number): number {
  return /[\udc00-\udfff]/.test(text[offset] ?? '') ? offset + 1 : offset;
}

const FEED = 0x0a;
const RETURN = 0x0d;

/** Cuts bytes at the ends of lines. A line of JSON ends with LF; one of CSV with LF, CR, or both. */
class LineEnds {
  readonly #returns: boolean;
  /** The last byte was a CR that ended a line: an LF belongs to it. */
  #pending = false;
  #nextReturn = -1;

  constructor(csv: boolean) {
    this.#returns = csv;
  }

  /** Starts a chunk. Returns where its first line begins. */
  begin(chunk: Uint8Array): number {
    this.#nextReturn = -1;
    const from = this.#pending && chunk[0] === FEED ? 1 : 0;
    this.#pending = false;
    return from;
  }

  /** The end of the line at `from`; -1 if it is not in this chunk. */
  endOf(chunk: Uint8Array, from: number): number {
    const feed = chunk.indexOf(FEED, from);
    if (!this.#returns) return feed;
    if (this.#nextReturn < from) this.#nextReturn = position(chunk.indexOf(RETURN, from));
    return feed < 0 || this.#nextReturn < feed ? given(this.#nextReturn) : feed;
  }

  /** Where the line after the one that ends at `end` begins. */
  after(chunk: Uint8Array, end: number): number {
    if (!this.#returns || chunk[end] !== RETURN) return end + 1;
    this.#pending = end + 1 === chunk.length;
    return chunk[end + 1] === FEED ? end + 2 : end + 1;
  }
}

function position(index: number): number {
  return index < 0 ? Number.POSITIVE_INFINITY : index;
}

function given(at: number): number {
  return at === Number.POSITIVE_INFINITY ? -1 : at;
}
