import type { EventBatch } from '../../domain/event-batch.js';
import { DELIMITERS, locateCell, type Row } from '../../read/csv/rows.js';
import { NEWLINE, QUOTE } from '../../read/scan/bytes.js';
import { type ScannedField, ValueScanner } from '../../read/scan/values.js';
import { EVENT_FIELDS } from '../../wire/event.js';
import type { ColumnName } from '../columns.js';
import { noteEvents } from '../row-hashes.js';
import type { SourceRow, Table } from '../table.js';
import type { TableReader } from '../table-reader.js';

/** The fast path for a CSV table of events: reads rows from their bytes where every cell has its usual form. */
export class CsvScanner {
  readonly rows: EventRowScanner;
  readonly #reader: TableReader;
  readonly #table: Table;
  #noted = false;
  readonly #delimiter: string;

  private constructor(reader: TableReader, delimiter: string, cells: readonly CellPlan[]) {
    const { table } = reader;
    this.#reader = reader;
    this.#table = table;
    this.#delimiter = delimiter;
    this.rows = new EventRowScanner(table.records.events, cells, delimiter);
  }

  /** The scanner of a table; null if its rows do not have all seven fields, or need conversion. */
  static of(reader: TableReader, cells: number, delimiter: string): CsvScanner | null {
    const { table, shape } = reader;
    const { columns, units } = table.cells.format;
    const { nulls = [], types = [] } = table.options;
    const complete = shape.name === 'events' && EVENT_FIELDS.every((field) => columns.has(field));
    const asWritten =
      units.position === 's' && units.time === 's' && nulls.length === 0 && types.length === 0;
    if (!complete || !asWritten || table.sessionKey || !DELIMITERS.includes(delimiter)) return null;
    const plan = Array.from({ length: cells }, (): CellPlan => 'any');
    for (const [column, index] of columns) plan[index] = isScannedField(column) ? column : 'empty';
    return new CsvScanner(reader, delimiter, plan);
  }

  /** Starts with other bytes. The caller must not change them while their records are in use. */
  begin(bytes: Uint8Array): void {
    const { cells, records } = this.#table;
    const { columns } = cells.format;
    const { events } = records;
    this.rows.values.begin(bytes);
    records.addScanned((i, pointer) => {
      const line = events.lines[i]!;
      const row = { line, text: this.rows.textOf(i), quoted: false, fault: null };
      const index = columns.get(pointer.slice(1) as ColumnName);
      const absent = index === undefined || row.text.split(this.#delimiter)[index] === '';
      return absent ? { line, column: 1 } : locateCell(row, this.#delimiter, index);
    });
  }

  /** Adds the last `events` events of the batch to the table's plausibility checks. */
  note(events: number): void {
    const { plausibility, records } = this.#table;
    const { count, lines } = records.events;
    if (events === 0) return;
    if (!this.#noted) {
      const i = count - events;
      this.#noted = true;
      this.#reader.noteFirst(
        csvRow({ line: lines[i]!, text: this.rows.textOf(i), fault: null, quoted: false }, this.#delimiter),
      );
    }
    noteEvents(plausibility, records.events, count - events, count);
  }
}

/** A row of CSV. @param cells Its cells; by default, the texts between delimiters. */
export function csvRow(
  row: Row,
  delimiter: string,
  cells = row.text.split(delimiter) as readonly string[],
): SourceRow {
  return {
    line: row.line,
    column: 1,
    text: row.fault ? undefined : row.text,
    cells,
    locate: (index) => locateCell(row, delimiter, index),
  };
}

const RETURN = 0x0d;

/** What to do with a cell: read a field, require that it is empty, or skip it. */
type CellPlan = ScannedField | 'empty' | 'any';

/** Reads events from the bytes of delimited rows without quotes. */
export class EventRowScanner {
  readonly values: ValueScanner;
  readonly #cells: readonly CellPlan[];
  readonly #delimiter: number;

  /**
   * @param cells What to do with each cell of a row, in order. All seven fields must be among them.
   * @param delimiter An ASCII character.
   */
  constructor(events: EventBatch, cells: readonly CellPlan[], delimiter: string) {
    this.values = new ValueScanner(events);
    this.#cells = cells;
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /**
   * Reads the event of the row that begins at `start`, if a line feed ends the row.
   * @returns Where the next row begins; -1 where the fast path cannot read the row, which can still be valid.
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

  /** The text of the row of event `i`, without its line end. */
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

/** Whether a column holds a field that the scanner reads. */
function isScannedField(column: string): column is ScannedField {
  return column === 'Source' || (EVENT_FIELDS as readonly string[]).includes(column);
}
