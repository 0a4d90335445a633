/** The data of the report for the page's script; the rest is in the page's own tables. */
export interface PageData {
  /** The length of a bin in seconds of audio. */
  readonly bin: number;
  readonly clips: readonly PageClip[];
}

/** A clip; its graphs as `toText` writes them. */
export interface PageClip {
  readonly id: string;
  /** Its title; absent where that is not known. */
  readonly title?: string;
  readonly duration: number;
  readonly known: boolean;
  readonly plays: number;
  readonly retention: string;
  readonly startAt: string;
  readonly dropOff: string;
  readonly skips: string;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const MORE = 32;

/**
 * Encodes counts as a short text. Neighbours are similar, so each count is written as its difference from the count
 * before. A run of equal differences is written once, with its length. Digits have five bits. The counts of an hour in
 * bins of a second take about 3,600 characters.
 */
export function toText(counts: readonly number[]): string {
  let text = '';
  let before = 0;
  for (let i = 0; i < counts.length; ) {
    const difference = (counts[i] ?? 0) - before;
    let run = 0;
    while (i < counts.length && (counts[i] ?? 0) - before === difference) {
      before = counts[i] ?? 0;
      run += 1;
      i += 1;
    }
    const folded = difference < 0 ? -2 * difference - 1 : 2 * difference;
    text += run === 1 ? digits(2 * folded) : digits(2 * folded + 1) + digits(run);
  }
  return text;
}

/** Decodes the counts that `toText` encoded. */
export function fromText(text: string): number[] {
  const counts: number[] = [];
  let count = 0;
  let at = 0;
  const next = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const digit = DIGITS.indexOf(text[at] ?? 'A');
      at += 1;
      value += (digit % MORE) * scale;
      scale *= MORE;
      if (digit < MORE) return value;
    }
  };
  while (at < text.length) {
    const head = next();
    const folded = Math.floor(head / 2);
    const run = head % 2 === 1 ? next() : 1;
    const difference = folded % 2 === 1 ? -(folded + 1) / 2 : folded / 2;
    for (let i = 0; i < run; i += 1) {
      count += difference;
      counts.push(count);
    }
  }
  return counts;
}

function digits(value: number): string {
  let text = '';
  let rest = value;
  while (rest >= MORE) {
    text += DIGITS[MORE + (rest % MORE)];
    rest = Math.floor(rest / MORE);
  }
  return text + DIGITS[rest];
}
