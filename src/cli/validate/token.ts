import type { LineExcerpt } from '../../read/line-excerpts.js';

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\w.+-]*|true|false|null/y;

/** How long the JSON string, number or word at a place is, in UTF-16 units; 1 where none is. */
export function tokenLength({ text, at }: LineExcerpt): number {
  TOKEN.lastIndex = at;
  return TOKEN.exec(text)?.[0].length ?? 1;
}
