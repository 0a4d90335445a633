import { DELIMITERS, locateCell, type Row } from '../../read/csv/rows.js';
import { type CellPlan, EventRowScanner, isScannedField } from '../../read/scan/rows.js';
import { EVENT_FIELDS } from '../../wire/event.js';
import type { ColumnName } from '../columns.js';
import { noteEvents } from '../plausibility/row-hash.js';
import type { SourceRow, Table } from '../table.js';
import type { TableReader } from '../table-reader.js';

/** Takes the rows of a table of events from their bytes, as far as they are written the usual way. */
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

  /** Null if its rows do not have all seven fields, or need conversion. */
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

  /** Turns to other bytes, which are not changed while their records are handled. */
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

  /** Adds the last events to the table's plausibility checks. */
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

/** A row of CSV. @param cells Its cells; those between delimiters unless given. */
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
