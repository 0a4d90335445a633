import {
  EVENT_FLAG,
  ID_FIELDS,
  ID_WORDS,
  type IdName,
  SOURCES,
  UPPER_FLAG,
  WORDS_PER_EVENT,
} from '../../domain/event-batch.js';
import { LETTER_CASE, parseGuid } from '../../domain/guid.js';
import { type EventOptions, scans } from '../../read/records.js';
import type { TableOptions } from '../../read/table-options.js';
import { EVENT_FIELDS } from '../../wire/event.js';
import type { ColumnName, Columns } from '../columns.js';
import { noteEvents } from '../row-hashes.js';
import type { TableReader } from '../table-reader.js';
import type { Vector } from './duckdb.js';
import type { ResultColumn } from './statement.js';
import {
  kindOfType,
  numberOf,
  QueryRow,
  type Selected,
  secondsOf,
  selected,
  type TypeKind,
} from './values.js';

const IDS = Object.keys(ID_WORDS) as readonly IdName[];
const TYPES = ['Start', 'Stop'];
/** The number of `Stop` in TYPES, from 1. */
const STOP = 2;
const UTC = /^(?:etc\/)?(?:utc|gmt)$/i;

/** A column of the current chunk. `texts`: values that are null in `values` because they have no number. */
interface Values {
  readonly values: Pick<Vector, 'getItem'>;
  readonly texts: Pick<Vector, 'getItem'>;
  readonly kind: TypeKind;
}

const NONE = { getItem: () => null };
const NO_VALUES: Values = { values: NONE, texts: NONE, kind: 'text' };

/**
 * The fast path for a query's table of events: copies rows from typed columns into the batch where their values are of
 * the usual kinds.
 */
export class EventColumns {
  readonly #reader: TableReader;
  readonly #columns: Columns;
  readonly #types: readonly ResultColumn[];
  #type = NO_VALUES;
  #position = NO_VALUES;
  #seqNumber = NO_VALUES;
  #timestamp = NO_VALUES;
  #source = NO_VALUES;
  #clipDuration = NO_VALUES;
  readonly #ids: Values[] = IDS.map(() => NO_VALUES);
  /** The ids of the row before. Rows of one session follow each other, so the ids are often the same. */
  readonly #last: (bigint | undefined)[] = IDS.map(() => undefined);
  readonly #lastWords = new Uint32Array(WORDS_PER_EVENT);
  /** How many events of the batch are already in the plausibility checks. */
  #noted = 0;

  private constructor(reader: TableReader, columns: Columns, types: readonly ResultColumn[]) {
    this.#reader = reader;
    this.#columns = columns;
    this.#types = types;
  }

  /**
   * The fast path of a table; null if its rows do not have all seven fields, or need conversion.
   * @param columns The columns that are read.
   */
  static of(
    reader: TableReader,
    columns: Columns,
    types: readonly ResultColumn[],
    options: TableOptions & EventOptions,
  ): EventColumns | null {
    const { table, shape } = reader;
    const { units } = table.cells.format;
    const { nulls = [], types: meanings = [], timezone = '' } = options;
    const kindOf = (column: ColumnName): TypeKind => kindOfType(types[columns.get(column)!]!.type);
    if (shape.name !== 'events' || !EVENT_FIELDS.every((field) => columns.has(field))) return null;
    if (!scans(options) || table.sessionKey || nulls.length > 0 || meanings.length > 0) return null;
    const numbers = ['whole', 'number', 'float'];
    const time = kindOf('Timestamp');
    const isMoment = time === 'moment' || (time === 'local-time' && UTC.test(timezone));
    const asWritten =
      units.position === 's' &&
      (isMoment || (units.time === 's' && numbers.includes(time))) &&
      numbers.includes(kindOf('Position')) &&
      numbers.includes(kindOf('SeqNumber')) &&
      IDS.every((name) => ['uuid', 'text'].includes(kindOf(ID_FIELDS[name])));
    return asWritten ? new EventColumns(reader, columns, types) : null;
  }

  /**
   * The SQL that selects a column of the table. Known words and ids are selected as numbers, and the texts of other
   * values in a second column.
   */
  selected(index: number): Pick<Selected, 'words'> & { readonly sql: readonly string[] } {
    const column = `c${index}`;
    const { type } = this.#types[index]!;
    const isText = kindOfType(type) === 'text';
    if (IDS.some((name) => this.#columns.get(ID_FIELDS[name]) === index) && isText) {
      const guid = `try_cast(${column} AS UUID)`;
      return { sql: [guid, `CASE WHEN ${guid}::VARCHAR IS DISTINCT FROM ${column} THEN ${column} END`] };
    }
    const words = isText
      ? index === this.#columns.get('Type')
        ? TYPES
        : index === this.#columns.get('Source')
          ? SOURCES
          : undefined
      : undefined;
    if (!words) return { sql: [selected(column, type)] };
    const whens = words.map((word, i) => `WHEN '${word}' THEN ${i + 1}`).join(' ');
    const others = `CASE WHEN ${column}::VARCHAR NOT IN ('${words.join("', '")}') THEN ${column}::VARCHAR END`;
    return { sql: [`(CASE ${column}::VARCHAR ${whens} END)::UTINYINT`, others], words };
  }

  /** Starts a chunk, or continues it after the records so far were passed on. @param columns By their index in the table. */
  begin(vectors: readonly Vector[], columns: readonly (Selected | undefined)[]): void {
    const { records } = this.#reader.table;
    const valuesOf = (name: ColumnName): Values => {
      const column = columns[this.#columns.get(name) ?? -1];
      if (!column) return NO_VALUES;
      const texts = column.textAt === undefined ? NONE : vectors[column.textAt]!;
      return { values: vectors[column.at]!, texts, kind: column.kind };
    };
    this.#type = valuesOf('Type');
    this.#position = valuesOf('Position');
    this.#seqNumber = valuesOf('SeqNumber');
    this.#timestamp = valuesOf('Timestamp');
    this.#source = valuesOf('Source');
    this.#clipDuration = valuesOf('ClipDuration');
    for (const [n, name] of IDS.entries()) this.#ids[n] = valuesOf(ID_FIELDS[name]);
    this.#noted = records.events.count;
    records.addScanned((i, pointer) => {
      const index = this.#columns.get(pointer.slice(1) as ColumnName);
      return { line: records.events.lines[i]!, column: index === undefined ? 1 : index + 1 };
    });
  }

  /**
   * Adds the event of a row. Returns false where the fast path cannot read the row, which can still be valid.
   * @param line The number of the row.
   */
  take(row: number, line: number): boolean {
    const { events } = this.#reader.table.records;
    const type = this.#type.values.getItem(row);
    const source = this.#source.values.getItem(row);
    const position = numberOf(this.#position.values.getItem(row), this.#position.kind);
    const seqNumber = numberOf(this.#seqNumber.values.getItem(row), this.#seqNumber.kind);
    const timestamp = secondsOf(this.#timestamp.values.getItem(row), this.#timestamp.kind);
    if (position === undefined || seqNumber === undefined || timestamp === undefined) return false;
    if (typeof type !== 'number' || this.#clipDuration.values.getItem(row) !== null) return false;
    if (source === null && this.#source.texts.getItem(row) !== null) return false;
    const i = events.push();
    let flags: number = type === STOP ? EVENT_FLAG.stop : 0;
    for (let n = 0; n < IDS.length; n += 1) {
      const upper = this.#takeId(n, row, i * WORDS_PER_EVENT + ID_WORDS[IDS[n]!]);
      if (upper < 0) {
        events.count = i;
        return false;
      }
      flags |= upper;
    }
    events.flags[i] = flags;
    events.positions[i] = position;
    events.seqNumbers[i] = seqNumber;
    events.timestamps[i] = timestamp;
    if (typeof source === 'number') events.sources[i] = source;
    events.lines[i] = line;
    events.columns[i] = 1;
    return true;
  }

  /** Adds the events since the last call to the table's plausibility checks. */
  note(): void {
    const { plausibility, records } = this.#reader.table;
    const { events } = records;
    if (events.count > this.#noted) {
      this.#reader.noteFirst(new QueryRow(events.lines[this.#noted]!, []));
      noteEvents(plausibility, events, this.#noted, events.count);
    }
    this.#noted = events.count;
  }

  /** Writes an id into the batch. Returns its letter-case flag; -1 where the value is not a GUID in one letter case. */
  #takeId(n: number, row: number, to: number): number {
    const name = IDS[n]!;
    const { values, texts } = this.#ids[n]!;
    const { ids } = this.#reader.table.records.events;
    const text = texts.getItem(row);
    if (typeof text === 'string') {
      const letters = parseGuid(text, ids, to);
      if (letters < 0 || letters === LETTER_CASE.both) return -1;
      return letters === LETTER_CASE.upper ? UPPER_FLAG[name] : 0;
    }
    const value = values.getItem(row);
    if (typeof value !== 'object' || value === null || !('hugeint' in value)) return -1;
    const from = ID_WORDS[name];
    if (this.#last[n] !== value.hugeint) {
      this.#last[n] = value.hugeint;
      putWords(value.toUint128(), this.#lastWords, from);
    }
    for (let word = 0; word < 4; word += 1) ids[to + word] = this.#lastWords[from + word]!;
    return 0;
  }
}

function putWords(uint128: bigint, words: Uint32Array, at: number): void {
  for (let word = 0; word < 4; word += 1)
    words[at + word] = Number((uint128 >> BigInt(96 - 32 * word)) & 0xffffffffn);
}
