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
  /** How the default reads in the help; also where it depends on other things, and is no value. */
  readonly defaultText?: string;
  /** May also be set in the environment, as OMNY_CONSUME_ and its name. */
  readonly env?: boolean;
  /** May be given more than once: any texts, or pairs such as `NAME=VALUE`, of which the last of a name wins. */
  readonly several?: 'list' | 'pairs';
  /** The file that it names is written. */
  readonly writes?: boolean;
}

/** How the names of variables begin that set options. */
export const VARIABLE_PREFIX = 'OMNY_CONSUME_';

/** An option that takes a value. */
export class ValueOption extends Option {
  several: Settings<unknown>['several'];
  writes = false;
}

/** How options read in the help: choices and default behind the text; that most can be set in the environment is told once, below. */
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

/** What every command takes. */
export interface CommonFlags {
  readonly output?: string;
  /** A config file named by hand; false: none is read. Absent: the one that is found. */
  readonly config?: string | false;
  readonly printConfig?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: ColorChoice;
  /** Unix seconds that count as now. */
  readonly now?: number;
}

export function addCommonOptions(command: Command): Command {
  valueOption(command, '-o, --output <file>', 'write to a file instead of standard output', { writes: true });
  if (!command.options.some(({ long }) => long === '--config'))
    valueOption(command, '--config <file>', 'take settings from this config file, whoever owns it');
  command.option('--no-config', 'take settings from no config file');
  command.option('--print-config', 'print the settings in force and where each comes from, and do no more');
  command.option('-q, --quiet', 'print nothing but errors on standard error');
  command.option('-v, --verbose', 'print more on standard error');
  valueOption(command, '--color <when>', 'use colours', { choices: COLOR_CHOICES, default: 'auto' });
  valueOption(command, '--now <unix>', 'use this Unix time in seconds as now', {
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

/** What commands take that look at sessions of a span of time only. */
export interface WindowFlags {
  /** As given: unix seconds, ISO 8601, a date, `now-24h`. */
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
 * Which sessions `--since` and `--until` let in; undefined: all.
 * @param offset Seconds by which the input's times are moved.
 * @throws UserError of kind `usage` where `--since` is later than `--until`
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

/** Tells of the sessions that are in no count. */
export function reportKeptOut(sessions: number, { quiet }: CommonFlags, { stderr }: Cli): void {
  if (sessions > 0 && !quiet) stderr.write(`${keptOutText(sessions)}\n`);
}

/** Why there is nothing to look at: `nothing to validate: no event and no request in the input`. */
export function noDataText(verb: string, keptOut: number): string {
  return `nothing to ${verb}: ${keptOut > 0 ? keptOutText(keptOut) : 'no event and no request in the input'}`;
}

function keptOutText(sessions: number): string {
  return `${pluralize(sessions, 'session')} kept out by --since and --until`;
}

/** What commands take that put sessions into requests. */
export interface BatchFlags {
  readonly source?: string;
  readonly batchSessions: number;
  readonly batchBytes: number;
}

/** What commands take that write events. */
export interface OutputFlags extends BatchFlags {
  readonly outputFormat: OutputFormat;
}

export function addBatchOptions(command: Command): Command {
  valueOption(command, '--source <name>', 'Source of sessions that have none', {
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
    'ndjson (an event a line), json, csv, or bodies (a request body a line)',
    {
      choices: OUTPUT_FORMATS,
      default: 'ndjson',
      env: true,
    },
  );
  return addBatchOptions(command);
}

/** How events are to be written. */
export function writeOptionsOf(flags: OutputFlags): WriteOptions {
  return {
    format: flags.outputFormat,
    defaultSource: flags.source,
    maxSessions: flags.batchSessions,
    maxBytes: flags.batchBytes,
  };
}
