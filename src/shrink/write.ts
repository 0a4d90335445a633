import { ENDPOINT_PATH, ORGANIZATION_PARAMETER } from '../wire/body.js';
import { type JsonObject, jsonText } from '../wire/json.js';
import { type CapturedExchange, type Document, eventsOf, type Part } from './document.js';

/** The document as the text of a file of its format. */
export function textOf(document: Document): string {
  return WRITERS[document.format](document);
}

/** The bytes of the document's file. */
export function bytesOf(document: Document): Buffer {
  return Buffer.from(textOf(document), document.encoding);
}

const WRITERS: Readonly<Record<Document['format'], (document: Document) => string>> = {
  ndjson: ({ parts }) => parts.map((part) => `${valueText(part)}\n`).join(''),
  json: jsonDocument,
  csv: ({ parts, header, delimiter }) =>
    [rowText(header, delimiter), ...parts.map((part) => rowOrText(part, delimiter))]
      .map((line) => `${line}\n`)
      .join(''),
  har: harDocument,
};

function valueText(part: Part): string {
  if (part.kind === 'body') return jsonText(part.body);
  return part.kind === 'event' ? jsonText(part.event) : rowOrText(part, ',');
}

/**
 * The JSON of a document: a single body alone, anything else as an array. After a text that cannot be parsed, no bracket is
 * closed.
 */
function jsonDocument({ parts }: Document): string {
  const [only] = parts;
  if (only?.kind === 'body' && parts.length === 1 && !Array.isArray(only.body)) return bodyText(only.body);
  if (parts.length === 1 && only!.kind === 'text') return only!.text;
  const last = parts.at(-1);
  const values = parts.filter(({ kind }) => kind !== 'text').map(valueText);
  if (last?.kind !== 'text') return `[\n${values.join(',\n')}\n]\n`;
  const comma = /^\s*\]/.test(last.text) || values.length === 0 ? '' : ',\n';
  return `[\n${values.join(',\n')}${comma}${last.text}`;
}

/** A body with one event per line. */
function bodyText(body: unknown): string {
  const events = eventsOf(body);
  if (events.length === 0) return `${jsonText(body)}\n`;
  const properties = Object.entries(body as JsonObject).map(([name, value]) => {
    const text = name === 'Events' ? `[\n${events.map(jsonText).join(',\n')}\n]` : jsonText(value);
    return `${JSON.stringify(name)}:${text}`;
  });
  return `{${properties.join(',')}}\n`;
}

function rowOrText(part: Part, delimiter: string): string {
  if (part.kind === 'row') return rowText(part.cells, delimiter);
  return part.kind === 'text' ? part.text : '';
}

function rowText(cells: readonly string[], delimiter: string): string {
  return cells.map((cell) => cellText(cell, delimiter)).join(delimiter);
}

function cellText(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function harDocument({ parts, fromMock }: Document): string {
  const creator = { name: fromMock ? 'omny-consume' : 'omny-consume shrink', version: '1' };
  const entries = parts.flatMap((part) =>
    part.kind === 'body' || (part.kind === 'text' && part.exchange) ? [entryText(part)] : [],
  );
  const rest = parts.find((part) => part.kind === 'text' && !part.exchange);
  const begin = `{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"entries":[\n${entries.join(',\n')}`;
  return rest?.kind === 'text' ? `${begin}${rest.text}` : `${begin}\n]}}\n`;
}

function entryText(part: Extract<Part, { kind: 'body' | 'text' }>): string {
  const exchange = part.exchange!;
  const { beganAt, lasted, page, store, mediaType, contentEncoding } = exchange;
  const header = (name: string, value: string | null) => (value === null ? [] : [{ name, value }]);
  return JSON.stringify({
    ...(page !== null && { pageref: page }),
    ...(beganAt !== null && { startedDateTime: new Date(Math.round(beganAt * 1000)).toISOString() }),
    ...(lasted !== null && { time: Math.round(lasted * 1e6) / 1000 }),
    request: {
      method: 'POST',
      url: urlOf(exchange),
      headers: [...header('Content-Type', mediaType), ...header('Content-Encoding', contentEncoding)],
      ...posted(part),
    },
    ...responseOf(exchange),
    ...(store !== null && { _store: store }),
  });
}

const NO_UTF8 = Buffer.from([0xff]).toString('base64');

/** The posted data for a HAR entry. `bodySize` makes a reader use the text unchanged. */
function posted(part: Extract<Part, { kind: 'body' | 'text' }>): {
  readonly postData: object;
  readonly bodySize?: number;
} {
  const { unreadable, mediaType } = part.exchange!;
  const mimeType = mediaType ?? '';
  if (unreadable) {
    const text = unreadable === 'base64' ? '!' : NO_UTF8;
    return { postData: { mimeType, text, encoding: 'base64' } };
  }
  const text = part.kind === 'text' ? part.text : jsonText(part.body);
  return { postData: { mimeType, text }, bodySize: Buffer.byteLength(text) };
}

/** The URL of a request. */
export function urlOf({ host, path, organization }: CapturedExchange): string {
  const query = organization === null ? '' : `?${ORGANIZATION_PARAMETER}=${encodeURIComponent(organization)}`;
  return `https://${host}${path || ENDPOINT_PATH}${query}`;
}

function responseOf({ status, enabled }: CapturedExchange): object {
  if (status === null) return {};
  const text = enabled === null ? '' : JSON.stringify({ Enabled: enabled });
  return { response: { status, content: { text } } };
}
