import { CommanderError } from 'commander';
import { UserError } from '../domain/errors.js';
import { escaped } from '../domain/text.js';
import { VERSION } from '../domain/version.js';
import { type Cli, EXIT, type ExitCode, exitCodeOf } from './cli.js';
import { OutputClosed } from './output.js';
import { createProgram } from './program.js';
import { Interrupted } from './signals.js';

/** The streams are opened when they are first used: each takes its time. */
const cli: Cli = {
  get stdin() {
    return process.stdin;
  },
  get stdout() {
    return ignoringErrors(process.stdout);
  },
  get stderr() {
    return ignoringErrors(process.stderr);
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
function ignoringErrors<S extends NodeJS.WriteStream>(stream: S): S {
  if (stream.listenerCount('error', ignore) === 0) stream.on('error', ignore);
  return stream;
}

function ignore(): void {}

/**
 * Runs what a command line asks for, and tells on standard error where that fails.
 * @param argv as a process has it: the runtime, the program, the words behind it.
 * @returns the exit code.
 */
export async function start(argv: readonly string[], cli: Cli): Promise<number> {
  let code: number = EXIT.ok;
  try {
    const program = createProgram(cli, async (run) => {
      code = await run(cli);
    });
    if (argv.length <= 2) {
      program.outputHelp({ error: true });
      return EXIT.usage;
    }
    await program.parseAsync(argv);
    return code;
  } catch (error) {
    return failed(error, cli);
  }
}

function failed(error: unknown, { stderr }: Cli): ExitCode {
  if (error instanceof OutputClosed) return EXIT.ok;
  if (error instanceof Interrupted) return error.code;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UserError) {
    const advice = error.advice === undefined ? '' : `. ${error.advice}`;
    for (const line of error.lines) stderr.write(`error: ${escaped(line + advice)}\n`);
    return exitCodeOf(error.kind);
  }
  const stack = String(error instanceof Error ? error.stack : error)
    .split('\n')
    .map(escaped)
    .join('\n');
  stderr.write(
    `${stack}\n\nThis is a bug in omny-consume ${VERSION}. Please report it with the lines above: npm bugs omny-consume tells where.\n`,
  );
  return EXIT.bug;
}
