import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { diskReason, UserError } from '../../domain/errors.js';
import type { Input } from '../../domain/place.js';
import type { InputRecord } from '../../domain/record.js';
import { escaped } from '../../domain/text.js';
import { isParquet } from '../../read/detect.js';
import { BrokenStream } from '../../read/limits.js';
import { type EventOptions, Records } from '../../read/records.js';
import type { TableOptions } from '../../read/table-options.js';
import type { Columns } from '../columns.js';
import { columnsOf } from '../shapes/shape.js';
import { TableReader } from '../table-reader.js';
import { type Chunk, DuckDb, sqlText, type Vector } from './duckdb.js';
import { EventColumns } from './event-columns.js';
import { checkedSelect, queryFailure, type Select } from './statement.js';
import {
  cellOf,
  csvLine,
  kindOfType,
  QueryRow,
  refuseTypes,
  type Selected,
  selected,
  typedTimes,
} from './values.js';

/** How many rows to examine for a proposal when a needed column is missing. */
const SAMPLE = 20;
/** How many events and faults to hold before they are passed on: one short row can stand for many events. */
const MANY = 4096;

type QueryOptions = TableOptions & EventOptions;

/**
 * Reads the rows of a SELECT as a table, in chunks, ordered by session, so that the same rows always have the same
 * order.
 * @throws UserError if DuckDB is not installed, the query cannot run, or its columns are not those of a table
 */
export async function* readQuery(
  sql: string,
  input: Input,
  options: QueryOptions,
): AsyncGenerator<readonly InputRecord[]> {
  const db = await DuckDb.open(options);
  try {
    yield* readRows(db, sql, input, options);
  } catch (error) {
    throw queryFailure(error, escaped(input.name));
  } finally {
    db.close();
  }
}

/** Reads a Parquet file as a table. */
export async function* readParquet(
  bytes: AsyncIterable<Uint8Array>,
  input: Input,
  options: QueryOptions,
): AsyncGenerator<readonly InputRecord[]> {
  const db = await DuckDb.open(options);
  try {
    const path = await seekablePath(input.name, bytes, db.folder);
    yield* readRows(db, selectFromParquet(path), input, options);
  } catch (error) {
    throw queryFailure(error, escaped(input.name), false);
  } finally {
    db.close();
  }
}

async function* readRows(
  db: DuckDb,
  sql: string,
  input: Input,
  options: QueryOptions,
): AsyncGenerator<readonly InputRecord[]> {
  const records = new Records(input, options, false);
  const select = await checkedSelect(db.connection, sql, escaped(input.name));
  const reader = await openTable(db, select, input, options, records);
  const plan = new RowPlan(reader, select, options);
  let line = 1;
  for await (const chunk of db.chunks(plan.sql(select.view))) {
    for (const _ of plan.read(chunk, line)) {
      yield records.end();
      records.begin();
    }
    line += chunk.rowCount;
    yield records.end();
    records.begin();
  }
  for (const _ of reader.end()) {
    yield records.end();
    records.begin();
  }
  yield records.end();
}

/** @throws UserError of kind `input` if the columns are not those of a table, or have a type that cannot be read */
async function openTable(
  db: DuckDb,
  { view, columns }: Select,
  input: Input,
  options: QueryOptions,
  records: Records,
): Promise<TableReader> {
  const header = columns.map(({ name }) => name);
  const head = { header, text: csvLine(header), sample: [], delimiter: ',', typed: typedTimes(columns) };
  try {
    return new TableReader(input, head, options, records);
  } catch (error) {
    if (!(error instanceof UserError) || error.kind !== 'input') throw error;
  }
  const rows = await db.connection.runAndReadAll(`SELECT * FROM ${view} LIMIT ${SAMPLE}`);
  const sample = rows
    .getRows()
    .map((row) => row.map((value, i) => cellOf(value, kindOfType(columns[i]!.type))));
  return new TableReader(input, { ...head, sample }, options, records);
}

/** Which columns of a query's rows to select, in which order the rows are sorted, and how to read them. */
class RowPlan {
  readonly #reader: TableReader;
  readonly #fast: EventColumns | null;
  /** By the index of a column in the table; undefined for a column that nothing reads. */
  readonly #columns: readonly (Selected | undefined)[];
  readonly #list: string[] = [];
  readonly #keys: readonly string[];

  constructor(reader: TableReader, { columns }: Select, options: QueryOptions) {
    const { table, shape } = reader;
    const named = new Set(columnsOf(shape));
    const read: Columns = new Map([...table.cells.format.columns].filter(([column]) => named.has(column)));
    refuseTypes(read, columns, { timezone: options.timezone, file: escaped(table.input.name) });
    this.#reader = reader;
    this.#fast = EventColumns.of(reader, read, columns, options);
    const keys = table.sessionKey?.indexes ?? [];
    const wanted = new Set([...read.values(), ...keys]);
    // All cells decide whether two rows are equal, so all are selected. For events, only the columns that are read
    // decide.
    const all = shape.name !== 'events';
    this.#columns = columns.map(({ type }, index) => {
      if (!all && !wanted.has(index)) return undefined;
      const { sql, words } = this.#fast?.selected(index) ?? { sql: [selected(`c${index}`, type)] };
      const at = this.#list.push(...sql) - sql.length;
      return { kind: kindOfType(type), at, words, ...(sql.length > 1 && { textAt: at + 1 }) };
    });
    this.#keys = this.#orderOf(read, keys, columns);
  }

  sql(view: string): string {
    const names = this.#columns.map((_, index) => `c${index}`);
    return `SELECT ${this.#list.join(', ')} FROM ${view} AS t(${names.join(', ')}) ORDER BY ${this.#keys.join(', ')}`;
  }

  /** Adds the events of a chunk's rows; yields where there are many. @param first The number of the chunk's first row, from 1. */
  *read(chunk: Chunk, first: number): Generator<void> {
    const { records } = this.#reader.table;
    const vectors = this.#list.map((_, i) => chunk.getColumnVector(i));
    const fast = this.#fast;
    fast?.begin(vectors, this.#columns);
    for (let i = 0; i < chunk.rowCount; i += 1) {
      if (fast?.take(i, first + i)) continue;
      fast?.note();
      this.#reader.add(new QueryRow(first + i, this.#cells(vectors, i)));
      if (records.size < MANY) continue;
      yield;
      fast?.begin(vectors, this.#columns);
    }
    fast?.note();
  }

  /**
   * The sort keys of rows: the session, then SeqNumber and times, then all other columns that are read. A key is the
   * number of a column of the result, from 1. A key that is an expression takes a third more time in DuckDB, and 57
   * bytes per row.
   */
  #orderOf(read: Columns, sessionKey: readonly number[], columns: Select['columns']): readonly string[] {
    const given = read.get('SessionId');
    const session = sessionKey.length > 0 || given === undefined ? sessionKey : [given];
    const placesOf = (index: number): readonly number[] => {
      const { at, textAt } = this.#columns[index]!;
      return textAt === undefined ? [at + 1] : [at + 1, textAt + 1];
    };
    const keys = session.flatMap((index): readonly (string | number)[] => {
      const places = placesOf(index);
      // Sorted as GUIDs, ids take less time and memory, and their letter case does not matter.
      const isText = columns[index]!.type === 'VARCHAR' && places.length === 1;
      return isText ? [`try_cast(c${index} AS UUID)`, ...places] : places;
    });
    const rest = (['SeqNumber', 'Timestamp', 'StartedAt', 'EndedAt'] as const).flatMap((name) => {
      const index = read.get(name);
      return index === undefined ? [] : placesOf(index);
    });
    return [...new Set([...keys, ...rest, ...this.#list.map((_, at) => at + 1)].map(String))];
  }

  #cells(vectors: readonly Vector[], row: number): string[] {
    return this.#columns.map((column) => {
      if (!column) return '';
      const { at, textAt, kind, words } = column;
      const text = textAt === undefined ? null : vectors[textAt]!.getItem(row);
      if (typeof text === 'string') return text;
      const value = vectors[at]!.getItem(row);
      return words ? (words[Number(value) - 1] ?? '') : cellOf(value, kind);
    });
  }
}

/** The query that gives the rows of a Parquet file. */
function selectFromParquet(path: string): string {
  // Brackets escape the characters that have a meaning in DuckDB's file patterns.
  const pattern = resolve(path).replaceAll(/[*?[]/g, '[$&]');
  return `SELECT * FROM read_parquet(${sqlText(pattern)}, hive_partitioning = false)`;
}

/**
 * The path of a Parquet file that DuckDB can read: the file itself, or a temporary copy of a file that is gzip or comes
 * through a pipe.
 * @param name A path, or the name of a stream in messages.
 * @throws UserError of kind `output` where the copy cannot be written.
 */
async function seekablePath(name: string, bytes: AsyncIterable<Uint8Array>, folder: string): Promise<string> {
  if (await isParquetFile(name)) return name;
  const copy = join(folder, 'input.parquet');
  try {
    await pipeline(Readable.from(bytes, { objectMode: false }), createWriteStream(copy, { mode: 0o600 }));
  } catch (error) {
    if (error instanceof BrokenStream)
      throw new UserError('input', `${escaped(name)}: ${error.message}`, error.hint);
    if (error instanceof UserError || !(error as NodeJS.ErrnoException).code) throw error;
    throw new UserError(
      'output',
      `${folder}: temporary files cannot be written: ${diskReason(error)}`,
      'Set TMPDIR to a folder with more room',
    );
  }
  return copy;
}

async function isParquetFile(path: string): Promise<boolean> {
  const file = await open(path).catch(() => null);
  if (!file) return false;
  try {
    if (!(await file.stat()).isFile()) return false;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return isParquet('', buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}
