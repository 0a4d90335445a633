import { count } from '../../domain/count.js';
import type { Summary } from '../../validate/tally.js';
import { EXIT } from '../exit-code.js';

export type FailOn = 'error' | 'warning' | 'never';

export interface VerdictInput {
  readonly summary: Pick<Summary, 'sessions' | 'errors' | 'warnings'>;
  readonly failOn: FailOn;
  /** How many sessions are to arrive; absent: at least one. */
  readonly expectSessions: number | undefined;
  /** Of the command; 0 where there was none. */
  readonly commandCode: number;
}

/** The exit code of a mock that is done: the command's, else what arrived, else silence. */
export function verdictOf({ summary, failOn, expectSessions, commandCode }: VerdictInput): number {
  if (commandCode !== 0) return commandCode;
  if (reaches(summary, failOn)) return EXIT.invalid;
  return sessionsMissing(summary.sessions, expectSessions) === null ? EXIT.ok : EXIT.usage;
}

/** What is wrong with the number of sessions; null where nothing is. Silence is not success. */
export function sessionsMissing(received: number, expected: number | undefined): string | null {
  if (expected !== undefined) {
    return received === expected ? null : `expected ${count(expected, 'session')}, received ${received}`;
  }
  return received > 0 ? null : 'no session arrived';
}

function reaches({ errors, warnings }: VerdictInput['summary'], failOn: FailOn): boolean {
  if (failOn === 'never') return false;
  return errors > 0 || (failOn === 'warning' && warnings > 0);
}
