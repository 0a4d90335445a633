import type { MemoryBudget } from '../sessions/memory.js';
import { Records } from '../sessions/records.js';
import type { Inspected } from '../validate/inspected.js';

const NEWLINE = Buffer.from('\n');

/** Lines and rows of an input that could not be read, as they stood. */
interface LinesOfInput {
  readonly name: string;
  readonly lines: Records;
  /** The header row of a table; null where there is none. */
  header: string | null;
}

/** Keeps the lines and rows that could not be read, by input: in memory up to a budget, on disk beyond it. */
export class UnreadableLines {
  readonly #inputs = new Map<number, LinesOfInput>();
  readonly #headers = new Map<number, string>();

  constructor(private readonly memory: MemoryBudget) {}

  note(inspected: Inspected): void {
    if (inspected.kind === 'table' && inspected.table.header !== null)
      this.#headers.set(inspected.table.input.index, inspected.table.header);
    if (inspected.kind !== 'unreadable' || inspected.text === undefined) return;
    const { input } = inspected.place;
    let kept = this.#inputs.get(input.index);
    if (!kept) {
      kept = {
        name: input.name,
        lines: new Records(this.memory),
        header: this.#headers.get(input.index) ?? null,
      };
      this.#inputs.set(input.index, kept);
    }
    kept.lines.add(Buffer.from(inspected.text), NEWLINE);
  }

  /** Of each input that has some: its name, and its lines below the header. */
  *byInput(): Generator<{ readonly name: string; readonly lines: Iterable<Uint8Array> }> {
    for (const { name, lines, header } of this.#inputs.values()) {
      yield { name, lines: withHeader(header, lines) };
    }
  }

  /** Lets go of temporary files. */
  close(): void {
    for (const { lines } of this.#inputs.values()) lines.close();
  }
}

function* withHeader(header: string | null, lines: Iterable<Uint8Array>): Generator<Uint8Array> {
  if (header !== null) yield Buffer.from(`${header}\n`);
  yield* lines;
}
