/** Every so many line starts one is held: a text of line feeds alone would fill the memory with them. */
const STRIDE = 64;

/** Finds the lines of a text. */
export class LineStarts {
  readonly #held = [0];

  constructor(readonly text: string) {
    let line = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      line += 1;
      if (line % STRIDE === 0) this.#held.push(at + 1);
    }
  }

  /** The line that an offset is in, from 0, and where it starts. */
  at(offset: number): { readonly line: number; readonly start: number } {
    let [low, high] = [0, this.#held.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#held[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    let line = low * STRIDE;
    let start = this.#held[low]!;
    for (
      let at = this.text.indexOf('\n', start);
      at >= 0 && at < offset;
      at = this.text.indexOf('\n', start)
    ) {
      line += 1;
      start = at + 1;
    }
    return { line, start };
  }
}
