import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Diagnosis } from '../../src/domain/finding.js';

/** A diagnosis as `expected.json` writes it. */
export type ExpectedDiagnosis = Pick<Diagnosis, 'diagnosis' | 'sessions' | 'of'>;

export interface DiagnosisFixture {
  readonly name: string;
  readonly path: string;
  readonly expected: readonly ExpectedDiagnosis[] | undefined;
}

const ROOT = fileURLToPath(new URL('../../fixtures/diagnoses/', import.meta.url));

/** The folders of fixtures/diagnoses, one for each diagnosis. */
export const FOLDERS: readonly string[] = readdirSync(ROOT).toSorted();

/** Where the complete lists of diagnoses of a diagnosis's fixtures are recorded. */
export function expectedPath(diagnosis: string): string {
  return join(ROOT, diagnosis, 'expected.json');
}

/** The input files of a diagnosis's folder, each with the complete list of diagnoses that are expected of it. */
export function fixturesOf(diagnosis: string): readonly DiagnosisFixture[] {
  const expected: Readonly<Record<string, readonly ExpectedDiagnosis[]>> = JSON.parse(
    readFileSync(expectedPath(diagnosis), 'utf8'),
  );
  const names = readdirSync(join(ROOT, diagnosis)).filter((name) => name !== 'expected.json');
  return names
    .toSorted()
    .map((name) => ({ name, path: join(ROOT, diagnosis, name), expected: expected[name] }));
}
