// The 20-second tour: an export explained and fixed, a ledger that delivers once, a player judged by the mock.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const PROGRAM = join(root, 'bin', 'omny-consume.js');
const ORGANIZATION = ['--organization', '126281f8-200e-4c9f-8378-a4870055423b'];
const SEND = ['send', '--endpoint', 'mock', '--ledger', 'plays.ledger', ...ORGANIZATION, 'plays.csv'];

const STEPS = [
  {
    title: 'A broken export: what is wrong, where, and how to fix it',
    args: ['validate', ...ORGANIZATION, 'plays-broken.csv'],
    exit: 1,
  },
  {
    title: 'An export that can be fixed: each fix is reported, and what is not certain is left alone',
    args: ['convert', '--fix', '--now', '1767225600', '-o', 'fixed.ndjson', 'export.ndjson'],
    exit: 0,
  },
  {
    title: 'A delivery with a ledger, to the built-in mock: nothing leaves this machine',
    args: SEND,
    exit: 0,
  },
  {
    title: 'The same command again: the ledger knows each session, so nothing is sent twice',
    args: SEND,
    exit: 0,
  },
  {
    title: 'A player with a bug, run against the mock: the exit code makes CI fail',
    args: ['mock', '--port', '0', '--', 'node', 'player.mjs'],
    exit: 1,
  },
];

const folder = mkdtempSync(join(tmpdir(), 'omny-consume-demo-'));
try {
  cpSync(join(root, 'fixtures', 'demo'), folder, { recursive: true });
  cpSync(join(root, 'docs', 'examples', 'export.ndjson'), join(folder, 'export.ndjson'));
  for (const step of STEPS) if (!runs(step)) break;
} finally {
  rmSync(folder, { recursive: true });
}

function runs({ title, args, exit }) {
  console.log(`\n# ${title}\n$ omny-consume ${args.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [PROGRAM, ...args], { cwd: folder, stdio: 'inherit' });
  console.log(`(exit code ${status})`);
  if (status === exit) return true;
  console.error(`demo: expected exit code ${exit}`);
  process.exitCode = 1;
  return false;
}
