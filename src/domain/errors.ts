/** Which documented exit code a failure leads to; `cli/exit-code.ts` holds the numbers. */
export type FailureKind = 'data' | 'usage' | 'input' | 'output' | 'incomplete';

/** A failure that is the user's to mend: one line that says place, found, wanted, and what to do. No stack trace is shown. */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** What is told, a line each. A line end inside one came with a name, and is shown escaped. */
  readonly lines: readonly string[];

  constructor(
    readonly kind: FailureKind,
    message: string | readonly string[],
    /** A second line: what to do. */
    readonly advice?: string,
  ) {
    const lines = typeof message === 'string' ? [message] : message;
    super(lines.join('\n'));
    this.lines = lines;
  }
}
