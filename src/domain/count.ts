/** A number with its thousands told apart: `1,204`. */
export function grouped(n: number): string {
  // Loading what knows a language's numbers takes longer than a small input does.
  return Number.isSafeInteger(n) ? String(n).replace(/\B(?=(?:\d{3})+$)/g, ',') : n.toLocaleString('en-US');
}

/** A number and its noun: `1 session`, `1,204 sessions`. */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(n)} ${n === 1 ? noun : plural}`;
}
