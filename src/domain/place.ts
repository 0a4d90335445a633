/** One of the inputs of a run, as the user named it. */
export interface Input {
  /** Its place among the inputs, from 0. */
  readonly index: number;
  /** The path as given, or `<stdin>`. */
  readonly name: string;
}

/** Where something stands in the input. */
export interface Place {
  readonly input: Input;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count them. */
  readonly column: number;
  /** JSON pointer from the root of the document or line; null where there is none (CSV, broken syntax). */
  readonly pointer: string | null;
  /** Which request of the run, from 0; null where the input has no requests. */
  readonly request: number | null;
}

/** Text position of a value, both from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}
