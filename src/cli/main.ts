import type { Cli } from './cli.js';
import { start } from './start.js';

/** The streams are opened when they are first used: each takes its time. */
const cli: Cli = {
  get stdin() {
    return process.stdin;
  },
  get stdout() {
    return heedless(process.stdout);
  },
  get stderr() {
    return heedless(process.stderr);
  },
  args: process.argv.slice(2),
  env: process.env,
  cwd: () => process.cwd(),
  now: () => Date.now() / 1000,
};

/** Runs the program as this process. */
export async function main(): Promise<void> {
  process.exitCode = await start(process.argv, cli);
}

/** Without a listener a closed pipe (`--help | head -1`) would end the process in the middle of its work; data has its own, in `Output`. */
function heedless<S extends NodeJS.WriteStream>(stream: S): S {
  if (stream.listenerCount('error', ignore) === 0) stream.on('error', ignore);
  return stream;
}

function ignore(): void {}
