import { PlainEvents } from '../../domain/plain-events.js';
import type { PlainEventsRecord } from '../../domain/record.js';
import type { CsvFile } from './file.js';
import { LEAST_ROW_BYTES, type PlainRows } from './plain-rows.js';

const NEWLINE = 0x0a;
/** Line numbers of plain events are held in 32 bits. */
const MOST_LINES = 2 ** 32;
/** Where fewer plain rows stand between others, more of what follows goes the general way at once. */
const FEW_ROWS = 8;
const MOST_GENERAL_LINES = 4096;

/** Parts the bytes of a file into rows that the fast lane takes and others, which are for the general path. */
export class Lane {
  readonly #file: CsvFile;
  #events = new PlainEvents(0);
  /** Whether the bytes before were given up to the end of a line. */
  #atLine = true;
  #generalLines = 1;

  constructor(file: CsvFile) {
    this.#file = file;
  }

  /** Bytes for the general path, whose rows must have been taken from the scanner before the next part is asked for, and sound events. */
  *parts(chunk: Uint8Array): Generator<Uint8Array | PlainEventsRecord> {
    this.#events.count = 0;
    const lastLineEnd = chunk.lastIndexOf(NEWLINE) + 1;
    let begun = false;
    for (let at = 0; at < chunk.length; ) {
      const { plain } = this.#file;
      if (plain && this.#atLine && this.#file.scanner.betweenRows) {
        if (!begun) this.#begin(chunk, plain);
        begun = true;
        const from = this.#events.count;
        at = this.#take(at, lastLineEnd, plain);
        const rows = this.#events.count - from;
        this.#generalLines = rows < FEW_ROWS ? Math.min(2 * this.#generalLines, MOST_GENERAL_LINES) : 1;
        if (rows > 0) yield this.#record(from);
        if (at === chunk.length) return;
      }
      const end = plain === null ? chunk.length : endOfLines(chunk, at, this.#generalLines);
      this.#atLine = chunk[end - 1] === NEWLINE;
      yield chunk.subarray(at, end);
      if (this.#file.unreadable) return;
      at = end;
    }
  }

  #begin(chunk: Uint8Array, plain: PlainRows): void {
    const room = Math.ceil(chunk.length / LEAST_ROW_BYTES);
    if (this.#events.capacity < room) this.#events = new PlainEvents(room);
    plain.begin(chunk, this.#events);
  }

  /** Takes plain rows as far as whole lines go; gives where they end. */
  #take(from: number, to: number, plain: PlainRows): number {
    const { scanner } = this.#file;
    const first = scanner.line;
    let line = first;
    let at = from;
    while (at < to && line < MOST_LINES) {
      const next = plain.take(at, line);
      if (next < 0) break;
      at = next;
      line += 1;
    }
    scanner.passLines(line - first);
    return at;
  }

  #record(from: number): PlainEventsRecord {
    const events = this.#events;
    return { kind: 'plain', input: this.#file.input, pointer: null, events, from, to: events.count };
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
