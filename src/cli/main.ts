import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { UserError, VERSION } from '../domain/errors.js';
import { escaped, nearest } from '../domain/text.js';
import { addCertify } from './certify/command.js';
import { type Cli, EXIT, type ExitCode, exitCodeOf, Interrupted, type Start } from './cli.js';
import {
  addCompletion,
  addConvert,
  addExpect,
  addRecorder,
  addReport,
  addRules,
  addSchema,
  addValidate,
} from './commands/definitions.js';
import { groupItems, layOutHelp } from './help.js';
import { addLedger } from './ledger/command.js';
import { addMock } from './mock/command.js';
import { type CommonFlags, optionHelp, VARIABLE_PREFIX, withExamples } from './options/option.js';
import { OutputClosed } from './output.js';
import { addSend } from './send/command.js';
import { addShrink } from './shrink/command.js';
import { addSimulate } from './simulate/command.js';
import { columnsOf, errorsForPeople } from './terminal.js';

/** Each stream is opened on first use, because opening takes time. */
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

/**
 * Without a listener, a closed pipe (`--help | head -1`) would end the process before its work is done. `Output` has
 * its own listener for data.
 */
function ignoringErrors<S extends NodeJS.WriteStream>(stream: S): S {
  if (stream.listenerCount('error', ignore) === 0) stream.on('error', ignore);
  return stream;
}

function ignore(): void {}

/**
 * Runs a command line and prints its failure on standard error.
 * @param argv The process's arguments: the runtime, the program, the words after it.
 * @returns the exit code
 */
export async function start(argv: readonly string[], outer: Cli): Promise<number> {
  const cli = forPeople(outer);
  let code: number = EXIT.ok;
  try {
    const program = createProgram(cli, async (run) => {
      code = await run(cli);
    });
    if (argv.length <= 2) {
      program.outputHelp({ error: true });
      return EXIT.usage;
    }
    refuseUnknownHelp(program, cli);
    await program.parseAsync(argv);
    return code;
  } catch (error) {
    return failed(error, cli);
  }
}

/** @throws UserError of kind `usage` when `help` names an unknown command */
function refuseUnknownHelp({ commands }: Command, { args: [word, about = ''] }: Cli): void {
  const names = [...commands.map((command) => command.name()), 'help'];
  if (word !== 'help' || about === '' || about.startsWith('-') || names.includes(about)) return;
  const near = nearest(about, names);
  throw new UserError(
    'usage',
    `unknown command '${about}'`,
    near === undefined ? 'List the commands with: omny-consume --help' : `Did you mean ${near}?`,
  );
}

/**
 * The process with a standard error for people: its lines fit the terminal, and in a GitHub workflow the runner takes
 * none of its text as a command.
 */
function forPeople(cli: Cli): Cli {
  const inWorkflow = cli.env.GITHUB_ACTIONS === 'true';
  let stderr: NodeJS.WriteStream | undefined;
  return Object.create(cli, {
    stderr: { get: () => (stderr ??= errorsForPeople(cli.stderr, inWorkflow)) },
    runner: { get: () => (inWorkflow ? cli.stderr : undefined) },
  }) as Cli;
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
    `${stack}\n\nThis is a bug in omny-consume ${VERSION}. Please report it with the lines above. To find out where: npm bugs omny-consume\n`,
  );
  return EXIT.bug;
}

/** The widest line of a help text, in columns; narrower on a narrower terminal. */
const HELP_WIDTH = 80;

/** Adds each command, in the order of the help. */
const COMMANDS: Readonly<Record<string, (program: Command, start: Start) => void>> = {
  validate: addValidate,
  simulate: addSimulate,
  send: addSend,
  convert: addConvert,
  report: addReport,
  ledger: addLedger,
  mock: addMock,
  expect: addExpect,
  certify: addCertify,
  recorder: addRecorder,
  shrink: addShrink,
  rules: addRules,
  schema: addSchema,
};

/**
 * The command line: its commands, their options and help. A command's code is imported only when it runs. When the
 * first word is a command, the options of the others are not created.
 */
export function createProgram(cli: Cli, start: Start): Command {
  const program = new Command('omny-consume')
    .description('Test and replay podcast listening data for Omny Studio’s consumption API.')
    .version(VERSION)
    .showSuggestionAfterError()
    .exitOverride()
    .configureHelp({ optionDescription: optionHelp, groupItems, minWidthToWrap: 20 })
    .configureOutput({
      writeOut: (text) => cli.stdout.write(text),
      writeErr: (text) =>
        cli.stderr.write(withArgsEscaped(text, cli.args).split('\n').map(escaped).join('\n')),
      getOutHelpWidth: () => Math.min(columnsOf(cli.stdout) ?? HELP_WIDTH, HELP_WIDTH),
      getErrHelpWidth: () => Math.min(columnsOf(cli.stderr) ?? HELP_WIDTH, HELP_WIDTH),
    });
  withExamples(program, [
    'omny-consume validate plays.csv',
    'omny-consume simulate --sessions 20 | omny-consume send --endpoint mock',
    'omny-consume send --endpoint omny --dry-run plays.csv',
  ]);
  const found = findConfig(cli.cwd());
  const variables = Object.keys(cli.env).some((name) => name.startsWith(VARIABLE_PREFIX));
  program.hook('preAction', async (_, command) => {
    const { config, printConfig, quiet } = command.opts<CommonFlags>();
    if (command.name() === 'complete') return;
    if (variables && !quiet)
      (await import('./config/apply.js')).warnOfUnknownVariables(program.commands, cli);
    const path = config === undefined ? found : config;
    let name: string | null = null;
    // `schema --config` prints the schema of config files, and has no config file itself.
    if (typeof path === 'string') {
      const place = { path: resolve(cli.cwd(), path), named: config !== undefined };
      ({ name } = await (await import('./config/apply.js')).applyConfig(place, command, cli));
    }
    if (!printConfig) return;
    cli.stdout.write((await import('./config/describe.js')).settingsText(command, name));
    throw new CommanderError(EXIT.ok, 'omny-consume.printConfig', '');
  });
  const [word = ''] = cli.args;
  // With settings, all commands are created, because the keys of a config file are checked against all options.
  const configured = variables || found !== null || cli.args.some((arg) => arg.startsWith('--config'));
  const one = !configured && Object.hasOwn(COMMANDS, word);
  const adders = one ? [COMMANDS[word]!] : Object.values(COMMANDS);
  for (const add of adders) add(program, start);
  if (!one) addCompletion(program, start, () => program);
  for (const command of program.commands) {
    command.copyInheritedSettings(program).showHelpAfterError(`See omny-consume ${command.name()} --help`);
    layOutHelp(command);
  }
  return program;
}

/** Escapes line breaks in the arguments, so that a message has no other line breaks than its own. */
function withArgsEscaped(text: string, args: readonly string[]): string {
  return args.reduce(
    (shown, arg) => (arg.includes('\n') ? shown.replaceAll(arg, escaped(arg)) : shown),
    text,
  );
}

export const CONFIG_NAME = 'omny-consume.config.json';

/** The config file for a folder: its own, or that of the nearest parent folder; null without one. */
export function findConfig(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, CONFIG_NAME);
    if (existsSync(path)) return path;
    if (dirname(at) === at) return null;
  }
}
