const LONGEST = 60;

/** A text from an input as a message shows it: quoted, control characters escaped, shortened. */
export function excerpt(text: string): string {
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
}
