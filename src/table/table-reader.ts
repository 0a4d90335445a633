import { ABSENT_FLAG } from '../domain/event-batch.js';
import { DEFAULT_MAX_SPEED, toMs } from '../domain/listening.js';
import type { Input, Place } from '../domain/place.js';
import type { ListenLengths, Loss, RepeatedExport, TableFinding, TableJudge } from '../domain/record.js';
import { Session } from '../domain/session.js';
import { escaped, pluralize } from '../domain/text.js';
import type { Records } from '../read/records.js';
import type { TableOptions } from '../read/table-options.js';
import {
  CellError,
  EventTypes,
  isNullMarker,
  joinedNullHint,
  Nulls,
  nullHint,
  type Unreadable,
} from './cell-values.js';
import { type ColumnName, type Columns, findColumns, readMap } from './columns.js';
import { unitsInForce } from './headers.js';
import { factsOfEvents, type TimedEvents } from './plausibility/facts.js';
import { Plausibility } from './plausibility/plausibility.js';
import { type Cells, RowCells } from './row-cells.js';
import { SessionKey } from './session-ids.js';
import { checkedShape } from './shapes/index.js';
import type { Shape } from './shapes/shape.js';
import { durationMs, lossOfRow, placeOfCell, type RowReader, type SourceRow, type Table } from './table.js';

/** What is known of a table before its rows are read. */
interface TableHead {
  readonly header: readonly string[];
  /** The header row, unchanged; null if the rows are JSON objects. */
  readonly text: string | null;
  /** The first rows, to propose a column if one is missing. */
  readonly sample: readonly (readonly string[])[];
  /** The character between cells; absent if the rows are JSON objects. */
  readonly delimiter?: string;
  /** Columns whose type says what their values are, so that their headers are not searched for a unit. */
  readonly typed?: ReadonlySet<number>;
}

/** How many events and faults to hold before they are passed on: one short row can stand for many events. */
const MANY = 4096;

/** Reads one table: the caller adds rows, and the reader adds events to the records, at once or when their session is complete. */
export class TableReader {
  readonly shape: Shape;
  readonly table: Table;
  readonly #head: TableHead;
  readonly #judge: RowsJudge;
  readonly #reader: RowReader;
  /** The map in which `RowCells` looks up columns. Columns that only later rows have are added to it. */
  readonly #columns: Map<ColumnName, number>;
  #repeatedHeaders = 0;

  /** @throws UserError where the table cannot be read: a column is missing, two headers are equal, a header names another unit. */
  constructor(input: Input, head: TableHead, options: TableOptions, records: Records) {
    const file = escaped(input.name);
    const { header, sample, delimiter } = head;
    const commaAllowed = delimiter !== ',';
    const { timezone, organization, sessionKey = [] } = options;
    this.#head = head;
    const columns = new Map(findColumns(header, readMap(options.map), file));
    this.#columns = columns;
    const named = { header, rows: sample, timezone };
    this.shape = checkedShape({
      ...named,
      columns,
      shape: options.shape,
      organization,
      sessionKey: sessionKey.length > 0,
      delimiter,
      file,
    });
    const untyped = [...readBy(this.shape, columns)].filter(([, index]) => !head.typed?.has(index));
    const units = unitsInForce(new Map(untyped), header, options, file);
    const maxSpeed = options.maxSpeed ?? DEFAULT_MAX_SPEED;
    const nulls = new Nulls(options.nulls);
    const cells = new RowCells({ columns, units, nulls, timezone, commaAllowed, organization, maxSpeed });
    this.table = {
      input,
      options,
      cells,
      types: new EventTypes(options.types),
      sessionKey: sessionKey.length > 0 ? new SessionKey(sessionKey, header, cells, file) : undefined,
      plausibility: new Plausibility<Place>({
        columns: readBy(this.shape, columns),
        units,
        maxSpeed,
        commaAllowed,
      }),
      records,
      rowsWithoutId: 0,
    };
    this.#judge = new RowsJudge(this.table, this.shape.name === 'events');
    this.#reader = this.shape.reader(this.table);
    options.onShape?.(input.name, this.shape.name);
    const keyed = sessionKey.length > 0 && !this.shape.rowIsSession;
    records.add({ kind: 'table', input, header: head.text, keyed, judge: this.#judge });
  }

  /** Notes the first row: findings about whole columns are placed at its cells. */
  noteFirst(row: SourceRow): void {
    this.#judge.noteFirst(row);
  }

  /** Adds a row that has as many cells as the header. */
  add(row: SourceRow): void {
    const { cells } = row;
    if (cells.every((cell) => cell.trim() === '')) return;
    if (this.#isHeader(cells)) {
      this.#repeatedHeaders += 1;
      return;
    }
    this.noteFirst(row);
    const { plausibility, sessionKey } = this.table;
    sessionKey?.noteRow(cells);
    const placeOf = (index: number): Place => ({ ...this.#placeOfRow(row), ...row.locate(index) });
    try {
      if (this.#isLeftOut(cells)) {
        const place = placeOfCell(this.table, row, 'ClipId');
        this.table.records.add({ kind: 'unmapped', place, loss: this.#lossOf(row, true), text: row.text });
        return;
      }
      const startedAtMs = this.#reader.add(row);
      if (startedAtMs === undefined) plausibility.addCells(cells, placeOf);
      else plausibility.addRow(cells, startedAtMs, row.line, placeOf);
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      const { column, expected, received, hint } = error.fault;
      plausibility.addRow(cells, undefined, row.line, placeOf);
      this.#refuse(
        row,
        placeOfCell(this.table, row, column),
        { expected: `${expected} in ${column}`, received, hint: this.#hintOf(hint, cells) },
        true,
      );
    }
  }

  /** Reports a row that cannot be read. @param column The column whose cell is the reason, if there is one. */
  refuse(row: SourceRow, fault: Unreadable, column?: ColumnName): void {
    const place = column === undefined ? this.#placeOfRow(row) : placeOfCell(this.table, row, column);
    this.#refuse(row, place, fault, column !== undefined && row.cells.length === this.#head.header.length);
  }

  /** The first column that is read and has a cell that meets a condition. */
  findColumn(cells: readonly string[], meets: (cell: string) => boolean): ColumnName | undefined {
    for (const [column, index] of this.table.cells.format.columns)
      if (meets(cells[index] ?? '')) return column;
    return undefined;
  }

  /**
   * Adds a column that only later rows have.
   * @throws UserError of kind `input` where its header names another unit than its numbers are read in.
   */
  addColumn(index: number, header: readonly string[]): void {
    const { options, input } = this.table;
    const file = escaped(input.name);
    const [found] = [...findColumns(header.slice(index, index + 1), NO_MAP, file).keys()];
    if (found === undefined || this.#columns.has(found)) return;
    this.#columns.set(found, index);
    unitsInForce(readBy(this.shape, this.#columns), header, options, file);
  }

  /** Adds the events that were held back, and the notes; yields after each portion. */
  *end(): Generator<void> {
    const { records, options, input } = this.table;
    for (const _ of this.#reader.end?.() ?? []) {
      if (records.size >= MANY) yield;
    }
    if (this.#repeatedHeaders > 0)
      options.onNote?.(input.name, `${pluralize(this.#repeatedHeaders, 'repeated header line')} skipped`);
    const { note } = this.table.sessionKey ?? {};
    if (note !== undefined) options.onNote?.(input.name, note);
  }

  #refuse(row: SourceRow, place: Place, { expected, received, hint }: Unreadable, whole: boolean): void {
    const loss = this.#lossOf(row, whole);
    this.table.records.add({ kind: 'syntax', place, expected, received, hint, loss, text: row.text });
  }

  /** The hint for a row's first fault. If the fault is a null marker, the hint names all null markers of the row. */
  #hintOf(hint: string, cells: Cells): string {
    if (joinedNullHint([hint]) === undefined) return hint;
    const { columns, nulls } = this.table.cells.format;
    const read = [...readBy(this.shape, columns).values()].map((index) => nulls.read(cells[index] ?? ''));
    return joinedNullHint([hint, ...read.filter(isNullMarker).map((marker) => nullHint([marker]))])!;
  }

  #isLeftOut(cells: Cells): boolean {
    const { options, cells: format } = this.table;
    return options.leavesOut?.(format.id(cells, 'ClipId')) ?? false;
  }

  #lossOf({ cells }: SourceRow, whole: boolean): Loss {
    return lossOfRow(this.table, this.shape.rowIsSession, cells, whole, this.#head.header.length);
  }

  #placeOfRow({ line, column }: SourceRow): Place {
    return { input: this.table.input, line, column, pointer: null, request: null };
  }

  #isHeader(cells: readonly string[]): boolean {
    const { header } = this.#head;
    return (
      cells[0] === header[0] && cells.length === header.length && cells.every((cell, i) => cell === header[i])
    );
  }
}

const NO_MAP: ReadonlyMap<ColumnName, string> = new Map();

/** The columns that a shape reads. The headers of other columns do not matter. */
function readBy(shape: Shape, columns: Columns): Columns {
  const read = new Set([...shape.required.flat(), ...shape.optional]);
  return new Map([...columns].filter(([column]) => read.has(column)));
}

/** Checks whether a table is plausible, by its rows. If the rows are single events, the caller must also add the sessions. */
class RowsJudge implements TableJudge {
  /** The first row: findings about whole columns are placed at its cells. */
  #first: SourceRow | undefined;
  readonly #events = new ValidEvents();

  constructor(
    private readonly table: Table,
    readonly needsSessions: boolean,
  ) {}

  noteFirst(row: SourceRow): void {
    this.#first ??= row;
  }

  addSession(session: Session): void {
    const events = this.#events;
    events.begin(session, this.table.input);
    if (events.count === 0) return;
    const { clipDuration } = session;
    const clip = (session.flags[0]! & ABSENT_FLAG.clip) === 0 ? session.idOf(0, 'clip')! : '';
    const ofRow = clipDuration === undefined ? undefined : clipDuration * 1000;
    this.table.plausibility.addSession(factsOfEvents(clip, events, durationMs(this.table, clip, ofRow)));
  }

  findings(): readonly TableFinding[] {
    return this.table.plausibility.findings().map(({ rule, column, place, expected, received, hint }) => ({
      rule,
      place: place ?? this.#placeOfColumn(column),
      expected,
      received,
      hint,
    }));
  }

  repeated(): RepeatedExport | undefined {
    return this.table.plausibility.repeated();
  }

  lengths(): ListenLengths | undefined {
    return this.table.plausibility.lengths();
  }

  rowsWithoutId(): number {
    return this.table.rowsWithoutId;
  }

  #placeOfColumn(column: ColumnName): Place {
    const { table } = this;
    if (this.#first) return placeOfCell(table, this.#first, column);
    return { input: table.input, line: 1, column: 1, pointer: null, request: null };
  }
}

/** The events of a session in which no event rule finds an error. */
class ValidEvents implements TimedEvents<Place> {
  count = 0;
  #session = new Session();
  #input: Input | undefined;
  readonly #at: number[] = [];

  begin(session: Session, input: Input): void {
    this.#session = session;
    this.#input = input;
    this.count = 0;
    for (let i = 0; i < session.count; i += 1) if (session.isValid(i)) this.#at[this.count++] = i;
  }

  isStop(i: number): boolean {
    return this.#session.isStop(this.#at[i]!);
  }

  positionMs(i: number): number {
    return toMs(this.#session.positions[this.#at[i]!]!);
  }

  timestampMs(i: number): number {
    return toMs(this.#session.timestamps[this.#at[i]!]!);
  }

  placeOf(i: number): Place {
    const line = this.#session.lines[this.#at[i]!]!;
    return { input: this.#input!, line, column: 1, pointer: null, request: null };
  }
}
