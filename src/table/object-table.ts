import type { Input, TextPosition } from '../domain/place.js';
import type { InputRecord, Loss } from '../domain/record.js';
import { canHoldEvent, lossOf } from '../read/json/json.js';
import type { Located, Records, RowSink } from '../read/records.js';
import type { TableOptions } from '../read/table-options.js';
import type { JsonObject } from '../wire/json.js';
import { readMap } from './columns.js';
import { TableReader } from './table-reader.js';

/** How many objects are examined for their keys before the first is read. */
const SAMPLE = 1000;
const SAMPLE_BYTES = 4 * 1024 * 1024;
/** A rough size of an object: good enough to limit how much memory the held objects use. */
const OBJECT_BYTES = 1024;

interface HeldRow {
  readonly object: JsonObject;
  readonly start: TextPosition;
  readonly text: Located;
}

/** Reads JSON objects as the rows of a table: their keys are the columns. */
export class ObjectTable implements RowSink {
  #held: HeldRow[] = [];
  #reader: TableReader | undefined;
  #header: readonly string[] = [];
  #keys: ReadonlySet<string> = new Set();

  constructor(
    private readonly records: Records,
    private readonly input: Input,
    private readonly options: TableOptions,
  ) {}

  add(object: JsonObject, start: TextPosition, text: Located): void {
    if (this.#reader) {
      this.#addRow(this.#reader, { object, start, text });
      return;
    }
    this.#held.push({ object, start, text });
    if (this.#held.length >= Math.min(SAMPLE, SAMPLE_BYTES / OBJECT_BYTES)) this.#open();
  }

  lossOf(text: string): Loss {
    const { sessionKey = [], shape } = this.options;
    if (!canHoldEvent(text)) return 'nothing';
    if ((this.#reader?.shape.name ?? shape) === 'sessions') return 'whole-session';
    const names = sessionKey.length > 0 ? undefined : this.#namesOfSessionId();
    return names === undefined ? 'unknown' : lossOf(text, names);
  }

  /** Finds the key of the SessionId in the text of a row; undefined if the table has no SessionId column. */
  #namesOfSessionId(): RegExp | undefined {
    const index = this.#reader?.table.cells.format.columns.get('SessionId');
    if (this.#reader && index === undefined) return undefined;
    const header = index === undefined ? readMap(this.options.map).get('SessionId') : this.#header[index];
    const name = header?.split('.').at(-1);
    if (name === undefined) return /"[\s_-]*session[\s_-]*id[\s_-]*"/gi;
    return new RegExp(JSON.stringify(name).replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'), 'gi');
  }

  *end(): Generator<readonly InputRecord[]> {
    const { records } = this;
    records.begin();
    if (!this.#reader && this.#held.length > 0) this.#open();
    for (const _ of this.#reader?.end() ?? []) {
      yield records.end();
      records.begin();
    }
    yield records.end();
  }

  #open(): void {
    const held = this.#held;
    this.#held = [];
    this.#setHeader(headerOfObjects(held.map(({ object }) => object)));
    const sample = held.slice(0, 20).map(({ object }) => cellsOfObject(object, this.#header));
    const head = { header: this.#header, text: null, sample };
    this.#reader = new TableReader(this.input, head, this.options, this.records);
    for (const row of held) this.#addRow(this.#reader, row);
  }

  #setHeader(header: readonly string[]): void {
    this.#header = header;
    this.#keys = new Set(header);
  }

  #addRow(reader: TableReader, { object, start, text }: HeldRow): void {
    if (hasOtherKeys(object, this.#keys)) this.#addColumns(reader, object);
    const header = this.#header;
    reader.add({
      ...start,
      get text() {
        return JSON.stringify(object);
      },
      cells: cellsOfObject(object, header),
      locate: (index) => text.locate(pointerOfKey(object, header[index]!)),
    });
  }

  /**
   * Adds columns that appear only in later rows, because databases can leave out absent values. Earlier rows have no
   * value in them.
   */
  #addColumns(reader: TableReader, object: JsonObject): void {
    const more = headerOfObjects([object]).filter((name) => !this.#keys.has(name));
    const from = this.#header.length;
    this.#setHeader([...this.#header, ...more]);
    for (let i = from; i < this.#header.length; i += 1) reader.addColumn(i, this.#header);
  }
}

/** The JSON pointer of a column: its key, or the keys of nested objects. */
function pointerOfKey(object: JsonObject, name: string): string {
  const keys = Object.hasOwn(object, name) ? [name] : name.split('.');
  return keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** A row that came as a JSON object. */
type ObjectRow = Readonly<Record<string, unknown>>;

const DEEPEST = 8;

/**
 * The column names of objects: their keys in the order of appearance, and the keys of nested objects as `a.b`.
 * @param objects the first rows; keys that only later rows have are not included
 */
export function headerOfObjects(objects: Iterable<ObjectRow>): string[] {
  const names = new Set<string>();
  for (const object of objects) addNames(object, '', names, 1);
  return [...names];
}

/** The cells of an object under a header: numbers as JSON writes them, `null` and absent keys as empty cells. */
export function cellsOfObject(object: ObjectRow, header: readonly string[]): string[] {
  return header.map((name) => cellText(valueAt(object, name)));
}

/** Whether an object has keys that a header lacks. */
export function hasOtherKeys(object: ObjectRow, header: ReadonlySet<string>): boolean {
  return headerOfObjects([object]).some((name) => !header.has(name));
}

function addNames(object: ObjectRow, prefix: string, names: Set<string>, depth: number): void {
  for (const [key, value] of Object.entries(object)) {
    const name = prefix + key;
    if (isObject(value) && depth < DEEPEST) addNames(value, `${name}.`, names, depth + 1);
    else names.add(name);
  }
}

/** The value under a column name: under the key of this name, else under the nested keys that its dots separate. */
function valueAt(object: ObjectRow, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    const nested = Object.hasOwn(object, name.slice(0, dot)) ? object[name.slice(0, dot)] : undefined;
    if (isObject(nested)) {
      const value = valueAt(nested, name.slice(dot + 1));
      if (value !== undefined) return value;
    }
  }
  return undefined;
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isObject(value: unknown): value is ObjectRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
