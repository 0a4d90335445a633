import { type JSONPath, visit } from 'jsonc-parser';
import { quoted } from '../domain/text.js';
import { EVENT_FIELDS } from '../wire/event.js';
import { columnKey } from './columns.js';

/** A document in a format that omny-consume does not read. */
interface ForeignDocument {
  /** What it is, as a phrase: `an Excel workbook`. */
  readonly is: string;
  /** What to do next, with the command where there is one. */
  readonly next: string;
  /** Whether it is JSON with events inside a wrapper: read as a table, a column such as `a.b` can name their values. */
  readonly isWrapper?: true;
}

const HEAD_BYTES = 64 * 1024;

const ZIP = Buffer.from('PK\u0003\u0004', 'latin1');
const PARQUET = Buffer.from('PAR1', 'latin1');
/** Compressed files that are not unpacked, by their first bytes. */
const PACKED: readonly (readonly [string, string, string])[] = [
  ['BZh', 'a bzip2 file', 'bzip2 -dc'],
  ['(\u00b5/\u00fd', 'a Zstandard file', 'zstd -dc'],
  ['\u00fd7zXZ\u0000', 'an xz file', 'xz -dc'],
];
const SQLITE = Buffer.from('SQLite format 3\u0000', 'latin1');
/** SQLite's application id of a delivery ledger, which the file header holds. */
const LEDGER_MARK = 'omny';

/**
 * Recognizes a document that omny-consume does not read, by its first bytes, whatever the file is called; undefined for
 * any other document. (`isHar` recognizes a HAR, which is read.)
 * @param head the first bytes, 64 KiB or all
 * @param file its name, for the command in the hint
 */
export function foreignDocument(head: Uint8Array, file: string): ForeignDocument | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, HEAD_BYTES));
  return foreignBytes(bytes, fileWord(file)) ?? foreignText(bytes.toString('utf8'), fileWord(file));
}

/** Whether JSON text is a HAR: an object with a `log` that has `entries`, and no `Events` beside it. */
export function isHar(head: Uint8Array): boolean {
  const text = Buffer.from(head)
    .toString('utf8', 0, HEAD_BYTES)
    .replace(/^\ufeff/, '')
    .trimStart();
  return /^\{\s*"log"\s*:\s*\{/.test(text) && /"(?:entries|creator|pages|version|browser)"\s*:/.test(text);
}

function foreignBytes(bytes: Buffer, file: string): ForeignDocument | undefined {
  if (startsWith(bytes, ZIP)) return zipped(bytes, file);
  if (startsWith(bytes, PARQUET)) {
    return {
      is: 'a Parquet file',
      next: 'To read listening data from Parquet, leave out --input-format. For --clips and --clip-map, export the file as CSV',
    };
  }
  if (startsWith(bytes, SQLITE) && bytes.toString('latin1', 68, 72) === LEDGER_MARK)
    return { is: 'a delivery ledger', next: `Show what it holds: omny-consume ledger ${file}` };
  if (startsWith(bytes, SQLITE)) {
    return {
      is: 'an SQLite database',
      next: `Export the table: sqlite3 -csv -header ${file} 'select * from plays' > plays.csv`,
    };
  }
  const packed = PACKED.find(([start]) => startsWith(bytes, Buffer.from(start, 'latin1')));
  if (packed) return { is: packed[1], next: `Unpack it: ${packed[2]} ${file} > unpacked` };
  const order = utf16Order(bytes);
  if (!order) return undefined;
  return { is: 'UTF-16 text', next: `Convert it: ${reading(`iconv -f ${order} -t UTF-8`, file)} > utf8.csv` };
}

function zipped(bytes: Buffer, file: string): ForeignDocument {
  const names = bytes.toString('latin1');
  if (names.includes('[Content_Types].xml') || names.includes('xl/')) {
    return { is: 'an Excel workbook', next: 'Save the sheet as CSV UTF-8 in Excel, and use that file' };
  }
  if (/\.chlz'?$/i.test(file)) return CHARLES;
  return { is: 'a zip archive', next: `Unpack it: unzip -p ${file} > unpacked` };
}

/** Which UTF-16 a text is: by its byte-order mark, or because every second byte of its beginning is zero. */
function utf16Order(bytes: Buffer): 'UTF-16' | 'UTF-16LE' | 'UTF-16BE' | undefined {
  if (bytes.length < 4) return undefined;
  const mark = bytes.readUInt16BE(0);
  if (mark === 0xfffe || mark === 0xfeff) return 'UTF-16';
  const start = bytes.subarray(0, 32);
  const zeroAt = (parity: number): boolean => start.every((byte, at) => (byte === 0) === (at % 2 === parity));
  if (zeroAt(1)) return 'UTF-16LE';
  return zeroAt(0) ? 'UTF-16BE' : undefined;
}

function foreignText(head: string, file: string): ForeignDocument | undefined {
  const text = head.replace(/^\ufeff/, '').trimStart();
  if (/^<(?:!doctype\s+html|html|head|body)\b/i.test(text)) {
    return {
      is: 'an HTML page',
      next: 'Often a sign-in or error page instead of the export: open it in a browser, then download the export again',
    };
  }
  if (/^<(?:\?xml|rss|charles-session)\b/i.test(text)) {
    return /<charles-session\b/.test(text)
      ? CHARLES
      : {
          is: 'XML',
          next: 'Listening data is read from JSON, NDJSON, CSV and HAR. To use a feed for its clips, pass it to --clips',
        };
  }
  if (/^\[\s*\{/.test(text) && isCharles(text)) return CHARLES;
  if (text[0] !== '{' && text[0] !== '[') return undefined;
  const wrapped = isHar(Buffer.from(text)) ? undefined : wrappedEvents(text, isEvent);
  return (
    wrapped && {
      is: `JSON with its events under ${wrapped.pointer}`,
      next: wrapped.isPartOfRow
        ? 'Read each object as a row, with nested values as columns: add --shape events'
        : `Extract the events: ${reading(`jq -c${wrapped.inText ? 'r' : ''} '${wrapped.filter}'`, file)} > events.ndjson`,
      isWrapper: true,
    }
  );
}

const CHARLES: ForeignDocument = {
  is: 'a Charles session',
  next: 'In Charles, choose File > Export Session and the format HTTP Archive (.har), and use that file',
};

/** Whether an array's first element looks like an exchange of a Charles session in JSON. */
function isCharles(text: string): boolean {
  const begin = text.slice(0, 2000);
  return (
    ['status', 'method', 'scheme', 'host', 'path'].every((key) => begin.includes(`"${key}"`)) &&
    !/"(?:Events|SessionId)"\s*:/.test(begin.slice(0, begin.indexOf('"request"') >>> 0))
  );
}

const EVENT_KEYS = new Set(EVENT_FIELDS.map(columnKey));

/** Whether an object with these keys is an event: at least three of the seven fields, spelled in any way. */
function isEvent(keys: Iterable<string>): boolean {
  let known = 0;
  for (const key of keys) if (EVENT_KEYS.has(columnKey(key))) known += 1;
  return known >= 3;
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start);
}

/**
 * The command with the file as its input, unpacked first where the file is gzip.
 * @param file as `fileWord` writes it
 */
export function reading(command: string, file: string): string {
  return /\.gz'?$/i.test(file) ? `gzip -dc ${file} | ${command}` : `${command} ${file}`;
}

/** The name of an input as a word of a shell command. */
export function fileWord(text: string): string {
  // Data from a pipe has no file name: the user must save it first.
  if (text === '<stdin>') return 'FILE';
  if (text.startsWith('-')) return fileWord(`./${text}`);
  return /^[\w./-]+$/.test(text) ? text : quoted(text);
}

/** Where another system's JSON document holds events. */
interface WrappedEvents {
  /** A JSON pointer; `*` stands for every element: `/hits` and so on to `_source`. */
  readonly pointer: string;
  /** The jq filter that extracts the events. */
  readonly filter: string;
  /** Whether each event is a text that holds JSON (log messages), not an object. */
  readonly inText: boolean;
  /** Whether an object holds only a part of the event, and what holds the object has the rest: its type, its time. */
  readonly isPartOfRow: boolean;
}

/** An object at a path, while the search visits its properties. */
interface OpenObject {
  readonly path: JSONPath;
  readonly keys: Set<string>;
}

/**
 * Finds the first event in a wrapper at the beginning of a JSON document (Elasticsearch's hits, CloudWatch's messages,
 * Segment's batches). Returns undefined if no event is found, or the first is not wrapped (alone, in an array, or in
 * the `Events` of a request body).
 * @param isEvent whether an object with such keys is an event
 */
function wrappedEvents(
  text: string,
  isEvent: (keys: Iterable<string>) => boolean,
): WrappedEvents | undefined {
  let found:
    | { readonly path: JSONPath; readonly inText: boolean; readonly keys?: ReadonlySet<string> }
    | undefined;
  const open: OpenObject[] = [];
  try {
    visit(text, {
      onObjectBegin: (_offset, _length, _line, _column, pathOf) => {
        open.push({ path: pathOf(), keys: new Set() });
      },
      onObjectProperty: (name) => {
        const object = open.at(-1);
        if (!object) return;
        object.keys.add(name);
        if (!found && isEvent(object.keys)) found = { path: object.path, inText: false, keys: object.keys };
      },
      onObjectEnd: () => {
        open.pop();
      },
      onLiteralValue: (value, _offset, _length, _line, _column, pathOf) => {
        if (!found && typeof value === 'string' && holdsEvent(value, isEvent))
          found = { path: pathOf(), inText: true };
      },
    });
  } catch {
    return undefined;
  }
  if (!found || standsWhereItShould(found.path, found.inText)) return undefined;
  return {
    pointer: found.path.map((step) => `/${typeof step === 'number' ? '*' : step}`).join(''),
    // A log also holds messages that are not events, such as those of the function itself.
    filter: found.inText ? `${filterOf(found.path)} | select(startswith("{"))` : filterOf(found.path),
    inText: found.inText,
    isPartOfRow:
      found.keys !== undefined &&
      found.path.slice(1).every((step) => typeof step === 'string') &&
      ![...found.keys].some((key) => columnKey(key) === 'type'),
  };
}

/**
 * Whether a path is one where events are read: the document, an array's element, or an element of a request body's
 * `Events` (ignoring case).
 */
function standsWhereItShould(path: JSONPath, inText: boolean): boolean {
  if (inText) return path.length === 0;
  const names = path.filter((step) => typeof step === 'string');
  return names.length === 0 || (names.length === 1 && names[0]!.toLowerCase() === 'events');
}

function holdsEvent(text: string, isEvent: (keys: Iterable<string>) => boolean): boolean {
  if (!text.startsWith('{')) return false;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && isEvent(Object.keys(value));
  } catch {
    return false;
  }
}

function filterOf(path: JSONPath): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return '[]';
    return /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  const filter = steps.join('');
  return filter.startsWith('.') ? filter : `.${filter}`;
}
