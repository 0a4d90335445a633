/** A JSON text on a line, and where it begins. */
export interface ValueOnLine {
  readonly offset: number;
  readonly text: string;
}

/** What may stand between values: white space, commas, and the record separators of RFC 7464. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const BETWEEN = /[\s,\u001e]/;

/**
 * The objects and arrays of a line that holds several, or one with a comma behind it or a record separator before it; undefined where the line
 * holds anything else, or the last of them is not whole.
 */
export function valuesOnLine(line: string): readonly ValueOnLine[] | undefined {
  const values: ValueOnLine[] = [];
  let depth = 0;
  let begin = 0;
  let inString = false;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at]!;
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
    } else if (char === '{' || char === '[') {
      if (depth === 0) begin = at;
      depth += 1;
    } else if (depth === 0) {
      if (!BETWEEN.test(char)) return undefined;
    } else if (char === '"') inString = true;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) values.push({ offset: begin, text: line.slice(begin, at + 1) });
    }
  }
  return depth === 0 && !inString && values.length > 0 ? values : undefined;
}
