/** Which documented exit code a failure leads to; `cli/exit-code.ts` holds the numbers. */
export type FailureKind = 'data' | 'usage' | 'input' | 'output' | 'incomplete';

/** A failure that is the user's to mend: one line that says place, found, wanted, and what to do. No stack trace is shown. */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    readonly kind: FailureKind,
    message: string,
    /** A second line: what to do. */
    readonly advice?: string,
  ) {
    super(message);
  }
}
