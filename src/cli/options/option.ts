import { type Command, Option } from 'commander';
import { COLOR_CHOICES, type ColorChoice } from '../terminal.js';
import { finiteNumber } from './parsers.js';

interface Settings<T> {
  readonly parse?: (text: string, before: T | undefined) => T;
  readonly choices?: readonly string[];
  readonly default?: T;
  /** How the default reads in the help. */
  readonly defaultText?: string;
  /** May also be set in the environment, as OMNY_CONSUME_ and its name. */
  readonly env?: boolean;
  /** May be given more than once: any texts, or pairs such as `NAME=VALUE`, of which the last of a name wins. */
  readonly several?: 'list' | 'pairs';
  /** The file that it names is written. */
  readonly writes?: boolean;
}

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
  if (defaultValue !== undefined) notes.push(`default: ${defaultValueDescription ?? String(defaultValue)}`);
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
  if (settings.default !== undefined) option.default(settings.default, settings.defaultText);
  if (settings.env) option.env(`OMNY_CONSUME_${option.name().replaceAll('-', '_').toUpperCase()}`);
  command.addOption(option);
}

/** What every command takes. */
export interface CommonFlags {
  readonly output?: string;
  /** A config file named by hand; false: none is read. Absent: the one that is found. */
  readonly config?: string | false;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly color: ColorChoice;
  /** Unix seconds that count as now. */
  readonly now?: number;
}

export function addCommonOptions(command: Command): Command {
  valueOption(command, '-o, --output <file>', 'write to a file instead of standard output', { writes: true });
  valueOption(command, '--config <file>', 'take settings from this config file, whoever owns it');
  command.option('--no-config', 'take settings from no config file');
  command.option('-q, --quiet', 'say nothing on standard error but errors');
  command.option('-v, --verbose', 'say more');
  valueOption(command, '--color <when>', 'use colours', { choices: COLOR_CHOICES, default: 'auto' });
  valueOption(command, '--now <unix>', 'unix time in seconds that counts as now', {
    parse: finiteNumber(0),
    env: true,
  });
  return command;
}

/** Whether more is to be said on standard error. `-q` outdoes `-v`. */
export function isVerbose({ quiet, verbose }: Pick<CommonFlags, 'quiet' | 'verbose'>): boolean {
  return verbose === true && quiet !== true;
}

/** Puts runnable examples before a command's help. */
export function withExamples(command: Command, examples: readonly string[]): Command {
  return command.addHelpText('before', `Examples:\n${examples.map((line) => `  $ ${line}\n`).join('')}`);
}
