import { type Command, Option } from 'commander';
import { UserError } from '../../domain/errors.js';
import { SOURCES } from '../../domain/event-batch.js';
import { pluralize } from '../../domain/text.js';
import type { Within } from '../../validate/options.js';
import { OUTPUT_FORMATS, type OutputFormat } from '../../write/output-formats.js';
import type { WriteOptions } from '../../write/write.js';
import type { Cli } from '../cli.js';
import { COLOR_CHOICES, type ColorChoice } from '../terminal.js';
import { finiteNumber, momentOf, type TimeFlags, time, wholeNumber } from './parsers.js';

interface Settings<T> {
  readonly parse?: (text: string, before: T | undefined) => T;
  readonly choices?: readonly string[];
  readonly default?: T;
  /** The default as the help prints it, when `default` is absent or is hard to read. */
  readonly defaultText?: string;
  /** Can also be set in the environment, as OMNY_CONSUME_ and its name. */
  readonly env?: boolean;
  /** Can be given more than once: any texts, or pairs such as `NAME=VALUE`. The last value of a name wins. */
  readonly several?: 'list' | 'pairs';
  /** The command writes the file that the option names. */
  readonly writes?: boolean;
}

/** The beginning of the names of variables that set options. */
export const VARIABLE_PREFIX = 'OMNY_CONSUME_';

/** An option that takes a value. */
export class ValueOption extends Option {
  several: Settings<unknown>['several'];
  writes = false;
}

/**
 * An option's text in the help, followed by its choices and default. The environment is explained once, at the end of
 * the help.
 */
export function optionHelp({
  description,
  argChoices,
  defaultValue,
  defaultValueDescription,
}: Option): string {
  const notes = [];
  if (argChoices) notes.push(argChoices.join(', '));
  const byDefault = defaultValueDescription ?? defaultValue;
  if (byDefault !== undefined) notes.push(`default: ${String(byDefault)}`);
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
}

/** Adds an option that takes a value. */
export function valueOption<T>(
  command: Command,
  flags: string,
  description: string,
  settings: Settings<T> = {},
): void {
  const option = new ValueOption(flags, description);
  option.several = settings.several;
  option.writes = settings.writes === true;
  if (settings.parse) option.argParser(settings.parse);
  if (settings.choices) option.choices(settings.choices);
  if ((settings.default ?? settings.defaultText) !== undefined)
    option.default(settings.default, settings.defaultText);
  if (settings.env) option.env(`${VARIABLE_PREFIX}${option.name().replaceAll('-', '_').toUpperCase()}`);
  command.addOption(option);
}

/** The flags of every command. */
export interface CommonFlags {
  readonly output?: string;
  /** The config file of `--config`; false with `--no-config`; undefined to look for one. */
  readonly config?: string | false;
  readonly printConfig?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: ColorChoice;
  /** The current time in unix seconds; undefined for the clock. */
  readonly now?: number;
}

export function addCommonOptions(command: Command): Command {
  valueOption(command, '-o, --output <file>', 'write to a file instead of standard output', { writes: true });
  if (!command.options.some(({ long }) => long === '--config'))
    valueOption(
      command,
      '--config <file>',
      'read settings from this config file, even if another user owns it',
    );
  command.option('--no-config', 'read no config file');
  command.option('--print-config', 'print each setting and its origin, and exit');
  command.option('-q, --quiet', 'print only errors on standard error');
  command.option('-v, --verbose', 'print more on standard error');
  valueOption(command, '--color <when>', 'use colours', { choices: COLOR_CHOICES, default: 'auto' });
  valueOption(command, '--now <unix>', 'use this unix time in seconds as the current time', {
    parse: finiteNumber(0),
    env: true,
  });
  return command;
}

/** Whether to print more on standard error. With both flags, `-q` wins over `-v`. */
export function isVerbose({ quiet, verbose }: Pick<CommonFlags, 'quiet' | 'verbose'>): boolean {
  return verbose === true && quiet !== true;
}

/** Puts runnable examples before a command's help. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText('before', `Examples:\n${examples.map((line) => `  $ ${line}\n`).join('')}`);
}

/** The flags of commands that can limit the sessions to a time window. */
export interface WindowFlags {
  /** As typed: unix seconds, ISO 8601, a date, or `now-24h`. */
  readonly since?: string;
  readonly until?: string;
}

export function addWindowOptions(command: Command): Command {
  valueOption(
    command,
    '--since <time>',
    'only sessions whose last event is at this time or later, such as 2025-01-06 or now-24h',
    {
      parse: time,
      env: true,
    },
  );
  valueOption(
    command,
    '--until <time>',
    'only sessions whose last event is at this time or earlier, such as now-24h',
    {
      parse: time,
      env: true,
    },
  );
  return command;
}

/**
 * The window of `--since` and `--until`; undefined for all sessions.
 * @param offset Seconds to add to the input's times.
 * @throws UserError of kind `usage` when `--since` is later than `--until`
 */
export function withinOf(flags: WindowFlags & TimeFlags, cli: Cli, offset = 0): Within | undefined {
  const { since, until } = flags;
  if (since === undefined && until === undefined) return undefined;
  const from = since === undefined ? Number.NEGATIVE_INFINITY : momentOf('--since', since, flags, cli);
  const to = until === undefined ? Number.POSITIVE_INFINITY : momentOf('--until', until, flags, cli);
  if (from > to) {
    throw new UserError(
      'usage',
      `--since ${since} is later than --until ${until}: no session can be in between`,
      'Swap them',
    );
  }
  return { since: from + offset, until: to + offset };
}

/** Reports how many sessions the window left out. */
export function reportKeptOut(sessions: number, { quiet }: CommonFlags, { stderr }: Cli): void {
  if (sessions > 0 && !quiet) stderr.write(`${keptOutText(sessions)}\n`);
}

/** Why there is nothing to work on: `nothing to validate: no event and no request in the input`. */
export function noDataText(verb: string, keptOut: number): string {
  return `nothing to ${verb}: ${keptOut > 0 ? keptOutText(keptOut) : 'no event and no request in the input'}`;
}

function keptOutText(sessions: number): string {
  return `${pluralize(sessions, 'session')} left out by --since and --until`;
}

/** The flags of commands that put sessions into requests. */
export interface BatchFlags {
  readonly source?: string;
  readonly batchSessions: number;
  readonly batchBytes: number;
}

/** The flags of commands that write events. */
export interface OutputFlags extends BatchFlags {
  readonly outputFormat: OutputFormat;
}

export function addBatchOptions(command: Command): Command {
  valueOption(command, '--source <name>', 'Source of sessions without one', {
    choices: SOURCES,
    defaultText: 'Custom',
    env: true,
  });
  valueOption(command, '--batch-sessions <n>', 'put at most this many sessions into a request', {
    parse: wholeNumber(1),
    default: 50,
    env: true,
  });
  valueOption(command, '--batch-bytes <n>', 'put at most this many bytes into a request body', {
    parse: wholeNumber(1),
    default: 65_536,
    env: true,
  });
  return command;
}

export function addOutputOptions(command: Command): Command {
  valueOption(
    command,
    '--output-format <format>',
    'ndjson (one event per line), json, csv, or bodies (one request body per line)',
    {
      choices: OUTPUT_FORMATS,
      default: 'ndjson',
      env: true,
    },
  );
  return addBatchOptions(command);
}

/** How to write events. */
export function writeOptionsOf(flags: OutputFlags): WriteOptions {
  return {
    format: flags.outputFormat,
    defaultSource: flags.source,
    maxSessions: flags.batchSessions,
    maxBytes: flags.batchBytes,
  };
}
