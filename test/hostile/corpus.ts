import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runHere, type Told } from '../cli/in-process.js';

export const FOLDER = fileURLToPath(new URL('../../fixtures/hostile/', import.meta.url));
const ROOT = resolve(FOLDER, '../..');

/** The table: of each file what every command that reads makes of it. */
export const TABLE = join(FOLDER, 'expected.json');

/** The files of the corpus. */
export const FILES: readonly string[] = readdirSync(FOLDER)
  .filter((name) => !name.startsWith('.') && name !== 'expected.json')
  .toSorted();

/** The commands that read listening data, `validate` aside. */
export const OTHERS = {
  convert: ['convert', '--output-format', 'ndjson'],
  report: ['report', '--format', 'json'],
  send: ['send', '--endpoint', 'mock', '--dry-run'],
} as const;

export const VALIDATE = ['validate', '--format', 'json', '--max-findings', '0'] as const;

/** Runs a command on a file of the corpus; its name in what is told is as if from the project's folder. */
export async function told(command: readonly string[], file: string): Promise<Told> {
  const name = join(relative(process.cwd(), ROOT), 'fixtures', 'hostile', file);
  return runHere([...command, name]);
}

/** Characters that steer a terminal: line feeds aside, none may come out of one. */
export const STEERING =
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
