import { NO_ELEMENT } from '../../domain/event-batch.js';
import { guidKey } from '../../domain/guid.js';
import type { Input, Place, TextPosition } from '../../domain/place.js';
import type {
  Exchange,
  InputRecord,
  Locate,
  Loss,
  RequestRecord,
  SyntaxRecord,
} from '../../domain/record.js';
import { pointerOf } from '../../domain/session.js';
import { EVENT_FIELDS } from '../../wire/event.js';
import { isJsonObject } from '../../wire/json.js';
import { BrokenStream } from '../limits.js';
import { type EventOptions, type Located, Records, scans } from '../records.js';
import { JsonScanner } from '../scan/json.js';
import { type JsonElement, JsonElements } from './elements.js';
import { isTooDeep, type JsonFault, JsonText } from './text.js';

const EVENT_NAMES: ReadonlySet<string> = new Set(EVENT_FIELDS.map((field) => field.toLowerCase()));

const BROKEN_JSON = 'Write each JSON value with a JSON library, and check whether the file was cut short.';

/** A text shorter than this cannot hold too many values. */
const FEW_VALUES_LENGTH = 64 * 1024;

const SMALLER = 'Write one event or body per line (NDJSON), or an array of them: these are read one by one.';

/**
 * Adds the records of one JSON text. Returns whether the text could be parsed; if not, adds a record that says why.
 * @param start Where the text begins in the input.
 * @param element The text's index in the document's array; `NO_ELEMENT` where it is a whole document or line.
 * @param otherwise Reads a text that is not JSON in another way; returns whether it could.
 */
export function addJsonText(
  records: Records,
  text: string,
  input: Input,
  start: TextPosition,
  element = NO_ELEMENT,
  otherwise: () => boolean = () => false,
): boolean {
  const refuse = (fault: JsonFault, hint?: string): false => {
    records.add(syntaxRecord(input, fault, hint, textLost(records, text, element)));
    return false;
  };
  const json = new JsonText(text, start);
  if (text.length > FEW_VALUES_LENGTH) {
    const many = json.tooMany();
    if (many) return refuse(many, SMALLER);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (otherwise()) return true;
    const fault = json.fault();
    return refuse(fault, fault.hint);
  }
  const fault = isTooDeep(value) ? json.tooDeep() : null;
  if (fault) return refuse(fault);
  const at = { line: start.line, column: start.column + indent(text) };
  addJsonValue(records, value, input, at, json, element);
  return true;
}

/**
 * Adds a JSON value of an input. An object with `Events` is a request body. Any other object with one of the seven
 * event fields, in any case, is an event. Anything else counts as a request body. The same rules apply to the elements
 * of an array.
 */
export function addJsonValue(
  records: Records,
  value: unknown,
  input: Input,
  start: TextPosition,
  text: Located,
  element = NO_ELEMENT,
): void {
  if (!Array.isArray(value) || element !== NO_ELEMENT) {
    addOne(records, value, input, start, text, element);
    return;
  }
  for (const [i, each] of value.entries()) {
    const below: Located = { locate: (pointer) => text.locate(`/${i}${pointer}`) };
    addOne(records, each, input, below.locate(''), below, i);
  }
}

function addOne(
  records: Records,
  value: unknown,
  input: Input,
  start: TextPosition,
  text: Located,
  element: number,
): void {
  if (records.rows && isJsonObject(value)) {
    records.rows.add(value, start, text);
    return;
  }
  if (looksLikeEvent(value)) {
    records.addEvent(value, start, text, element);
    return;
  }
  const { line, column } = start;
  const place = { input, line, column, pointer: pointerOf(element), request: null };
  records.addRequest(value, place, (pointer) => text.locate(pointer));
}

/** Whether a JSON value is read as an event, and not as a request body. */
export function looksLikeEvent(value: unknown): boolean {
  if (!isJsonObject(value) || Object.hasOwn(value, 'Events')) return false;
  return Object.keys(value).some((name) => EVENT_NAMES.has(name.toLowerCase()));
}

/** The records of one JSON text that is a whole input. */
export function readJsonValue(text: string, input: Input, start: TextPosition): readonly InputRecord[] {
  const records = new Records(input);
  addJsonText(records, text, input, start);
  return records.end();
}

/** The record of a request body, with a batch of its own. */
export function requestRecord(
  body: unknown,
  place: Place,
  locate: Locate,
  exchange?: Exchange,
): RequestRecord {
  const records = new Records(place.input);
  records.addRequest(body, place, locate, exchange);
  return records.end().find((record) => record.kind === 'request')!;
}

/**
 * A record of a text that could not be parsed.
 * @param lost The text, and which sessions can lack events; absent if nothing is known.
 */
export function syntaxRecord(
  input: Input,
  { line, column, expected, received }: JsonFault,
  hint = BROKEN_JSON,
  lost: Pick<SyntaxRecord, 'loss' | 'text'> = { loss: 'unknown' },
): SyntaxRecord {
  const place = { input, line, column, pointer: null, request: null };
  return { kind: 'syntax', place, expected, received, hint, ...lost };
}

/**
 * What is lost with a line or an element that cannot be parsed. After an invalid element, it is unknown what else the
 * document held.
 */
export function textLost(
  records: Records,
  text: string,
  element = NO_ELEMENT,
): Pick<SyntaxRecord, 'loss' | 'text'> {
  if (element !== NO_ELEMENT) return { loss: 'unknown', text };
  return { loss: records.rows?.lossOf(text) ?? lossOf(text, /"SessionId"/gi), text };
}

const GUID_TEXT = /^\s*:\s*"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"/i;

/**
 * Which sessions can lack events because a line cannot be parsed: none if the line can hold no event; the sessions
 * whose ids it holds, if it has at least one id per object; else unknown.
 * @param names Finds the names of properties that hold a SessionId, with their quotes.
 */
export function lossOf(text: string, names: RegExp): Loss {
  if (!canHoldEvent(text)) return 'nothing';
  // If only part of an array is left, elements can be missing without a trace.
  const line = text.trim();
  if (line.startsWith('[') !== line.endsWith(']')) return 'unknown';
  const sessions = [...text.matchAll(names)].flatMap(({ 0: name, index }) => {
    const [, id] = GUID_TEXT.exec(text.slice(index + name.length, index + name.length + 64)) ?? [];
    return id === undefined ? [] : [guidKey(id)];
  });
  const opened = text.split('{').length - 1;
  const ended = text.split('}').length - 1;
  const bodies = /"Events"\s*:/.test(text) ? 1 : 0;
  const objects = Math.max(opened - bodies, ended - bodies, 1);
  return sessions.length >= objects ? { sessions } : 'unknown';
}

/**
 * Whether a line can hold an event or a part of one. A log line, NULs or a lone brace have no opening brace and no
 * quote.
 */
export function canHoldEvent(text: string): boolean {
  return /[{"]/.test(text);
}

function indent(text: string): number {
  return text.length - text.trimStart().length;
}

/**
 * Reads a JSON document: a request body, an array of bodies, or an array of events. Ends at the first invalid place
 * between its elements.
 */
export async function* readJson(
  bytes: AsyncIterable<Uint8Array>,
  input: Input,
  options: EventOptions = {},
): AsyncGenerator<readonly InputRecord[]> {
  const records = new Records(input, options);
  const elements = new JsonElements(scans(options) ? new JsonScanner(records, 'elements') : null);
  try {
    for await (const chunk of bytes) {
      records.begin();
      for (const element of elements.take(asBuffer(chunk))) {
        if (addElement(records, element, input)) continue;
        yield* ended(records);
        return;
      }
      yield records.end();
      if (elements.fault) break;
    }
  } catch (error) {
    if (!(error instanceof BrokenStream)) throw error;
    const { expected, received, hint } = error;
    yield [syntaxRecord(input, { ...elements.position, expected, received }, hint)];
    if (records.rows) yield* records.rows.end();
    return;
  }
  records.begin();
  for (const element of elements.end()) addElement(records, element, input);
  if (elements.fault) records.add(syntaxRecord(input, elements.fault));
  yield* ended(records);
}

function* ended(records: Records): Generator<readonly InputRecord[]> {
  yield records.end();
  if (records.rows) yield* records.rows.end();
}

function addElement(records: Records, { text, start, index }: JsonElement, input: Input): boolean {
  if (text !== null) return addJsonText(records, text, input, start, index ?? NO_ELEMENT);
  const fault = { ...start, expected: 'UTF-8', received: 'bytes that are not UTF-8' };
  records.add(syntaxRecord(input, fault, 'Save the file as UTF-8.'));
  return false;
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
