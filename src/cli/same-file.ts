import { type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../domain/errors.js';

/** Whether two paths name one file. What is no regular file (`/dev/null`) may be written by several. */
export function isSameFile(path: string, other: string): boolean {
  const [its, others] = [statusOf(path), statusOf(other)];
  if (!its || !others) return resolve(path) === resolve(other);
  return its.isFile() && its.ino === others.ino && its.dev === others.dev;
}

/** @throws UserError of kind `usage` where a file to be written is one of the inputs. */
export function refuseInput(path: string, what: string, inputs: readonly string[]): void {
  if (!inputs.some((input) => isSameFile(input, path))) return;
  throw new UserError('usage', `${path}: is an input, and cannot be ${what}`);
}

/** @throws UserError of kind `usage` where what a flag names is where the data goes, too. */
export function refuseOutput(flag: string, path: string, output = '-'): void {
  if (path === '-' && output === '-') {
    throw new UserError('usage', `${flag} - and the data both go to standard output`, 'Name a file for one.');
  }
  if (path !== '-' && output !== '-' && isSameFile(path, output)) {
    throw new UserError('usage', `${flag} and -o both name ${path}`, 'Name another file for one.');
  }
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
