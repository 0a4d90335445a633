import type { PlainEvents } from '../../domain/plain-events.js';
import { EVENT_FIELDS } from '../../wire/event.js';
import { type PlainField, PlainValues } from '../plain-values.js';
import { SOURCE } from './columns.js';
import type { CsvOptions } from './csv-options.js';
import { DELIMITERS } from './delimiter.js';
import type { Table } from './table.js';

/*
 * The fast lane for event rows without quotes. It only ever says "this is sound: here are its values" or "ask the general path"; a test
 * holds it to what the general path says. Without it everything is the same, and slower.
 */

const [QUOTE, RETURN, NEWLINE] = [0x22, 0x0d, 0x0a];

/** What to do with a cell: read a field, see that it is empty, or pass over whatever it holds. */
type Cell = PlainField | 'empty' | 'any';

/** Shorter rows hold no event: three ids, a type, three numbers. */
export const LEAST_ROW_BYTES = 128;

/** Finds sound events in rows that are written plainly. */
export class PlainRows {
  readonly #values: PlainValues;
  readonly #cells: readonly Cell[];
  readonly #delimiter: number;

  /** @param latest The latest Timestamp that is no finding. */
  constructor(cells: readonly Cell[], delimiter: string, latest: number) {
    this.#values = new PlainValues(latest);
    this.#cells = cells;
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** Turns to other bytes, whose events go into `into`, which has room for them. */
  begin(bytes: Uint8Array, into: PlainEvents): void {
    this.#values.begin(bytes, into);
  }

  /**
   * Takes the event of the row that begins at a place, as far as a line feed ends it.
   * @returns Where the next row begins; -1 where it holds no plain event, which says nothing about the row.
   */
  take(start: number, line: number): number {
    const values = this.#values;
    const { bytes } = values;
    const cells = this.#cells;
    const last = cells.length - 1;
    values.open();
    let at = start;
    for (let i = 0; ; i += 1) {
      const cell = cells[i]!;
      if (cell === 'any') at = this.#afterCell(at);
      else if (cell !== 'empty' && (cell !== SOURCE || !this.#endsCell(at))) at = values.read(cell, at);
      if (at < 0) return -1;
      if (i === last) break;
      if (bytes[at] !== this.#delimiter) return -1;
      at += 1;
    }
    if (bytes[at] === RETURN) at += 1;
    return bytes[at] === NEWLINE && values.close(line, 1) ? at + 1 : -1;
  }

  #endsCell(at: number): boolean {
    const byte = this.#values.bytes[at]!;
    return byte === this.#delimiter || byte === RETURN || byte === NEWLINE;
  }

  #afterCell(from: number): number {
    const { bytes } = this.#values;
    let at = from;
    for (; at < bytes.length && !this.#endsCell(at); at += 1) if (bytes[at] === QUOTE) return -1;
    return at;
  }
}

/** The fast lane of a table; null where its rows are not events with all seven fields, or are not to be given plainly. */
export function plainRowsOf(
  { columns, delimiter }: Table,
  cells: number,
  { plainUntil, timestampUnit }: CsvOptions,
): PlainRows | null {
  const complete = EVENT_FIELDS.every((field) => columns.has(field));
  if (plainUntil === undefined || !complete || timestampUnit === 'ms' || !DELIMITERS.includes(delimiter)) {
    return null;
  }
  const plan = Array.from({ length: cells }, (): Cell => 'any');
  for (const [column, index] of columns) plan[index] = isPlainField(column) ? column : 'empty';
  return new PlainRows(plan, delimiter, plainUntil);
}

function isPlainField(column: string): column is PlainField {
  return column === SOURCE || (EVENT_FIELDS as readonly string[]).includes(column);
}
