import { type Command, Option } from 'commander';

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
