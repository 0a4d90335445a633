import { type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../domain/errors.js';

/**
 * Keeps what a command writes apart from each other, and from what it reads.
 * @param written Paths by what they are for, such as `the fix log`; standard output and what is no regular file (`/dev/null`) may be named twice.
 * @throws UserError of kind `usage` where two are one file
 */
export function keepApart(
  written: Readonly<Record<string, string | null | undefined>>,
  read: readonly string[] = [],
): void {
  const seen: { readonly path: string; readonly what: string }[] = [];
  for (const [what, path] of Object.entries(written)) {
    if (path === null || path === undefined || path === '-') continue;
    if (read.some((other) => isSameFile(other, path))) {
      throw new UserError('usage', `${path}: is an input, and cannot be ${what} too`, 'Name another file.');
    }
    const clash = seen.find((other) => isSameFile(other.path, path));
    if (clash) {
      throw new UserError(
        'usage',
        `${path}: cannot be both ${clash.what} and ${what}`,
        'Name a file for each.',
      );
    }
    seen.push({ path, what });
  }
}

/** Whether two paths lead to one regular file, there or to be made, by whatever names. */
export function isSameFile(one: string, other: string): boolean {
  const its = statusOf(one);
  if (its && !its.isFile()) return false;
  if (resolve(one) === resolve(other)) return true;
  const others = statusOf(other);
  return its !== undefined && others !== undefined && its.ino === others.ino && its.dev === others.dev;
}

/** @throws UserError of kind `usage` where what a flag names goes to standard output, and the data too. */
export function keepFromData(flag: string, path: string | undefined, output = '-'): void {
  if (path !== '-' || output !== '-') return;
  throw new UserError('usage', `${flag} - and the data both go to standard output`, 'Name a file for one.');
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
