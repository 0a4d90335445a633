import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A finding as `expected.json` writes it. `reference` is left out where the catalogue does not decide it. */
export interface ExpectedFinding {
  readonly rule: string;
  readonly severity: string;
  readonly line: number;
  readonly column: number;
  readonly path: string | null;
  readonly request: number | null;
  readonly sessionId: string | null;
  readonly seqNumber: number | null;
  readonly reference?: string | null;
}

export interface Fixture {
  readonly rule: string;
  readonly name: string;
  readonly path: string;
  readonly expected: readonly ExpectedFinding[] | undefined;
  /** Seconds by ClipId. */
  readonly clips: Readonly<Record<string, number>>;
}

/** 2026-01-01T00:00:00Z: now, for all fixtures. */
export const NOW = 1767225600;

const ROOT = fileURLToPath(new URL('../../fixtures/rules/', import.meta.url));

/** The rule folders of fixtures/rules. */
export const FOLDERS: readonly string[] = readdirSync(ROOT).toSorted();

/** The complete list of findings a rule's `expected.json` holds for each file. */
export function expectedOf(rule: string): Readonly<Record<string, readonly ExpectedFinding[]>> {
  return JSON.parse(readFileSync(join(ROOT, rule, 'expected.json'), 'utf8'));
}

/** The input files of a rule's folder. */
export function fixturesOf(rule: string): readonly Fixture[] {
  const expected = expectedOf(rule);
  const files = readdirSync(join(ROOT, rule)).toSorted();
  return files
    .filter((name) => name !== 'expected.json' && !name.endsWith('.options.json'))
    .map((name) => {
      const options = `${name}.options.json`;
      const clips = files.includes(options)
        ? JSON.parse(readFileSync(join(ROOT, rule, options), 'utf8')).clips
        : {};
      return { rule, name, path: join(ROOT, rule, name), expected: expected[name], clips };
    });
}
