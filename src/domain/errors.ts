/** The kind of a failure, which decides the exit code; `cli/exit-code.ts` holds the numbers. */
export type FailureKind = 'data' | 'usage' | 'input' | 'output' | 'incomplete';

/**
 * A failure that the user can fix: one line with the place, what was expected, what was received, and what to do. No
 * stack trace is shown.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** The message, one item per line. A line end inside an item comes from a name, and is escaped. */
  readonly lines: readonly string[];

  constructor(
    readonly kind: FailureKind,
    message: string | readonly string[],
    /** What to do, as a second line. */
    readonly advice?: string,
  ) {
    const lines = typeof message === 'string' ? [message] : message;
    super(lines.join('\n'));
    this.lines = lines;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'no space left in the quota',
  EFBIG: 'the file is too large for this file system',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the disk is read-only',
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'it is not a folder',
};

/** Why a file cannot be written, in words. */
export function diskReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}

declare const __VERSION__: string | undefined;

/** The version of this program, which the build inserts. */
export const VERSION = typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0';
