import { CommanderError } from 'commander';
import { UserError } from '../domain/errors.js';
import { escaped } from '../domain/escaped.js';
import { VERSION } from '../domain/version.js';
import type { Cli } from './cli.js';
import { EXIT, type ExitCode, exitCodeOf } from './exit-code.js';
import { OutputClosed } from './output.js';
import { createProgram } from './program.js';
import { Interrupted } from './signals.js';

const cli: Cli = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  args: process.argv.slice(2),
  env: process.env,
  cwd: () => process.cwd(),
  now: () => Date.now() / 1000,
};

process.exitCode = await main(process.argv);

async function main(argv: readonly string[]): Promise<number> {
  // Without listeners a closed pipe (`--help | head -1`) would end the process in the middle of its work; data has its own, in `Output`.
  cli.stdout.on('error', () => {});
  cli.stderr.on('error', () => {});
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
    return failed(error);
  }
}

function failed(error: unknown): ExitCode {
  if (error instanceof OutputClosed) return EXIT.ok;
  if (error instanceof Interrupted) return error.code;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UserError) {
    const advice = error.advice === undefined ? '' : `. ${error.advice}`;
    for (const line of error.message.split('\n')) cli.stderr.write(`error: ${escaped(line + advice)}\n`);
    return exitCodeOf(error.kind);
  }
  const stack = error instanceof Error ? error.stack : String(error);
  cli.stderr.write(
    `${stack}\n\nThis is a bug in omny-consume ${VERSION}. Please report it with the lines above: npm bugs omny-consume tells where.\n`,
  );
  return EXIT.bug;
}
