import type { Cli } from './cli.js';
import { start } from './start.js';

const cli: Cli = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  args: process.argv.slice(2),
  env: process.env,
  cwd: () => process.cwd(),
  now: () => Date.now() / 1000,
};

// Without listeners a closed pipe (`--help | head -1`) would end the process in the middle of its work; data has its own, in `Output`.
cli.stdout.on('error', () => {});
cli.stderr.on('error', () => {});
process.exitCode = await start(process.argv, cli);
