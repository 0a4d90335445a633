import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RULE_IDS, type RuleId } from '../../src/domain/finding.js';
import { type Example, inputOf } from '../../src/guide/guide.js';
import { RULES } from '../../src/rules/index.js';

/** A finding as `expected.json` writes it. */
export interface ExpectedFinding {
  readonly rule: string;
  readonly severity: string;
  readonly line: number;
  readonly column: number;
  readonly path: string | null;
  readonly request: number | null;
  readonly sessionId: string | null;
  readonly seqNumber: number | null;
  readonly reference: string | null;
}

/** An input of a rule: a file of its folder, or an example of its guide. */
export interface Fixture {
  readonly rule: RuleId;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly expected: readonly ExpectedFinding[] | undefined;
  /** Seconds by ClipId. */
  readonly clips: Readonly<Record<string, number>>;
}

/** 2026-01-01T00:00:00Z: now, for all fixtures. */
export const NOW = 1767225600;

const ROOT = fileURLToPath(new URL('../../fixtures/rules/', import.meta.url));

/** The rule folders of fixtures/rules. */
export const FOLDERS: readonly string[] = readdirSync(ROOT).toSorted();

/** Where the complete lists of findings of a rule's fixtures are recorded. */
export function expectedPath(rule: RuleId): string {
  return join(ROOT, rule, 'expected.json');
}

/** The complete list of findings that a rule's `expected.json` holds for each fixture. */
export function expectedOf(rule: RuleId): Readonly<Record<string, readonly ExpectedFinding[]>> {
  return JSON.parse(readFileSync(expectedPath(rule), 'utf8'));
}

/** The fixtures of all rules, those of a rule together. */
export function allFixtures(): readonly Fixture[] {
  return RULE_IDS.flatMap(fixturesOf);
}

/** The files of a rule's folder, and the examples of its guide. */
export function fixturesOf(rule: RuleId): readonly Fixture[] {
  const files = FOLDERS.includes(rule) ? readdirSync(join(ROOT, rule)) : [];
  const expected = files.includes('expected.json') ? expectedOf(rule) : {};
  const { broken, fixed } = RULES[rule].guide();
  const fromFiles = files
    .filter((name) => name !== 'expected.json' && !name.endsWith('.options.json'))
    .map((name) => {
      const options = `${name}.options.json`;
      const clips = files.includes(options)
        ? JSON.parse(readFileSync(join(ROOT, rule, options), 'utf8')).clips
        : {};
      return { name, bytes: readFileSync(join(ROOT, rule, name)), clips };
    });
  return [...fromFiles, exampleOf('accept-fixed-example', fixed), exampleOf('reject-broken-example', broken)]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((fixture) => ({ ...fixture, rule, expected: expected[fixture.name] }));
}

function exampleOf(name: string, example: Example) {
  const { format, text } = inputOf(example);
  return { name: `${name}.${format}`, bytes: Buffer.from(text), clips: {} };
}

/** A fixture as `readInputs` takes it. */
export function inputOfFixture({ name, bytes }: Fixture) {
  return {
    name,
    bytes: (async function* () {
      yield bytes;
    })(),
  };
}
