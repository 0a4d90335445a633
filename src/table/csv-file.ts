import type { Input } from '../../domain/place.js';
import { escaped } from '../../domain/text.js';
import { type EventOptions, type Records, scans } from '../records.js';
import { excerpt } from '../text.js';
import { timeReader } from '../times.js';
import { type RowFault, readCells } from './cells.js';
import { type ColumnName, findColumns, readMap } from './columns.js';
import { DELIMITERS, detectDelimiter, readDelimiter } from './delimiter.js';
import { eventRowReader } from './event-rows.js';
import { type Row, RowScanner } from './rows.js';
import { sessionRowReader } from './session-rows.js';
import { shapeOf } from './shape.js';
import { brokenCell, brokenRow, type RowReader, type Table } from './table.js';
import { TableScanner } from './table-scanner.js';

const BATCH = 256;
const REPLACED = '\uFFFD';

export interface CsvOptions extends EventOptions {
  /** Headers by the column they stand for: `ClipId` to `episode_guid`. */
  readonly map: ReadonlyMap<string, string>;
  /** What delimits cells, one character; unless given, the header row tells. */
  readonly delimiter?: string | undefined;
  /** IANA name of the zone of times without an offset; without it they cannot be read. */
  readonly timezone?: string | undefined;
  /** Unit of times that are numbers; seconds unless given. */
  readonly timestampUnit?: 's' | 'ms' | undefined;
  /** OrganizationId of rows that have none. */
  readonly organization?: string | undefined;
}

/** One CSV file while it is read: text goes into its scanner, records come out. */
export class CsvFile {
  readonly rows: RowScanner;
  readonly #map: ReadonlyMap<ColumnName, string>;
  readonly #delimiter: string | undefined;
  #header: { readonly table: Table; readonly cells: number; readonly read: RowReader } | undefined;
  /** Whether its header row cannot be read, so that nothing after it can be. */
  unreadable = false;
  /** What takes rows fast; null where nothing does, undefined until the header has been read. */
  scanner: TableScanner | null | undefined;

  /** Throws a `UserError` (usage) at a setting that cannot be followed. */
  constructor(
    readonly input: Input,
    readonly options: CsvOptions,
    private readonly records: Records,
  ) {
    this.#map = readMap(options.map);
    this.#delimiter = options.delimiter === undefined ? undefined : readDelimiter(options.delimiter);
    timeReader({ timezone: options.timezone });
    this.rows = new RowScanner(this.#delimiter ?? DELIMITERS);
    this.scanner = scans(options) ? undefined : null;
  }

  /** Adds the records of the next rows of the text that has come so far; gives whether there were any that are whole. */
  readRows(): boolean {
    const rows = this.#nextRows();
    this.#add(rows);
    return rows.length > 0;
  }

  /** Adds the record of the row that the end of the text completes. */
  end(): void {
    const last = this.rows.end();
    if (last && !this.unreadable) this.#add([last]);
  }

  #nextRows(): readonly Row[] {
    const rows: Row[] = [];
    const most = this.#header ? BATCH : 1;
    while (rows.length < most) {
      const row = this.rows.next();
      if (!row) break;
      rows.push(row);
    }
    return rows;
  }

  /** Adds the records of rows; the first row with anything in it is the header. */
  #add(rows: readonly Row[]): void {
    const { records } = this;
    const filled = rows.filter((row) => row.text !== '' || row.fault);
    const [first] = filled;
    if (!first) return;
    if (!this.#header) {
      this.#readHeader(first);
      return;
    }
    const { table, cells: wanted, read } = this.#header;
    readCells(filled, table.delimiter).forEach((cells, index) => {
      const row = filled[index]!;
      if (!Array.isArray(cells)) records.addSyntax(brokenRow(this.input, row.line, cells));
      else if (cells.length !== wanted)
        records.addSyntax(brokenRow(this.input, row.line, miscounted(cells.length, wanted)));
      else if (!row.text.includes(REPLACED) || !reportReplaced(table, row, cells, records))
        read(row, cells, records);
    });
  }

  #readHeader(row: Row): void {
    const delimiter = this.#delimiter ?? detectDelimiter(row.text);
    const [header] = readCells([row], delimiter) as [string[] | RowFault];
    if (!Array.isArray(header)) {
      this.records.addSyntax(brokenRow(this.input, row.line, header));
      this.unreadable = true;
      return;
    }
    this.rows.delimiters = delimiter;
    const name = escaped(this.input.name);
    const { organization, timezone, timestampUnit: unit } = this.options;
    const columns = findColumns(header, this.#map, name);
    const table: Table = { input: this.input, delimiter, columns, organization };
    const events = shapeOf(columns, header, name, organization) === 'event';
    const reader = events ? eventRowReader : sessionRowReader;
    if (this.scanner !== null) {
      this.scanner = events ? TableScanner.of(table, header.length, this.records, unit) : null;
    }
    this.#header = { table, cells: header.length, read: reader(table, { timezone, unit }) };
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
function reportReplaced(table: Table, row: Row, cells: readonly string[], records: Records): boolean {
  for (const [column, index] of table.columns) {
    if (!cells[index]!.includes(REPLACED)) continue;
    const fault = {
      expected: 'UTF-8 text',
      received: excerpt(cells[index]!),
      hint: 'Save the file as UTF-8',
    };
    records.addSyntax(brokenCell(table, row, column, fault));
    return true;
  }
  return false;
}
