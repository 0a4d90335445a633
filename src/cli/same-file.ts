import { type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../domain/errors.js';

/** Whether two paths name one file. What is no regular file (`/dev/null`) may be written by several. */
export function isSameFile(path: string, other: string): boolean {
  const [its, others] = [statusOf(path), statusOf(other)];
  if (!its || !others) return resolve(path) === resolve(other);
  return its.isFile() && its.ino === others.ino && its.dev === others.dev;
}

/**
 * @param path Absent or `-`: standard output.
 * @throws UserError of kind `usage` where a file to be written is one of the inputs.
 */
export function refuseInput(path: string | undefined, what: string, inputs: readonly string[]): void {
  if (path === undefined || path === '-' || !inputs.some((input) => isSameFile(input, path))) return;
  throw new UserError('usage', `${path}: is an input, and cannot be ${what}`);
}

/** @throws UserError of kind `usage` where what a flag names is where the data goes, too. */
export function refuseOutput(flag: string, path: string, output = '-'): void {
  if (path === '-' && output === '-') {
    throw new UserError('usage', `${flag} - and the data both go to standard output`, 'Name a file for one.');
  }
  refuseShared({ [flag]: path, '-o': output });
}

/** @throws UserError of kind `usage` where two of the files to be written, by the flags that name them, are one. */
export function refuseShared(files: Readonly<Record<string, string | null | undefined>>): void {
  const before: (readonly [flag: string, path: string])[] = [];
  for (const [flag, path] of Object.entries(files)) {
    if (path === undefined || path === null || path === '-') continue;
    const other = before.find(([, its]) => isSameFile(its, path));
    if (other) {
      throw new UserError('usage', `${other[0]} and ${flag} both name ${path}`, 'Name another file for one.');
    }
    before.push([flag, path]);
  }
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
