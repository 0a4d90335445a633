import { EVENT_FIELDS } from '../../wire/event.js';
import type { Records } from '../records.js';
import { type CellPlan, EventRowScanner, isScannedField } from '../scan/rows.js';
import type { ColumnName } from './columns.js';
import { DELIMITERS } from './delimiter.js';
import { locateCell } from './rows.js';
import type { Table } from './table.js';

/** The scanner of a table of events. */
export class TableScanner {
  readonly rows: EventRowScanner;
  readonly #table: Table;
  readonly #records: Records;

  private constructor(table: Table, records: Records, cells: readonly CellPlan[]) {
    this.#table = table;
    this.#records = records;
    this.rows = new EventRowScanner(records.events, cells, table.delimiter);
  }

  /** Null where its rows do not have all seven fields, or are written in a way that the scanner does not know. */
  static of(
    table: Table,
    cells: number,
    records: Records,
    unit: 's' | 'ms' | undefined,
  ): TableScanner | null {
    const { columns, delimiter } = table;
    const complete = EVENT_FIELDS.every((field) => columns.has(field));
    if (!complete || unit === 'ms' || !DELIMITERS.includes(delimiter)) return null;
    const plan = Array.from({ length: cells }, (): CellPlan => 'any');
    for (const [column, index] of columns) plan[index] = isScannedField(column) ? column : 'empty';
    return new TableScanner(table, records, plan);
  }

  /** Turns to other bytes, which are not changed while their records are handled. */
  begin(bytes: Uint8Array): void {
    const { columns, delimiter } = this.#table;
    const { events } = this.#records;
    this.rows.values.begin(bytes);
    this.#records.addScanned((i, pointer) => {
      const line = events.lines[i]!;
      const row = { line, text: this.rows.textOf(i), quoted: false, fault: null };
      const index = columns.get(pointer.slice(1) as ColumnName);
      const absent = index === undefined || row.text.split(delimiter)[index] === '';
      return absent ? { line, column: 1 } : locateCell(row, delimiter, index);
    });
  }
}
