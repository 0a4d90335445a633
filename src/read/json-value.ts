import type { Input, TextPosition } from '../domain/place.js';
import type { InputRecord, SyntaxRecord } from '../domain/record.js';
import { classify } from './classify.js';
import { isTooDeep, type JsonFault, JsonText } from './json-text.js';
import { withPlainSpaces } from './plain-spaces.js';

const BROKEN_JSON =
  'Write JSON with a JSON library, one value whole, and look whether the file was cut short.';

/** No shorter text holds too many values. */
const FEW_VALUES_LENGTH = 64 * 1024;

const SMALLER = 'Write an event or a body a line (NDJSON), or an array of them: those are read one by one.';

/**
 * The records of one JSON text.
 * @param start Where the text begins in the input.
 * @param pointer The JSON pointer of its value in the document; `/3` for an element of the document's array.
 */
export function readJsonValue(
  written: string,
  input: Input,
  start: TextPosition,
  pointer = '',
): readonly InputRecord[] {
  if (written.length > FEW_VALUES_LENGTH) {
    const many = new JsonText(written, start).tooMany();
    if (many) return [syntaxRecord(input, many, SMALLER)];
  }
  let text = written;
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch {
    text = withPlainSpaces(written);
    try {
      value = JSON.parse(text);
    } catch {
      return [syntaxRecord(input, new JsonText(text, start).fault())];
    }
  }
  let source: JsonText | undefined;
  const locate = (below: string): TextPosition => {
    source ??= new JsonText(text, start);
    return source.locate(below);
  };
  if (isTooDeep(value)) {
    const fault = new JsonText(text, start).tooDeep();
    if (fault) return [syntaxRecord(input, fault)];
  }
  const place = { input, line: start.line, column: start.column + indent(text), pointer, request: null };
  return classify(value, place, locate);
}

/** What could not be parsed, as a record. */
export function syntaxRecord(
  input: Input,
  { line, column, expected, received }: JsonFault,
  hint = BROKEN_JSON,
): SyntaxRecord {
  return {
    kind: 'syntax',
    place: { input, line, column, pointer: null, request: null },
    expected,
    received,
    hint,
  };
}

function indent(text: string): number {
  return text.length - text.trimStart().length;
}
