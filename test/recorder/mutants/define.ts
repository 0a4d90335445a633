/** One change to the text of the recorder: what stands there once, and what stands there instead. */
export type Edit = readonly [from: string, to: string];

/** A bug that a developer could write into a recorder. */
export interface Mutant {
  readonly id: string;
  /** What the recorder does wrong, as a sentence. */
  readonly what: string;
  /** Mostly one; several where one mistake needs them, such as a variable that is declared elsewhere. */
  readonly edits: readonly Edit[];
}

/** @param edits From, to, from, to ... */
export function mutant(id: string, what: string, ...edits: readonly string[]): Mutant {
  const pairs = edits.flatMap((from, i): Edit[] => (i % 2 === 0 ? [[from, edits[i + 1]!]] : []));
  return { id, what, edits: pairs };
}

/** @throws Error where the text does not hold what an edit changes exactly once */
export function applied({ id, edits }: Mutant, text: string): string {
  let changed = text;
  for (const [from, to] of edits) {
    const found = changed.split(from).length - 1;
    if (found !== 1) throw new Error(`${id}: found ${found} times, expected once: ${from}`);
    changed = changed.replace(from, () => to);
  }
  return changed;
}
