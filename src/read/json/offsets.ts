const [QUOTE, BACKSLASH, COLON, COMMA, ARRAY, ARRAY_END, OBJECT, OBJECT_END] = Array.from(
  '"\\:,[]{}',
  (char) => char.charCodeAt(0),
) as [number, number, number, number, number, number, number, number];
const BLANK = 0x20;

type Children = ReadonlyMap<string, number> | readonly number[];

/** Finds the places of values in a JSON text, and skips the others. */
export class JsonOffsets {
  readonly #children = new Map<number, Children>();

  /** @param text A text that `JSON.parse` accepts. */
  constructor(readonly text: string) {}

  /** The offset of the value at a JSON pointer; of its nearest parent where there is no such value. */
  of(pointer: string): number {
    let at = this.#afterBlanks(0);
    for (const segment of pointer.split('/').slice(1)) {
      const next = this.#childOf(at, segment.replaceAll('~1', '/').replaceAll('~0', '~'));
      if (next === undefined) break;
      at = next;
    }
    return at;
  }

  #childOf(at: number, segment: string): number | undefined {
    let children = this.#children.get(at);
    if (!children) {
      const open = this.text.charCodeAt(at);
      children = open === OBJECT ? this.#named(at) : open === ARRAY ? this.#elements(at) : [];
      this.#children.set(at, children);
    }
    return 'get' in children ? children.get(segment) : children[Number(segment)];
  }

  /** An object's values by their names; the last value where a name is repeated. */
  #named(from: number): ReadonlyMap<string, number> {
    const names = new Map<string, number>();
    let at = this.#afterBlanks(from + 1);
    while (at < this.text.length && this.text.charCodeAt(at) !== OBJECT_END) {
      const end = this.#afterString(at);
      const value = this.#afterBlanks(this.#after(this.#afterBlanks(end), COLON));
      names.set(this.#nameIn(at, end), value);
      at = this.#next(value);
    }
    return names;
  }

  #elements(from: number): readonly number[] {
    const elements: number[] = [];
    let at = this.#afterBlanks(from + 1);
    while (at < this.text.length && this.text.charCodeAt(at) !== ARRAY_END) {
      elements.push(at);
      at = this.#next(at);
    }
    return elements;
  }

  #nameIn(from: number, end: number): string {
    const name = this.text.slice(from + 1, end - 1);
    return name.includes('\\') ? (JSON.parse(`"${name}"`) as string) : name;
  }

  /** The index of the next value, after a value and the comma behind it. */
  #next(value: number): number {
    const end = Math.max(this.#afterValue(value), value + 1);
    return this.#afterBlanks(this.#after(this.#afterBlanks(end), COMMA));
  }

  #after(at: number, char: number): number {
    return this.text.charCodeAt(at) === char ? at + 1 : at;
  }

  #afterBlanks(from: number): number {
    let at = from;
    while (this.text.charCodeAt(at) <= BLANK) at += 1;
    return at;
  }

  #afterValue(from: number): number {
    const { text } = this;
    let depth = 0;
    for (let at = from; at < text.length; ) {
      const char = text.charCodeAt(at);
      if (char === QUOTE) {
        at = this.#afterString(at);
        if (depth === 0) return at;
        continue;
      }
      if (char === OBJECT || char === ARRAY) depth += 1;
      else if (char === OBJECT_END || char === ARRAY_END) {
        depth -= 1;
        if (depth <= 0) return depth < 0 ? at : at + 1;
      } else if (depth === 0 && (char === COMMA || char <= BLANK)) return at;
      at += 1;
    }
    return text.length;
  }

  #afterString(from: number): number {
    const { text } = this;
    for (let at = from + 1; at < text.length; at += 1) {
      const char = text.charCodeAt(at);
      if (char === QUOTE) return at + 1;
      if (char === BACKSLASH) at += 1;
    }
    return text.length;
  }
}

/** Only every N-th line start is kept: otherwise, a text of line feeds would fill the memory. */
const STRIDE = 64;
/** For lines of at least this length, the start and the end are kept, so that no look-up reads through them. */
const LONG = 4096;

/** Finds the lines of a text. */
export class LineStarts {
  /**
   * The kept line starts and the numbers of these lines, from 0. The last entry is the end of the text, as if another
   * line began there.
   */
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
