/** Every so many line starts one is held: a text of line feeds alone would fill the memory with them. */
const STRIDE = 64;
/** Of a line from this length on, both ends are held, so that no look-up reads through it. */
const LONG = 4096;

/** Finds the lines of a text. */
export class LineStarts {
  /** Line starts that are held, and which lines they are, from 0; last the end of the text, as if a line began behind it. */
  readonly #starts = [0];
  readonly #lines = [0];

  constructor(readonly text: string) {
    let line = 0;
    let start = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', start)) {
      if (at - start >= LONG) {
        this.#hold(line, start);
        this.#hold(line + 1, at + 1);
      } else if ((line + 1) % STRIDE === 0) this.#hold(line + 1, at + 1);
      line += 1;
      start = at + 1;
    }
    this.#hold(line, start);
    this.#hold(line + 1, text.length + 1);
  }

  /** The line that an offset is in, from 0, and where it starts. */
  at(offset: number): { readonly line: number; readonly start: number } {
    let [low, high] = [0, this.#starts.length - 2];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    let line = this.#lines[low]!;
    let start = this.#starts[low]!;
    for (const next = this.#lines[low + 1]!; line + 1 < next; line += 1) {
      const end = this.text.indexOf('\n', start);
      if (end >= offset) break;
      start = end + 1;
    }
    return { line, start };
  }

  #hold(line: number, start: number): void {
    if (this.#lines.at(-1) === line) return;
    this.#lines.push(line);
    this.#starts.push(start);
  }
}
