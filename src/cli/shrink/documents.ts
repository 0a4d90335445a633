import { UserError } from '../../domain/errors.js';
import type { DiagnosisId } from '../../domain/finding.js';
import { guidKey } from '../../domain/guid.js';
import { escaped } from '../../domain/text.js';
import { BrokenStream } from '../../read/limits.js';
import { type ReadOptions, readInputs } from '../../read/read.js';
import { type InputSource, nameOf, openSource } from '../../read/source.js';
import { readsObjectsAsRows } from '../../read/table-options.js';
import type { Settings, Verdict } from '../../shrink/check.js';
import {
  type Document,
  type DocumentFormat,
  fieldOf,
  isRow,
  withField,
  withUnits,
} from '../../shrink/document.js';
import { readDocument, withColumn } from '../../shrink/read.js';
import { readClipMap } from '../../table/clip-tables.js';
import type { SeverityInForce } from '../../validate/options.js';
import type { InputFlags } from '../options/input.js';
import type { CommonFlags } from '../options/option.js';
import type { RuleFlags } from '../options/rules.js';
import { formatBytes } from '../terminal.js';

/**
 * The rules whose findings to keep, under keys `@ID`, and the severities that `--rule ID=SEVERITY` and config files set.
 */
export type ShrinkRules = ReadonlyMap<string, SeverityInForce | 'wanted'>;

export interface ShrinkFlags extends CommonFlags, InputFlags, Omit<RuleFlags, 'rule'> {
  readonly rule?: ShrinkRules;
  readonly diagnosis?: DiagnosisId;
  readonly as?: 'curl' | 'fixture';
}

/** The size of the largest input, because an input stays in memory while it is shrunk. */
const MAX_BYTES = 512 * 1024 * 1024;

/** Options that turn off notes about the input, which would appear for each candidate. */
export const SILENT = {
  onShape: undefined,
  onNote: undefined,
  onInput: undefined,
  onCapture: undefined,
} as const satisfies Partial<ReadOptions>;

/** Makes a source readable more than once: reads a stream into memory, still compressed. */
export async function rereadable(source: InputSource): Promise<InputSource> {
  if (typeof source === 'string' || 'query' in source) return source;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source.bytes) {
    size += chunk.length;
    if (size > MAX_BYTES) throw tooLarge(source);
    chunks.push(Buffer.from(chunk));
  }
  return memorySource(Buffer.concat(chunks), source.name);
}

function memorySource(bytes: Buffer, name: string): InputSource {
  return {
    name,
    bytes: {
      async *[Symbol.asyncIterator]() {
        yield bytes;
      },
    },
  };
}

async function bytesOf(source: Exclude<InputSource, { query: string }>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of openSource(source)) {
      size += chunk.length;
      if (size > MAX_BYTES) throw tooLarge(source);
      // Copies the chunk, because the reader can use its memory again.
      chunks.push(Buffer.from(chunk));
    }
  } catch (error) {
    // Gzip data that is cut off: uses the bytes before the cut.
    if (!(error instanceof BrokenStream)) throw error;
  }
  return Buffer.concat(chunks);
}

function tooLarge(source: InputSource): UserError {
  return new UserError(
    'input',
    `${escaped(nameOf(source))}: is larger than ${formatBytes(MAX_BYTES)}, the limit of shrink`,
    'Give a part of it: omny-consume convert --since TIME --until TIME',
  );
}

/** The name of an input without `.gz`. */
export function unpackedName(name: string): string {
  return name.replace(/\.gz$/i, '');
}

interface Named {
  readonly document: Document;
  /** The name of the input. */
  readonly name: string;
}

/**
 * Yields the documents to try to shrink: the input with the first finding, then all inputs of the same kind as one
 * document.
 */
export async function* documentsFor(
  sources: readonly InputSource[],
  { findings }: Verdict,
  {
    flags,
    settings,
    rules,
  }: { readonly flags: ShrinkFlags; readonly settings: Settings; readonly rules: Settings['rules'] },
): AsyncGenerator<Named> {
  const documents: Named[] = [];
  const first = findings[0]?.input.index ?? 0;
  const read = async (index: number): Promise<Named> => {
    const source = sources[index]!;
    const document = await documentOf(source, index, { flags, settings, rules });
    return { document, name: nameOf(source) };
  };
  documents.push(await read(first));
  if (sources.length === 1 || findings.length > 0) yield documents[0]!;
  if (sources.length === 1) return;
  for (const index of sources.keys()) if (index !== first) documents.push(await read(index));
  const kind = kindOf(documents[0]!.document);
  const alike = documents.filter(({ document }) => kindOf(document) === kind);
  const parts = alike.flatMap(({ document }) => document.parts);
  yield { name: documents[0]!.name, document: { ...documents[0]!.document, parts, places: new Map() } };
}

/** Documents of the same kind can be joined: JSON with NDJSON, tables with the same header, captures. */
function kindOf({ format, header, fromMock }: Document): string {
  if (format === 'json' || format === 'ndjson') return 'json';
  return JSON.stringify([format, header, fromMock]);
}

async function documentOf(
  source: InputSource,
  index: number,
  {
    flags,
    settings,
    rules,
  }: { readonly flags: ShrinkFlags; readonly settings: Settings; readonly rules: Settings['rules'] },
): Promise<Document> {
  if (typeof source !== 'string' && 'query' in source) throw new Error('a query has no text');
  const input = { index, name: nameOf(source) };
  const bytes = await bytesOf(source);
  const format = await formatOf(memorySource(bytes, unpackedName(input.name)), {
    ...settings.read,
    organization: flags.organization,
  });
  const { read } = settings;
  const document = readDocument(bytes, input, {
    format,
    map: flags.map ?? new Map(),
    delimiter: read.delimiter,
    objectsAreRows: readsObjectsAsRows(read),
    clips: rules.clipDurations,
  });
  return withMappedClips(
    withOrganization(document, flags.organization, readsObjectsAsRows(read)),
    flags.clipMap,
  );
}

/** The format of a source. @throws UserError of kind `usage` for Parquet, which is not text. */
async function formatOf(source: InputSource, read: Partial<ReadOptions>): Promise<DocumentFormat> {
  let found: string | undefined;
  const options = {
    ...read,
    onInput: (_: unknown, format: string) => {
      found = format;
    },
  };
  for await (const _ of readInputs([source], options)) if (found !== undefined) break;
  if (found === 'parquet') {
    throw new UserError(
      'usage',
      `${escaped(nameOf(source))}: shrink writes the format of its input, and cannot write Parquet`,
      `Write the rows as CSV first: duckdb -csv -c "FROM '${escaped(nameOf(source))}'" > rows.csv`,
    );
  }
  return (found ?? 'ndjson') as DocumentFormat;
}

/** Writes the id of `--organization` into rows that have no OrganizationId. */
function withOrganization(document: Document, organization: string | undefined, rows: boolean): Document {
  if (organization === undefined) return document;
  const filled = withColumn(document, 'OrganizationId', organization);
  return withUnits(filled, (unit) => {
    const id = fieldOf(filled, unit, 'OrganizationId');
    if (isRow(unit)) return id === '' ? withField(filled, unit, 'OrganizationId', organization) : unit;
    return rows && id === undefined ? { ...unit, OrganizationId: organization } : unit;
  });
}

/** Replaces ids with those of `--clip-map`. */
async function withMappedClips(document: Document, path: string | undefined): Promise<Document> {
  if (path === undefined) return document;
  const clipMap = await readClipMap(path);
  return withUnits(document, (unit) => {
    const id = fieldOf(document, unit, 'ClipId');
    const clip = typeof id === 'string' ? clipMap.clipOf(id) : undefined;
    return clip === undefined ? unit : withField(document, unit, 'ClipId', guidKey(clip));
  });
}
