import type { TextPosition } from '../../domain/place.js';
import type { Row } from './rows.js';

/** Where a cell of a row begins, its opening quote included; `index` counts from 0. */
export function locateCell(row: Row, delimiter: string, index: number): TextPosition {
  const { text } = row;
  let { line } = row;
  let lineStart = 0;
  let at = 0;
  for (let cell = 0; cell < index; cell++) {
    if (text[at] === '"') {
      const end = closingQuote(text, at);
      for (const lineEnd of text.slice(at, end).matchAll(/\r\n|\r|\n/g)) {
        line++;
        lineStart = at + lineEnd.index + lineEnd[0].length;
      }
      at = end;
    }
    const next = text.indexOf(delimiter, at);
    if (next === -1) break;
    at = next + 1;
  }
  return { line, column: at - lineStart + 1 };
}

function closingQuote(text: string, opening: number): number {
  let at = text.indexOf('"', opening + 1);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at === -1 ? text.length : at;
}
