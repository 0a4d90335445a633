const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** The number that a text writes, as JSON writes numbers, spaces around it aside; undefined where it is none. */
export function readNumber(text: string): number | undefined {
  if (NUMBER.test(text)) return Number(text);
  const trimmed = text.trim();
  return trimmed !== text && NUMBER.test(trimmed) ? Number(trimmed) : undefined;
}

/** Seconds without the noise that adding decimal fractions leaves: 308.053 + 234.59 is 542.643. */
export function toMicroseconds(seconds: number): number {
  const microseconds = Math.round(seconds * 1e6);
  return Number.isSafeInteger(microseconds) ? microseconds / 1e6 : seconds;
}
