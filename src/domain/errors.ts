/** Which documented exit code a failure leads to; `cli/exit-code.ts` holds the numbers. */
export type FailureKind = 'data' | 'usage' | 'input' | 'output' | 'incomplete';

/** A failure that is the user's to mend: one line that says place, found, wanted, and what to do. No stack trace is shown. */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** The message, one item per line. A line end inside an item came from a name, and is escaped. */
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

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'no space left in the quota',
  EFBIG: 'a file may not be so large here',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the disk is read-only',
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'it is no folder',
};

/** Why a file cannot be written, in words. */
export function diskReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? message;
}

declare const __VERSION__: string | undefined;

/** The version of this program, put in by the build. */
export const VERSION = typeof __VERSION__ === 'string' ? __VERSION__ : '0.0.0';
