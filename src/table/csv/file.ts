import { UserError } from '../../domain/errors.js';
import type { Input } from '../../domain/place.js';
import { type RowFault, readCells } from '../../read/csv/cells.js';
import { DELIMITERS, detectDelimiter, type Row, RowScanner, readDelimiter } from '../../read/csv/rows.js';
import { type EventOptions, type Records, scans } from '../../read/records.js';
import type { TableOptions } from '../../read/table-options.js';
import { excerpt } from '../../read/text.js';
import { timeReader } from '../../read/time/times.js';
import { EventTypes } from '../cell-values.js';
import { readMap } from '../columns.js';
import { TableReader } from '../table-reader.js';
import { CsvScanner, csvRow } from './scanner.js';

const BATCH = 256;
/** How many rows to examine for a proposal when a needed column is missing. */
const SAMPLE = 20;
const REPLACED = '\uFFFD';
/** The line that Excel writes before the header to name the delimiter. */
const SEPARATOR_LINE = /^"?sep=(.)"?$/i;
/** The line that psql writes below a table. */
const FOOTER = /^\(\d+ rows?\)$/;

interface Head {
  readonly row: Row;
  readonly header: readonly string[];
  readonly delimiter: string;
  readonly otherHeader: OtherHeader;
}

/** One CSV file while it is read: the caller pushes text into `rows`, and this class adds records. */
export class CsvFile {
  readonly rows: RowScanner;
  #delimiter: string | undefined;
  #head: Head | undefined;
  /** The first rows of a table that cannot be read, for the proposal. */
  #sample: Row[] = [];
  #table: TableReader | undefined;
  /** Whether the header row cannot be read: then no other row can be read either. */
  unreadable = false;
  /** The scanner of the fast path; null if this table has none, undefined until the header is read. */
  scanner: CsvScanner | null | undefined;

  /** @throws UserError of kind `usage` where an option has an invalid value. */
  constructor(
    readonly input: Input,
    readonly options: TableOptions & EventOptions,
    private readonly records: Records,
  ) {
    readMap(options.map);
    void new EventTypes(options.types);
    timeReader({ timezone: options.timezone });
    this.#delimiter = options.delimiter === undefined ? undefined : readDelimiter(options.delimiter);
    this.rows = new RowScanner(this.#delimiter ?? DELIMITERS);
    this.scanner = scans(options) ? undefined : null;
  }

  /** Adds the records of the next complete rows of the text so far; returns whether there were any. */
  readRows(): boolean {
    const rows = this.#nextRows();
    const filled = rows.filter((row) => row.text !== '' || row.fault);
    if (this.#head && this.#table) this.#addRows(filled, this.#head, this.#table);
    else for (const row of filled) this.#take(row);
    return rows.length > 0;
  }

  /** Adds the record of the row that the end of the text completes. */
  endRows(): void {
    const last = this.rows.end();
    if (last && !this.unreadable && (last.text !== '' || last.fault)) this.#take(last);
  }

  /** Adds the events that were held back; yields after each portion. */
  *end(): Generator<void> {
    if (this.#head && !this.#table) this.#openTable(this.#head);
    if (this.#table) yield* this.#table.end();
  }

  #nextRows(): readonly Row[] {
    const rows: Row[] = [];
    const most = this.#table ? BATCH : 1;
    while (rows.length < most) {
      const row = this.rows.next();
      if (!row) break;
      rows.push(row);
    }
    return rows;
  }

  #take(row: Row): void {
    if (!this.#head) this.#readHeader(row);
    else if (this.#table) this.#addRows([row], this.#head, this.#table);
    else {
      this.#sample.push(row);
      if (this.#sample.length >= SAMPLE) this.#openTable(this.#head);
    }
  }

  /** Opens the table. If its header lacks a column, does not throw yet: the first rows help to propose columns. */
  #tryOpen(head: Head): void {
    try {
      this.#openTable(head);
    } catch (error) {
      if (!(error instanceof UserError) || error.kind !== 'input') throw error;
    }
  }

  #readHeader(row: Row): void {
    const [, separator] = SEPARATOR_LINE.exec(row.text) ?? [];
    if (separator !== undefined) {
      this.#delimiter ??= separator;
      this.rows.delimiters = this.#delimiter;
      return;
    }
    const delimiter = this.#delimiter ?? detectDelimiter(row.text);
    const [header] = readCells([row], delimiter) as [string[] | RowFault];
    if (!Array.isArray(header)) {
      const place = { input: this.input, line: row.line, column: 1, pointer: null, request: null };
      const { expected, received, hint } = header;
      this.records.add({ kind: 'syntax', place, expected, received, hint, loss: 'unknown' });
      this.unreadable = true;
      return;
    }
    this.rows.delimiters = delimiter;
    this.#head = { row, header, delimiter, otherHeader: new OtherHeader(header) };
    this.#tryOpen(this.#head);
  }

  #openTable(head: Head): void {
    const { row, header, delimiter } = head;
    const sample = readCells(this.#sample, delimiter).filter((cells) => Array.isArray(cells));
    const { input, options, records } = this;
    const named = { header, text: row.text, sample, delimiter };
    this.#table = new TableReader(input, named, options, records);
    if (this.scanner !== null) this.scanner = CsvScanner.of(this.#table, header.length, delimiter);
  }

  #addRows(rows: readonly Row[], { header, delimiter, otherHeader }: Head, table: TableReader): void {
    readCells(rows, delimiter).forEach((cells, index) => {
      const row = rows[index]!;
      const misplaced = Array.isArray(cells) ? otherHeader.faultOf(cells, row.line) : undefined;
      if (misplaced) {
        this.scanner = null;
        table.refuse(csvRow(row, delimiter), misplaced);
      } else if (!Array.isArray(cells)) table.refuse(csvRow(row, delimiter, []), cells);
      else if (cells.length !== header.length) {
        if (cells.length === 1 && FOOTER.test(cells[0]!.trim())) return;
        const source = csvRow(row, delimiter, cells);
        if (cells.every((cell) => cell.trim() === '')) return;
        table.refuse(source, miscounted(cells, header.length));
      } else {
        const source = csvRow(row, delimiter, cells);
        // Invalid UTF-8 does no harm in a cell that nothing reads.
        const replaced = row.text.includes(REPLACED)
          ? table.findColumn(cells, (cell) => cell.includes(REPLACED))
          : undefined;
        if (replaced === undefined) table.add(source);
        else {
          const received = excerpt(cells.find((cell) => cell.includes(REPLACED)) ?? '');
          const expected = `UTF-8 text in ${replaced}`;
          table.refuse(source, { expected, received, hint: 'Save the file as UTF-8' }, replaced);
        }
      }
    });
  }
}

function miscounted(cells: readonly string[], wanted: number): RowFault {
  const { length } = cells;
  const endsEmpty = cells.slice(wanted).every((cell) => cell.trim() === '');
  const tooMany = endsEmpty
    ? 'If every row ends with a delimiter, end the header with one, too; else put a cell that holds the delimiter in quotes'
    : 'Put a cell that holds the delimiter in quotes';
  return {
    expected: `${wanted} cells as in the header`,
    received: `${length}, ${length < wanted ? 'fewer' : 'more'}`,
    hint: length < wanted ? 'Leave the cell of an unknown value empty' : tooMany,
  };
}

/** A row with this many cells that are headers is a header itself. */
const SURELY_HEADER = 3;

/**
 * Finds headers with other columns below a table's own header, as where files with different columns were put together.
 * The rows below such a header cannot be read, until the table's own header comes again.
 */
class OtherHeader {
  readonly #names: ReadonlySet<string>;
  /** The line of the other header below which the rows stand. */
  #line: number | undefined;

  constructor(private readonly header: readonly string[]) {
    this.#names = new Set(header.filter((name) => name.trim() !== ''));
  }

  /** Why the next row cannot be read: it is another header, or follows one; undefined for any other row. */
  faultOf(cells: readonly string[], line: number): RowFault | undefined {
    let names = 0;
    for (const cell of cells) if (this.#names.has(cell)) names += 1;
    if (names >= SURELY_HEADER) this.#line = this.#isOwn(cells) ? undefined : line;
    if (this.#line === undefined) return undefined;
    return {
      expected: 'rows with the columns of the first header',
      received: line === this.#line ? 'another header' : 'a row below another header',
      hint: `Split the file before line ${this.#line}: other columns begin there`,
    };
  }

  #isOwn(cells: readonly string[]): boolean {
    return cells.length === this.header.length && cells.every((cell, i) => cell === this.header[i]);
  }
}
