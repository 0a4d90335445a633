import { grouped } from '../domain/count.js';

const [QUOTE, BACKSLASH, COMMA, ARRAY, OBJECT, SPACE, TAB] = Array.from('"\\,[{ \t', (char) =>
  char.charCodeAt(0),
);
/** What an object counts for beside what is in it. */
const OF_AN_OBJECT = 8;
/** The parser that finds places takes some 30 bytes for a blank until it comes to the end of the run. */
const MOST_BLANKS = 1_000_000;

/** Where a JSON text holds more than is read, and how much would be. */
export interface Excess {
  readonly offset: number;
  readonly most: string;
}

/** The first place at which a JSON text holds more values than `most`, as `MAX_VALUES` counts them, or too many blanks in a row; null where none does. */
export function firstExcess(text: string, most: number): Excess | null {
  let values = 0;
  let blanks = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charCodeAt(i);
    if (quoted) {
      if (char === BACKSLASH) i += 1;
      else if (char === QUOTE) quoted = false;
    } else if (char === SPACE || char === TAB) {
      blanks += 1;
      if (blanks > MOST_BLANKS) return { offset: i, most: `${grouped(MOST_BLANKS)} blanks in a row` };
    } else {
      blanks = 0;
      if (char === QUOTE) quoted = true;
      else if (char === COMMA || char === ARRAY || char === OBJECT) {
        values += char === OBJECT ? 1 + OF_AN_OBJECT : 1;
        if (values > most)
          return { offset: i, most: `${grouped(most)} values, an object counted for ${OF_AN_OBJECT} more` };
      }
    }
  }
  return null;
}
