import type { Command, Option } from 'commander';
import { UserError } from '../../domain/errors.js';
import { escaped, nearest } from '../../domain/text.js';
import { isJsonObject, type JsonObject } from '../../wire/json.js';
import type { Config } from './read.js';

/** What is decided each time, by whoever runs the command: nothing can be deleted at Omny, and a file that was emptied is lost. */
const FLAGS_ONLY: readonly string[] = [
  'allowLong',
  'allowSimulated',
  'config',
  'dryRun',
  'force',
  'known',
  'ledgerAnywhere',
  'noConfig',
  'noLedger',
  'retryRefused',
  'settle',
  'skipInvalid',
  'wait',
  'yes',
];

/** What a file that lies in somebody's folder must not decide: whom to trust, where to write, and which sessions go out, and when. */
const NEVER_SET: readonly string[] = [
  ...FLAGS_ONLY,
  'ca',
  'limit',
  'onAmbiguous',
  'output',
  'query',
  'shard',
  'since',
  'skipUnmapped',
  'until',
];

/** Severities by rule, instead of a list of `ID=severity`. */
const RULES_KEY = 'rules';

/** The key under which a config file sets an option. */
export function keyOf(option: Option): string {
  return option.long === '--rule' ? RULES_KEY : option.attributeName();
}

/** The options of a command that a config file can set, by key. */
export function configurable(command: Command): ReadonlyMap<string, Option> {
  const options = command.options.filter((option) => !option.mandatory && !option.negate);
  return new Map(
    options.map((option) => [keyOf(option), option] as const).filter(([key]) => !NEVER_SET.includes(key)),
  );
}

/** A command's own section, which stands under its name; null where there is none. */
export function sectionOf(command: Command, { settings }: Config): JsonObject | null {
  const name = command.name();
  const section = name === RULES_KEY || !Object.hasOwn(settings, name) ? undefined : settings[name];
  return isJsonObject(section) ? section : null;
}

/**
 * Looks at all keys, also of what other commands take.
 * @throws UserError of kind `usage`, naming the first that means nothing.
 */
export function checkKeys(config: Config, commands: readonly Command[]): void {
  const everywhere = new Set(commands.flatMap((command) => [...configurable(command).keys()]));
  for (const key of Object.keys(config.settings)) {
    const command = commands.find((known) => known.name() === key);
    const section = command && sectionOf(command, config);
    if (command && section) {
      const known = [...configurable(command).keys()];
      for (const inner of Object.keys(section)) check(`${key}.${inner}`, inner, known, config);
    } else check(key, key, [...everywhere, ...commands.map((known) => known.name())], config);
    if (command && !section && !everywhere.has(key)) {
      throw new UserError('usage', `${config.name}: ${key}: expected an object, the section of that command`);
    }
  }
}

/** What cannot be set, since it is to be decided each time. */
export function flagOnly(path: string, flag: string, { name }: Config): UserError {
  return new UserError('usage', `${name}: ${path}: ${flag} is a flag only, to be given each time`);
}

function check(path: string, key: string, known: readonly string[], config: Config): void {
  if (NEVER_SET.includes(key)) {
    const flag = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (FLAGS_ONLY.includes(key)) throw flagOnly(path, flag, config);
    throw new UserError(
      'usage',
      `${config.name}: ${path}: a config file cannot set ${flag}`,
      'Give the flag.',
    );
  }
  if (known.includes(key)) return;
  const near = nearest(key, known);
  throw new UserError(
    'usage',
    `${config.name}: ${escaped(path)}: no such setting`,
    near === undefined
      ? 'Settings are called as the long options are, in camelCase.'
      : `Did you mean ${near}?`,
  );
}
