// Writes again what tests record, from what the code does now: `npm run record`. Read the difference before you commit it.
import { spawnSync } from 'node:child_process';
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

run('scripts/build.js');
run(
  'node_modules/vitest/vitest.mjs',
  'run',
  '--update',
  '--reporter=dot',
  '--testTimeout=600000',
  ...RECORDED,
);

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
