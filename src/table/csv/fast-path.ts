import { NEWLINE, ParseAhead } from '../../read/scan/bytes.js';
import type { CsvFile } from './file.js';
import type { CsvScanner } from './scanner.js';

/** Has the scanner take the rows of a file that it can, and gives the bytes of the others to be parsed. */
export class CsvFastPath {
  readonly #file: CsvFile;
  readonly #parseAhead = new ParseAhead();
  /** Whether the bytes before were given up to the end of a line. */
  #atLine = true;

  constructor(file: CsvFile) {
    this.#file = file;
  }

  /** Bytes to be parsed, whose rows must have been taken before the next part is asked for; the events of others are added to the records. */
  *parts(chunk: Uint8Array): Generator<Uint8Array> {
    const lastLineEnd = chunk.lastIndexOf(NEWLINE) + 1;
    for (let at = 0; at < chunk.length; ) {
      const { scanner } = this.#file;
      let lines = 1;
      if (scanner && this.#atLine && this.#file.rows.betweenRows) {
        scanner.begin(chunk);
        const before = this.#file.rows.line;
        at = this.#take(at, lastLineEnd, scanner);
        if (at === chunk.length) return;
        lines = this.#parseAhead.lines(this.#file.rows.line - before);
      }
      const end = scanner === null ? chunk.length : endOfLines(chunk, at, lines);
      this.#atLine = chunk[end - 1] === NEWLINE;
      yield chunk.subarray(at, end);
      if (this.#file.unreadable) return;
      at = end;
    }
  }

  /** Takes rows as far as whole lines go; gives where they end. */
  #take(from: number, to: number, scanner: CsvScanner): number {
    const { rows } = this.#file;
    const first = rows.line;
    let line = first;
    let at = from;
    while (at < to) {
      const next = scanner.rows.take(at, line);
      if (next < 0) break;
      at = next;
      line += 1;
    }
    rows.passLines(line - first);
    scanner.note(line - first);
    return at;
  }
}

function endOfLines(bytes: Uint8Array, from: number, lines: number): number {
  let end = from;
  for (let line = 0; line < lines; line += 1) {
    const feed = bytes.indexOf(NEWLINE, end);
    if (feed < 0) return bytes.length;
    end = feed + 1;
  }
  return end;
}
