import { UserError } from '../../domain/errors.js';
import type { TextPosition } from '../../domain/place.js';
import { MAX_LINE_BYTES } from '../limits.js';

/** One row of a CSV text, not yet split into cells. */
export interface Row {
  /** The line at which the row begins, from 1. */
  readonly line: number;
  /** The text without its line end; empty where the row has a fault. */
  readonly text: string;
  /** Whether the row contains a quote. */
  readonly quoted: boolean;
  readonly fault: 'too-long' | 'quote-open' | null;
}

/**
 * Finds where rows begin and end in a text that arrives in pieces, with regard to quotes, and counts lines. csv-parse
 * would count CRLF inside quotes twice, stop at a row that is too long, and read everything after a stray quote as
 * quoted. Here, only a quote at the beginning of a cell opens it, and the next quote that is not doubled closes it, so
 * a stray quote makes only its own row invalid.
 */
export class RowScanner {
  #text = '';
  /** Where the search continues in this piece of the text, and where the current row begins in it. */
  #at = 0;
  #from = 0;
  #nextQuote = -1;
  #nextFeed = -1;
  #nextReturn = -1;

  /** The part of the current row that was in earlier pieces. */
  readonly #held = new HeldRow();
  #line = 1;
  #rowLine = 1;
  #quoted = false;
  #inQuotes = false;
  /** Whether the last piece ended with a quote that can be half of a doubled quote, or with a CR that can come before an LF. */
  #quotePending = false;
  #returnPending = false;

  /** `delimiters`: the characters that can delimit cells; a single one as soon as the delimiter is known. */
  constructor(public delimiters: string) {}

  /** Adds the next piece of the text. The caller must first have read all rows of the piece before with `next`. */
  push(text: string): void {
    if (text === '') return;
    this.#text = text;
    this.#at = this.#from = 0;
    this.#nextQuote = this.#nextFeed = this.#nextReturn = -1;
    if (this.#quotePending) {
      this.#quotePending = false;
      if (text[0] === '"') this.#at = 1;
      else this.#inQuotes = false;
    } else if (this.#returnPending && !this.#inQuotes) {
      this.#returnPending = false;
      if (text[0] === '\n') this.#at = this.#from = 1;
    }
  }

  /** The next complete row; undefined where that needs more text. */
  next(): Row | undefined {
    for (;;) {
      if (this.#nextQuote < this.#at) this.#nextQuote = this.#find('"');
      const quote = this.#nextQuote;
      if (this.#inQuotes) {
        this.#countLines(quote);
        if (quote === Infinity) return this.#hold();
        this.#passClosing(quote);
        if (this.#quotePending) return this.#hold();
        continue;
      }
      const end = this.#lineEnd();
      if (end < quote) return this.#endRow(end);
      if (quote === Infinity) return this.#hold();
      this.#quoted = true;
      this.#inQuotes = this.#beginsCell(quote);
      this.#at = quote + 1;
    }
  }

  /** The row that the end of the text completes, if any. */
  end(): Row | undefined {
    if (this.#quotePending) this.#inQuotes = false;
    return this.#held.last === '' ? undefined : this.#finish('', this.#inQuotes);
  }

  /** Whether the text so far consists of complete rows. */
  get betweenRows(): boolean {
    const taken = this.#from === this.#text.length && this.#held.last === '';
    return taken && !this.#inQuotes && !this.#quotePending && !this.#returnPending;
  }

  /** The line at which the next row begins, between rows. */
  get line(): number {
    return this.#rowLine;
  }

  /** Counts lines whose rows another reader has read. Call it only between rows. */
  passLines(lines: number): void {
    this.#line += lines;
    this.#rowLine = this.#line;
  }

  /** Where the text ends so far. */
  get position(): TextPosition {
    const lastLine = this.#held.text.split(/[\r\n]/).at(-1) ?? '';
    return { line: this.#line, column: lastLine.length + 1 };
  }

  #endRow(end: number): Row {
    const row = this.#finish(this.#text.slice(this.#from, end), false);
    this.#at = end + 1;
    if (end === this.#nextReturn) {
      if (this.#at === this.#text.length) this.#returnPending = true;
      else if (this.#nextFeed === this.#at) this.#at++;
    }
    this.#from = this.#at;
    this.#rowLine = ++this.#line;
    return row;
  }

  #finish(tail: string, quoteOpen: boolean): Row {
    const text = this.#held.finish(tail);
    const fault = text === null ? 'too-long' : quoteOpen ? 'quote-open' : null;
    const row: Row = { line: this.#rowLine, text: fault ? '' : text!, quoted: this.#quoted, fault };
    this.#quoted = false;
    return row;
  }

  #hold(): undefined {
    this.#held.add(this.#text.slice(this.#from));
    this.#at = this.#from = this.#text.length;
  }

  #passClosing(quote: number): void {
    this.#returnPending = false;
    this.#at = quote + 1;
    if (this.#at === this.#text.length) this.#quotePending = true;
    else if (this.#text[this.#at] === '"') this.#at++;
    else this.#inQuotes = false;
  }

  #lineEnd(): number {
    if (this.#nextFeed < this.#at) this.#nextFeed = this.#find('\n');
    if (this.#nextReturn < this.#at) this.#nextReturn = this.#find('\r');
    return Math.min(this.#nextFeed, this.#nextReturn);
  }

  #find(sought: string): number {
    const index = this.#text.indexOf(sought, this.#at);
    return index === -1 ? Infinity : index;
  }

  #beginsCell(quote: number): boolean {
    const before = quote > this.#from ? this.#text[quote - 1]! : this.#held.last;
    return before === '' || this.delimiters.includes(before);
  }

  #countLines(quote: number): void {
    const limit = Math.min(quote, this.#text.length);
    for (let end = this.#lineEnd(); end < limit; end = this.#lineEnd()) {
      const feed = end === this.#nextFeed;
      const pairs = feed && this.#returnPending && end === this.#at;
      if (!pairs) this.#line++;
      this.#returnPending = !feed;
      this.#at = end + 1;
    }
    if (this.#at < limit) this.#returnPending = false;
  }
}

/** The start of a row whose end has not arrived yet. A row beyond the limit is only counted, not kept. */
export class HeldRow {
  #pieces: string[] = [];
  #bytes = 0;
  /** The row's last character so far; empty at first. */
  last = '';

  add(piece: string): void {
    if (piece === '') return;
    this.last = piece.at(-1)!;
    this.#bytes += Buffer.byteLength(piece);
    if (this.#bytes > MAX_LINE_BYTES) this.#pieces = [];
    else this.#pieces.push(piece);
  }

  /** The whole row, which ends with `tail`; null where it is too long. Forgets the row. */
  finish(tail: string): string | null {
    if (this.last === '')
      return tail.length * 3 > MAX_LINE_BYTES && Buffer.byteLength(tail) > MAX_LINE_BYTES ? null : tail;
    this.add(tail);
    const text = this.#bytes > MAX_LINE_BYTES ? null : this.#pieces.join('');
    this.#pieces = [];
    this.#bytes = 0;
    this.last = '';
    return text;
  }

  /** The text so far; empty where it is too long. */
  get text(): string {
    return this.#pieces.join('');
  }
}

/** Where a cell of a row begins, at its opening quote if it has one; `index` counts from 0. */
export function locateCell(row: Row, delimiter: string, index: number): TextPosition {
  const { text } = row;
  let { line } = row;
  let lineStart = 0;
  let at = 0;
  for (let cell = 0; cell < index; cell++) {
    if (text[at] === '"') {
      const end = closingQuote(text, at);
      for (const lineEnd of text.slice(at, end).matchAll(/\r\n|\r|\n/g)) {
        line++;
        lineStart = at + lineEnd.index + lineEnd[0].length;
      }
      at = end;
    }
    const next = text.indexOf(delimiter, at);
    if (next === -1) break;
    at = next + 1;
  }
  return { line, column: at - lineStart + 1 };
}

function closingQuote(text: string, opening: number): number {
  let at = text.indexOf('"', opening + 1);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at === -1 ? text.length : at;
}

/** The delimiters that are detected, the likeliest first. */
export const DELIMITERS = ',;\t|';

/** Reads a delimiter as the user writes it: one character, `\t` or `tab`. @throws UserError of kind `usage` for any other text. */
export function readDelimiter(name: string): string {
  const delimiter = name === '\\t' || name.toLowerCase() === 'tab' ? '\t' : name;
  if (delimiter.length !== 1 || '"\r\n'.includes(delimiter)) {
    throw new UserError(
      'usage',
      `--delimiter must be one character, received ${JSON.stringify(name)}`,
      'A tab is \\t',
    );
  }
  return delimiter;
}

/** The most frequent delimiter in a header row outside quotes; a comma if there is no delimiter. */
export function detectDelimiter(header: string): string {
  const parts = header.split('"');
  const unquoted = parts.length % 2 === 0 ? header : parts.filter((_, i) => i % 2 === 0).join('');
  const counts = DELIMITERS.split('').map((delimiter) => unquoted.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}
