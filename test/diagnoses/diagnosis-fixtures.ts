import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Diagnosis } from '../../src/domain/finding.js';

/** A diagnosis as `expected.json` writes it. */
export type ExpectedDiagnosis = Pick<Diagnosis, 'diagnosis' | 'sessions' | 'of'>;

export interface DiagnosisFixture {
  readonly name: string;
  readonly path: string;
}

const ROOT = fileURLToPath(new URL('../../fixtures/diagnoses/', import.meta.url));

/** The folders of fixtures/diagnoses, one for each diagnosis. */
export const FOLDERS: readonly string[] = readdirSync(ROOT).toSorted();

/** Where the complete lists of diagnoses of a diagnosis's fixtures are recorded. */
export function expectedPath(diagnosis: string): string {
  return join(ROOT, diagnosis, 'expected.json');
}

/** The input files of a diagnosis's folder. */
export function fixturesOf(diagnosis: string): readonly DiagnosisFixture[] {
  return readdirSync(join(ROOT, diagnosis))
    .filter((name) => name !== 'expected.json')
    .toSorted()
    .map((name) => ({ name, path: join(ROOT, diagnosis, name) }));
}
