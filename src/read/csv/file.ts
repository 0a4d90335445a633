import { escaped } from '../../domain/escaped.js';
import type { Input } from '../../domain/place.js';
import type { InputRecord } from '../../domain/record.js';
import { excerpt } from '../excerpt.js';
import { timeReader } from '../times.js';
import { type RowFault, readCells } from './cells.js';
import { type ColumnName, findColumns, readMap } from './columns.js';
import type { CsvOptions } from './csv-options.js';
import { DELIMITERS, detectDelimiter, readDelimiter } from './delimiter.js';
import { eventRowReader } from './event-rows.js';
import { type PlainRows, plainRowsOf } from './plain-rows.js';
import { type Row, RowScanner } from './rows.js';
import { sessionRowReader } from './session-rows.js';
import { shapeOf } from './shape.js';
import { brokenCell, brokenRow, type RowReader, type Table } from './table.js';

const BATCH = 256;
const REPLACED = '\uFFFD';

/** One CSV file while it is read: text goes into its scanner, records come out. */
export class CsvFile {
  readonly scanner: RowScanner;
  readonly #map: ReadonlyMap<ColumnName, string>;
  readonly #delimiter: string | undefined;
  #rows: { readonly table: Table; readonly cells: number; readonly read: RowReader } | undefined;
  /** Whether its header row cannot be read, so that nothing after it can be. */
  unreadable = false;
  /** The fast lane; null where there is none, undefined until the header has been read. */
  plain: PlainRows | null | undefined;

  /** Throws a `UserError` (usage) at a setting that cannot be followed. */
  constructor(
    readonly input: Input,
    readonly options: CsvOptions,
  ) {
    this.#map = readMap(options.map);
    this.#delimiter = options.delimiter === undefined ? undefined : readDelimiter(options.delimiter);
    timeReader({ timezone: options.timezone });
    this.scanner = new RowScanner(this.#delimiter ?? DELIMITERS);
    this.plain = options.plainUntil === undefined ? null : undefined;
  }

  /** The records of the next rows of the text that has come so far; undefined where that holds no further whole row. */
  take(): InputRecord[] | undefined {
    const rows: Row[] = [];
    const most = this.#rows ? BATCH : 1;
    while (rows.length < most) {
      const row = this.scanner.next();
      if (!row) break;
      rows.push(row);
    }
    return rows.length === 0 ? undefined : this.records(rows);
  }

  /** The records of rows; the first row with anything in it is the header. */
  records(rows: readonly Row[]): InputRecord[] {
    const records: InputRecord[] = [];
    const filled = rows.filter((row) => row.text !== '' || row.fault);
    const [first] = filled;
    if (!first) return records;
    if (!this.#rows) {
      this.#readHeader(first, records);
      return records;
    }
    const { table, cells: wanted, read } = this.#rows;
    readCells(filled, table.delimiter).forEach((cells, index) => {
      const row = filled[index]!;
      if (!Array.isArray(cells)) records.push(brokenRow(this.input, row.line, cells));
      else if (cells.length !== wanted)
        records.push(brokenRow(this.input, row.line, miscounted(cells.length, wanted)));
      else if (!row.text.includes(REPLACED) || !reportReplaced(table, row, cells, records))
        read(row, cells, records);
    });
    return records;
  }

  #readHeader(row: Row, records: InputRecord[]): void {
    const delimiter = this.#delimiter ?? detectDelimiter(row.text);
    const [header] = readCells([row], delimiter) as [string[] | RowFault];
    if (!Array.isArray(header)) {
      records.push(brokenRow(this.input, row.line, header));
      this.unreadable = true;
      return;
    }
    this.scanner.delimiters = delimiter;
    const name = escaped(this.input.name);
    const { organization, timezone, timestampUnit: unit } = this.options;
    const columns = findColumns(header, this.#map, name);
    const table: Table = { input: this.input, delimiter, columns, organization };
    const events = shapeOf(columns, header, name, organization) === 'event';
    const reader = events ? eventRowReader : sessionRowReader;
    this.plain = events ? plainRowsOf(table, header.length, this.options) : null;
    this.#rows = { table, cells: header.length, read: reader(table, { timezone, unit }) };
  }
}

function miscounted(cells: number, wanted: number): RowFault {
  return {
    expected: `${wanted} cells as in the header`,
    received: `${cells}, ${cells < wanted ? 'fewer' : 'more'}`,
    hint:
      cells < wanted
        ? 'Leave a cell that is not known empty'
        : 'Put a cell that holds the delimiter in quotes',
  };
}

/** Tells of a cell that is read and was not UTF-8; the others may hold what they want. */
function reportReplaced(table: Table, row: Row, cells: readonly string[], records: InputRecord[]): boolean {
  for (const [column, index] of table.columns) {
    if (!cells[index]!.includes(REPLACED)) continue;
    const fault = {
      expected: 'UTF-8 text',
      received: excerpt(cells[index]!),
      hint: 'Save the file as UTF-8',
    };
    records.push(brokenCell(table, row, column, fault));
    return true;
  }
  return false;
}
