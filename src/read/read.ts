import { UserError } from '../domain/errors.js';
import type { Input } from '../domain/place.js';
import type { InputRecord } from '../domain/record.js';
import { escaped } from '../domain/text.js';
import {
  detectFormat,
  enoughForFormat,
  type InputFormat,
  isParquet,
  mayBeForeign,
  refuseBinary,
} from './detect.js';
import type { CaptureOptions } from './har/har.js';
import { readJson } from './json/json.js';
import { readNdjson } from './ndjson/ndjson.js';
import type { EventOptions } from './records.js';
import {
  checkReadable,
  dispose,
  type Handling,
  type InputSource,
  nameOf,
  openSource,
  peek,
} from './source.js';
import { readsObjectsAsRows, type TableOptions } from './table-options.js';

export interface ReadOptions extends EventOptions, TableOptions, CaptureOptions {
  /** `auto` detects the format from each input's name, then from its first bytes. */
  readonly format: InputFormat | 'auto';
  /** Called with each input once its format is known. */
  readonly onInput?: ((input: Input, format: InputFormat) => void) | undefined;
}

type Reader = (
  bytes: AsyncIterable<Uint8Array>,
  input: Input,
  options: ReadOptions,
) => AsyncIterable<readonly InputRecord[]>;

/** Readers with much code are loaded only when an input needs them. */
const READERS: Readonly<Record<InputFormat, () => Reader | Promise<Reader>>> = {
  json: () => readJson,
  ndjson: () => readNdjson,
  csv: async () => (await import('../table/csv/csv.js')).readCsv,
  har: async () => (await import('./har/har.js')).readHar,
  parquet: async () => (await import('../table/query/query.js')).readParquet,
};

/** The formats whose readers keep no reference to the bytes that they read. */
const PASSING: ReadonlySet<InputFormat> = new Set(['json', 'ndjson', 'csv']);

/**
 * Reads inputs one after the other, as located records in chunks.
 * @throws UserError of kind `input` where an input cannot be read at all. If an input is missing or a folder, throws
 * before any input is read.
 */
export async function* readInputs(
  sources: readonly InputSource[],
  options: Partial<ReadOptions> = {},
): AsyncGenerator<readonly InputRecord[]> {
  const settings: ReadOptions = { format: 'auto', map: new Map(), ...options };
  await checkReadable(sources);
  for (const [index, source] of sources.entries()) {
    const input = { index, name: nameOf(source) };
    yield [{ kind: 'input', input }];
    if (typeof source !== 'string' && 'query' in source) {
      const { readQuery } = await import('../table/query/query.js');
      yield* readQuery(source.query, input, settings);
      continue;
    }
    const handling: Handling = { passing: false };
    const bytes = openSource(source, handling);
    const { head, whole } = await peek(bytes, enoughForFormat());
    try {
      const format = await formatOf(input, head, settings);
      settings.onInput?.(input, format);
      handling.passing = PASSING.has(format);
      const read = await READERS[format]();
      yield* read(withoutBom(whole), input, await settingsFor(format, input, settings));
    } finally {
      await dispose(whole);
    }
  }
}

/** @throws UserError of kind `input` where the format is not one that can be read. */
async function formatOf({ name }: Input, head: Uint8Array, settings: ReadOptions): Promise<InputFormat> {
  if (settings.format === 'auto' && isParquet(name, head)) return 'parquet';
  const suspect = mayBeForeign(head) ? await import('../table/foreign.js') : null;
  const har = suspect !== null && settings.format === 'auto' && suspect.isHar(head);
  if (har) return 'har';
  const foreign = settings.format === 'har' ? undefined : suspect?.foreignDocument(head, name);
  if (foreign && !(foreign.isWrapper && readsObjectsAsRows(settings)))
    throw new UserError('input', `${escaped(name)}: is ${foreign.is}`, foreign.next);
  refuseBinary(name, head);
  return settings.format === 'auto' ? detectFormat(name, head) : settings.format;
}

/**
 * The settings with which an input is read. If there are options for tables, JSON objects are read as rows.
 * @throws UserError of kind `usage` where such an option would have no effect.
 */
async function settingsFor(
  format: InputFormat,
  { name }: Input,
  settings: ReadOptions,
): Promise<ReadOptions> {
  if (format === 'csv' || format === 'parquet' || !readsObjectsAsRows(settings)) return settings;
  if (format === 'har') {
    throw new UserError(
      'usage',
      `${escaped(name)}: --shape, --map, --type and --session-key apply to tables, but this input is read as a HAR`,
      'Leave them out, or name the format with --input-format',
    );
  }
  const { ObjectTable } = await import('../table/object-table.js');
  return { ...settings, rowSink: (records, input) => new ObjectTable(records, input, settings) };
}

/** The bytes without a byte order mark. */
export async function* withoutBom(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true;
  for await (const chunk of bytes) {
    const bom = first && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
    yield bom ? chunk.subarray(3) : chunk;
    first = false;
  }
}
