const [QUOTE, BACKSLASH, COMMA, ARRAY, OBJECT] = Array.from('"\\,[{', (char) => char.charCodeAt(0));
/** What an object counts for beside what is in it. */
const OF_AN_OBJECT = 8;
/** No shorter text can hold as many as the lowest limit. */
const SHORT = 64 * 1024;

/** The offset at which a JSON text comes to hold more values than `most`, as `MAX_VALUES` counts them; null where it does not. */
export function offsetOfTooMany(text: string, most: number): number | null {
  if (text.length < SHORT) return null;
  let values = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charCodeAt(i);
    if (quoted) {
      if (char === BACKSLASH) i += 1;
      else if (char === QUOTE) quoted = false;
    } else if (char === QUOTE) quoted = true;
    else if (char === COMMA || char === ARRAY || char === OBJECT) {
      values += char === OBJECT ? 1 + OF_AN_OBJECT : 1;
      if (values > most) return i;
    }
  }
  return null;
}
