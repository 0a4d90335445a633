import { isUtf8 } from 'node:buffer';
import type { Input } from '../domain/place.js';
import { comparableName } from '../domain/text.js';
import { readCells } from '../read/csv/cells.js';
import { DELIMITERS, detectDelimiter, type Row, RowScanner } from '../read/csv/rows.js';
import { type HarRequest, harRequest, withoutServiceWorkerTwins } from '../read/har/request.js';
import { harEntries } from '../read/har/text.js';
import { looksLikeEvent } from '../read/json/json.js';
import { valuesOnLine } from '../read/ndjson/ndjson.js';
import { isJsonObject } from '../wire/json.js';
import type { CapturedExchange, Document, DocumentFormat, Part } from './document.js';

/** How to read an input as a document. */
export interface DocumentOptions {
  readonly format: DocumentFormat;
  readonly map: ReadonlyMap<string, string>;
  /** One character; absent to detect it in the header row. */
  readonly delimiter?: string | undefined;
  /** Whether JSON objects are rows. */
  readonly objectsAreRows: boolean;
  /** Durations of clips in seconds, by ids in lower case. */
  readonly clips: ReadonlyMap<string, number>;
}

/** Reads an input as a document. */
export function readDocument(bytes: Buffer, input: Input, options: DocumentOptions): Document {
  const { format, map, clips, objectsAreRows } = options;
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
  const text = bytes.toString(encoding).replace(/^(?:\ufeff|\u00ef\u00bb\u00bf)/, '');
  const empty = { format, map, clips, encoding, header: [], delimiter: ',', fromMock: false } as const;
  switch (format) {
    case 'ndjson':
      return {
        ...empty,
        ...placed(text.split('\n').map((line, i) => [i + 1, lineParts(line, objectsAreRows)] as const)),
      };
    case 'json':
      return { ...empty, ...placed(jsonParts(text, objectsAreRows).map((part, i) => [i, [part]] as const)) };
    case 'csv':
      return { ...empty, ...csvParts(text, options.delimiter) };
    case 'har':
      return { ...empty, ...harParts(text, encoding, input) };
  }
}

function placed(
  parts: readonly (readonly [place: number, parts: readonly Part[]])[],
): Pick<Document, 'parts' | 'places'> {
  return {
    parts: parts.flatMap(([, its]) => its),
    places: new Map(parts.flatMap(([place, its]) => its.map((part) => [part, place] as const))),
  };
}

function parsed(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

function textPart(text: string, exchange: CapturedExchange | null = null): Part {
  return { kind: 'text', text, exchange };
}

function valueParts(value: unknown, objectsAreRows: boolean): readonly Part[] {
  const values = Array.isArray(value) && value.length > 0 ? (value as readonly unknown[]) : [value];
  return values.map((each): Part => {
    if (isJsonObject(each) && (objectsAreRows || looksLikeEvent(each))) return { kind: 'event', event: each };
    return { kind: 'body', body: each, exchange: null };
  });
}

function lineParts(line: string, objectsAreRows: boolean): readonly Part[] {
  const text = line.replace(/\r$/, '');
  if (text.trim() === '') return [];
  const whole = parsed(text);
  if (whole) return valueParts(whole.value, objectsAreRows);
  const glued = valuesOnLine(text)?.map((each) => parsed(each.text));
  if (glued?.every((each) => each !== null))
    return glued.flatMap(({ value }) => valueParts(value, objectsAreRows));
  return [textPart(text)];
}

/** The parts of a JSON text. If it is cut off, these are the complete elements and the rest as text. */
function jsonParts(text: string, objectsAreRows: boolean): readonly Part[] {
  const whole = parsed(text);
  if (whole) return valueParts(whole.value, objectsAreRows);
  const opening = /^\s*\[/.exec(text)?.[0];
  if (opening === undefined) return [textPart(text)];
  const parts: Part[] = [];
  let begin = opening.length;
  for (const end of elementEnds(text, begin)) {
    const element = parsed(text.slice(begin, end));
    if (!element) break;
    parts.push(...valueParts(Array.isArray(element.value) ? [element.value] : element.value, objectsAreRows));
    begin = text[end] === ',' ? end + 1 : end;
  }
  return [...parts, textPart(text.slice(begin).trimStart())];
}

/** The ends of an array's elements, found by brackets and quotes only. */
function* elementEnds(text: string, from: number): Generator<number> {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}') depth -= 1;
    else if (depth === 0 && (char === ',' || char === ']')) {
      yield at;
      if (char === ']') return;
    } else if (char === ']') depth -= 1;
  }
}

/** The line with which Excel names the delimiter, before the header. */
const SEPARATOR_LINE = /^"?sep=(.)"?$/i;

function csvParts(
  text: string,
  given: string | undefined,
): Pick<Document, 'parts' | 'places' | 'header' | 'delimiter'> {
  const rows = rowsOf(text, given ?? DELIMITERS).filter((row) => row.text !== '' || row.fault);
  const separator = SEPARATOR_LINE.exec(rows[0]?.text ?? '')?.[1];
  if (separator !== undefined) rows.shift();
  const [head] = rows;
  const delimiter = given ?? separator ?? detectDelimiter(head?.text ?? '');
  const cells = head && readCells([head], delimiter)[0];
  if (!head || !Array.isArray(cells)) return { ...placed([[1, [textPart(text)]]]), header: [], delimiter };
  const starts = lineStarts(text);
  const body = rowsOf(text.slice(starts[head.line - 1]), delimiter).slice(1);
  const filled = body.filter((row) => row.text !== '' || row.fault);
  const read = readCells(filled, delimiter);
  const parts = filled.map((row, i) => {
    const its = read[i]!;
    const line = head.line + row.line - 1;
    const part: Part = Array.isArray(its)
      ? { kind: 'row', cells: its }
      : textPart(row.text || text.slice(starts[line - 1]).trimEnd());
    return [line, [part]] as const;
  });
  return { ...placed(parts), header: cells, delimiter };
}

function rowsOf(text: string, delimiters: string): Row[] {
  const scanner = new RowScanner(delimiters);
  scanner.push(text);
  const rows: Row[] = [];
  for (let row = scanner.next(); row; row = scanner.next()) rows.push(row);
  const last = scanner.end();
  return last ? [...rows, last] : rows;
}

function lineStarts(text: string): readonly number[] {
  return [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), ({ 0: end, index }) => index + end.length)];
}

function harParts(
  text: string,
  encoding: Document['encoding'],
  input: Input,
): Pick<Document, 'parts' | 'places' | 'fromMock'> {
  const { entries, creator, broken } = harEntries({ text, fault: null, lossy: encoding === 'latin1' }, input);
  const fromMock = creator === 'omny-consume';
  const all = entries.flatMap(({ value, entry }) => {
    const request = harRequest(value);
    return request ? [{ ...request, entry }] : [];
  });
  const requests = fromMock ? all : withoutServiceWorkerTwins(all);
  const partsOf = ({ body, exchange, contentEncoding, status, endedAt }: HarRequest): readonly Part[] => {
    if ('missing' in body) return [];
    const { beganAt, answer } = exchange;
    const utf8 = 'broken' in body || isUtf8(body.bytes);
    const kept: CapturedExchange = {
      host: exchange.host,
      path: exchange.path,
      organization: exchange.organizationParameter,
      mediaType: exchange.mediaType,
      contentEncoding: contentEncoding ?? null,
      beganAt,
      lasted: beganAt === null || endedAt === null ? null : endedAt - beganAt,
      page: exchange.page,
      store: fromMock ? exchange.store : null,
      status,
      enabled: answer?.enabled ?? null,
      unreadable: 'broken' in body ? 'base64' : utf8 ? null : 'utf-8',
    };
    if ('broken' in body || !utf8) return [textPart('', kept)];
    const posted = body.bytes.toString().replace(/^\ufeff/, '');
    const value = parsed(posted);
    return [value ? { kind: 'body', body: value.value, exchange: kept } : textPart(posted, kept)];
  };
  const read = placed(requests.map((request) => [request.entry, partsOf(request)] as const));
  // For a HAR that is cut off, an empty text part marks that it is.
  return { ...read, parts: broken ? [...read.parts, textPart('')] : read.parts, fromMock };
}

/** The CSV document with an added column that has the same value in every row; unchanged if it has a column of that name. */
export function withColumn(document: Document, name: string, value: string): Document {
  const mapped = document.map.get(name) ?? name;
  const has = document.header.some((column) => comparableName(column) === comparableName(mapped));
  if (document.format !== 'csv' || has) return document;
  const width = document.header.length;
  return {
    ...document,
    header: [...document.header, name],
    parts: document.parts.map((part) =>
      part.kind === 'row' && part.cells.length === width ? { ...part, cells: [...part.cells, value] } : part,
    ),
  };
}
