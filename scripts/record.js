// Updates what tests record, from what the code does now: `npm run record`. Says which files changed. `--without-console-blocks` leaves
// out the outputs in the docs, which takes half of the time.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const RECORDED = [
  'test/certify/fixtures.test.ts',
  'test/cli/transcripts.test.ts',
  'test/cli/validate/golden.test.ts',
  'test/diagnoses/fixtures.test.ts',
  'test/docs/generated.test.ts',
  'test/rules/fixtures.test.ts',
  'test/rules/wording.test.ts',
];
const WRITTEN = ['README.md', 'docs', 'fixtures', 'test'];

const before = texts();
const tests = [
  'run',
  '--update',
  `--reporter=${process.stdout.isTTY ? 'dot' : 'default'}`,
  '--testTimeout=600000',
  ...RECORDED,
];
const withBlocks = !process.argv.includes('--without-console-blocks');
process.exitCode =
  run('scripts/build.js') ||
  run('node_modules/vitest/vitest.mjs', ...tests) ||
  (withBlocks ? run('scripts/console-blocks.js') : 0);

const after = texts();
const changed = [...after.keys()].filter((path) => after.get(path) !== before.get(path));
process.stdout.write(
  changed.length === 0
    ? '\nNothing that is recorded changed.\n'
    : `\nChanged; read the difference (git diff):\n${changed.map((path) => `  ${path}\n`).join('')}`,
);

/** The texts of all files that a recording can change, by path. */
function texts() {
  const paths = WRITTEN.flatMap((path) =>
    path.endsWith('.md')
      ? [path]
      : readdirSync(join(root, path), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
  );
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), 'latin1')]));
}

/** Runs a script, and returns its exit code. */
function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  return status ?? 1;
}
