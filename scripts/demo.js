// The 20-second tour: a broken file explained, a good one delivered to a stand-in on this machine.
import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';

const STEPS = [
  {
    title: 'A warehouse export with mistakes: what is wrong, where, and how to mend it',
    args: ['validate', '--organization', ORGANIZATION, 'fixtures/demo/plays-broken.csv'],
    exit: 1,
  },
  {
    title: 'The fixed export: nothing to complain about',
    args: ['validate', '--organization', ORGANIZATION, 'fixtures/demo/plays.csv'],
    exit: 0,
  },
  {
    title: 'Sent, to a stand-in for Omny’s endpoint inside the process: nothing leaves this machine',
    args: ['send', '--endpoint', 'mock', '--organization', ORGANIZATION, 'fixtures/demo/plays.csv'],
    exit: 0,
  },
];

for (const { title, args, exit } of STEPS) {
  console.log(`\n# ${title}\n$ omny-consume ${args.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [join(root, 'bin', 'omny-consume.js'), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  console.log(`(exit code ${status})`);
  if (status !== exit) {
    console.error(`demo: expected exit code ${exit}`);
    process.exitCode = 1;
    break;
  }
}
