import type { EventBatch } from '../../domain/event-batch.js';
import { EVENT_FIELDS } from '../../wire/event.js';
import { NEWLINE, QUOTE } from './bytes.js';
import { type ScannedField, ValueScanner } from './values.js';

const RETURN = 0x0d;

/** What to do with a cell: read a field, see that it is empty, or pass over whatever it holds. */
export type CellPlan = ScannedField | 'empty' | 'any';

/** Takes events from the bytes of delimited rows without quotes. */
export class EventRowScanner {
  readonly values: ValueScanner;
  readonly #cells: readonly CellPlan[];
  readonly #delimiter: number;

  /**
   * @param cells Of a row, in their order: all seven fields among them.
   * @param delimiter A character of ASCII.
   */
  constructor(events: EventBatch, cells: readonly CellPlan[], delimiter: string) {
    this.values = new ValueScanner(events);
    this.#cells = cells;
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /**
   * Takes the event of the row that begins at a place, as far as a line feed ends it.
   * @returns Where the next row begins; -1 where there is no event that it takes, which says nothing about the row.
   */
  take(start: number, line: number): number {
    const { values } = this;
    const { bytes } = values;
    const cells = this.#cells;
    const last = cells.length - 1;
    values.open();
    let at = start;
    for (let i = 0; ; i += 1) {
      const cell = cells[i]!;
      if (cell === 'any') at = this.#afterCell(at);
      else if (cell !== 'empty' && (cell !== 'Source' || !this.#endsCell(at))) at = values.read(cell, at);
      if (at < 0) return -1;
      if (i === last) break;
      if (bytes[at] !== this.#delimiter) return -1;
      at += 1;
    }
    if (bytes[at] === RETURN) at += 1;
    if (bytes[at] !== NEWLINE) return -1;
    values.close(start, line, 1);
    return at + 1;
  }

  /** The row of an event that was taken, without its end. */
  textOf(i: number): string {
    const { bytes, starts } = this.values;
    const from = starts[i]!;
    const to = bytes.indexOf(NEWLINE, from);
    return Buffer.from(bytes.subarray(from, bytes[to - 1] === RETURN ? to - 1 : to)).toString();
  }

  #endsCell(at: number): boolean {
    const byte = this.values.bytes[at]!;
    return byte === this.#delimiter || byte === RETURN || byte === NEWLINE;
  }

  #afterCell(from: number): number {
    const { bytes } = this.values;
    let at = from;
    for (; at < bytes.length && !this.#endsCell(at); at += 1) if (bytes[at] === QUOTE) return -1;
    return at;
  }
}

/** Whether a column holds a field that is read. */
export function isScannedField(column: string): column is ScannedField {
  return column === 'Source' || (EVENT_FIELDS as readonly string[]).includes(column);
}
