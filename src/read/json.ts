import { isUtf8 } from 'node:buffer';
import type { Input } from '../domain/place.js';
import type { InputRecord } from '../domain/record.js';
import { addAll } from './add-all.js';
import { BrokenStream } from './broken-stream.js';
import { type JsonElement, JsonElements } from './json-elements.js';
import { readJsonValue, syntaxRecord } from './json-value.js';

/** Reads a JSON document: a request body, an array of bodies, or an array of events. Ends at the first place that breaks it. */
export async function* readJson(
  bytes: AsyncIterable<Uint8Array>,
  input: Input,
): AsyncGenerator<readonly InputRecord[]> {
  const elements = new JsonElements();
  const read = (element: JsonElement): readonly InputRecord[] => {
    if (isUtf8(element.bytes)) {
      return readJsonValue(element.bytes.toString('utf8'), input, element.start, element.pointer);
    }
    const fault = { ...element.start, expected: 'UTF-8', received: 'bytes that are not' };
    return [syntaxRecord(input, fault, 'Save the file as UTF-8.')];
  };
  try {
    for await (const chunk of bytes) {
      const records: InputRecord[] = [];
      for (const element of elements.take(chunk)) {
        const found = read(element);
        addAll(records, found);
        if (found.some(({ kind }) => kind === 'syntax')) {
          yield records;
          return;
        }
      }
      yield records;
      if (elements.fault) break;
    }
  } catch (error) {
    if (!(error instanceof BrokenStream)) throw error;
    const { expected, received, hint } = error;
    yield [syntaxRecord(input, { ...elements.position, expected, received }, hint)];
    return;
  }
  yield [...elements.end()].flatMap(read);
  if (elements.fault) yield [syntaxRecord(input, elements.fault)];
}
