import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cause } from '../../src/domain/cause.js';

/** A cause as `expected.json` writes it. */
export type ExpectedCause = Pick<Cause, 'cause' | 'sessions' | 'of'>;

export interface CauseFixture {
  readonly name: string;
  readonly path: string;
  readonly expected: readonly ExpectedCause[] | undefined;
}

const ROOT = fileURLToPath(new URL('../../fixtures/causes/', import.meta.url));

/** The cause folders of fixtures/causes. */
export const FOLDERS: readonly string[] = readdirSync(ROOT).toSorted();

/** The input files of a cause's folder, each with the complete list of causes that it is to give. */
export function fixturesOf(cause: string): readonly CauseFixture[] {
  const expected: Readonly<Record<string, readonly ExpectedCause[]>> = JSON.parse(
    readFileSync(join(ROOT, cause, 'expected.json'), 'utf8'),
  );
  const names = readdirSync(join(ROOT, cause)).filter((name) => name !== 'expected.json');
  return names.toSorted().map((name) => ({ name, path: join(ROOT, cause, name), expected: expected[name] }));
}
