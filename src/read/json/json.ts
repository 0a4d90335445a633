import { NO_ELEMENT } from '../../domain/event-batch.js';
import type { Input } from '../../domain/place.js';
import type { InputRecord } from '../../domain/record.js';
import { BrokenStream } from '../limits.js';
import { type EventOptions, Records, scans } from '../records.js';
import { JsonScanner } from '../scan/json.js';
import { type JsonElement, JsonElements } from './elements.js';
import { addJsonText, syntaxRecord } from './value.js';

/** Reads a JSON document: a request body, an array of bodies, or an array of events. Ends at the first place that breaks it. */
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
  const fault = { ...start, expected: 'UTF-8', received: 'bytes that are not' };
  records.add(syntaxRecord(input, fault, 'Save the file as UTF-8.'));
  return false;
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
