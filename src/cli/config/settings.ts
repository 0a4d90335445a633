import { isAbsolute, join, normalize, relative, resolve } from 'node:path';
import { type Command, InvalidArgumentError, type Option } from 'commander';
import { UserError } from '../../domain/errors.js';
import { escaped, nearest } from '../../domain/text.js';
import { shown } from '../../rules/words.js';
import { isJsonObject, type JsonObject } from '../../wire/json.js';
import { ValueOption } from '../options/option.js';
import type { RuleOverride, Severities } from '../options/rules.js';
import { type Config, isBelow } from './read.js';

/**
 * Options that the user must give for each run: no way to delete at Omny is documented, and an emptied file is lost.
 */
const FLAG_ONLY_OPTIONS: readonly string[] = [
  'allowLong',
  'allowSimulated',
  'config',
  'dryRun',
  'force',
  'known',
  'ledgerAnywhere',
  'noConfig',
  'noLedger',
  'printConfig',
  'retryRefused',
  'settle',
  'skipInvalid',
  'updateBaseline',
  'wait',
  'yes',
];

/** Options that a config file cannot set: whom to trust, where to write, and which sessions to send and when. */
const NOT_CONFIGURABLE: readonly string[] = [
  ...FLAG_ONLY_OPTIONS,
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

/** The key for severities by rule, as an object instead of a list of `ID=severity`. */
export const RULES_KEY = 'rules';
/** The key with the schema of the config file, for editors. */
const SCHEMA_KEY = '$schema';
/** Severities of rules for some inputs. */
const OVERRIDES_KEY = 'overrides';

/** The key under which a config file sets an option. */
export function keyOf(option: Option): string {
  return option.long === '--rule' ? RULES_KEY : option.attributeName();
}

/** The options of a command that a config file can set, by key. */
export function configurable(command: Command): ReadonlyMap<string, Option> {
  const options = command.options.filter((option) => !option.mandatory && !option.negate);
  return new Map(
    options
      .map((option) => [keyOf(option), option] as const)
      .filter(([key]) => !NOT_CONFIGURABLE.includes(key)),
  );
}

/** The section of a command, under its name; null without one. */
export function sectionOf(command: Command, { settings }: Config): JsonObject | null {
  const name = command.name();
  const section = name === RULES_KEY || !Object.hasOwn(settings, name) ? undefined : settings[name];
  return isJsonObject(section) ? section : null;
}

/**
 * Checks all keys, also those of other commands.
 * @throws UserError of kind `usage` that names the first unknown key
 */
export function checkKeys(config: Config, commands: readonly Command[]): void {
  const everywhere = new Set(commands.flatMap((command) => [...configurable(command).keys()]));
  for (const key of Object.keys(config.settings)) {
    if (key === SCHEMA_KEY || key === OVERRIDES_KEY) continue;
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

/** The error for a setting that must be given as a flag each time. */
export function flagOnly(path: string, flag: string, { name }: Config): UserError {
  return new UserError(
    'usage',
    `${name}: ${path}: ${flag} can be set only on the command line, for each run`,
  );
}

function check(path: string, key: string, known: readonly string[], config: Config): void {
  if (NOT_CONFIGURABLE.includes(key)) {
    const flag = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (FLAG_ONLY_OPTIONS.includes(key)) throw flagOnly(path, flag, config);
    throw new UserError(
      'usage',
      `${config.name}: ${path}: a config file cannot set ${flag}`,
      'Give the flag on the command line.',
    );
  }
  if (known.includes(key)) return;
  const near = nearest(key, known);
  throw new UserError(
    'usage',
    `${config.name}: ${escaped(path)}: unknown setting`,
    near === undefined
      ? 'Settings have the names of the long options, in camelCase.'
      : `Did you mean ${near}?`,
  );
}

/** The settings of a file for inputs that match patterns; null without any. */
export async function overridesIn(
  config: Config,
  ruleOption: Option,
  cwd: string,
): Promise<readonly RuleOverride[] | null> {
  const { name, folder, settings } = config;
  if (!Object.hasOwn(settings, OVERRIDES_KEY)) return null;
  const refuse = (path: string, expected: string, value: unknown): never => {
    throw new UserError('usage', `${name}: ${escaped(path)}: expected ${expected}, received ${shown(value)}`);
  };
  const all = settings[OVERRIDES_KEY];
  if (!Array.isArray(all)) return refuse(OVERRIDES_KEY, `a list, as [${OVERRIDE}]`, all);
  const { glob } = await import('tinyglobby');
  const read = async (each: unknown, i: number): Promise<RuleOverride> => {
    const path = `${OVERRIDES_KEY}[${i}]`;
    if (!isJsonObject(each)) return refuse(path, OVERRIDE, each);
    const { files, rules, ...others } = each;
    const [other] = Object.keys(others);
    if (other !== undefined)
      throw new UserError('usage', `${name}: ${path}.${escaped(other)}: unknown setting`);
    const isPattern = (pattern: unknown): pattern is string => typeof pattern === 'string' && pattern !== '';
    if (!Array.isArray(files) || !files.every(isPattern))
      return refuse(`${path}.files`, 'a list of patterns, as ["legacy/**"]', files);
    const matching = await glob(files, {
      cwd: folder,
      absolute: true,
      dot: true,
      expandDirectories: false,
      ignore: ['**/node_modules/**'],
    });
    const value = valueIn({ path: `${path}.${RULES_KEY}`, value: rules }, ruleOption, config, cwd);
    return {
      name: `${name}: ${path} (${files.join(', ')})`,
      files: new Set(matching.map((file) => resolve(file))),
      rules: (value ?? new Map()) as Severities,
    };
  };
  return Promise.all(all.map(read));
}

const OVERRIDE = '{"files": ["legacy/**"], "rules": {"seq-gap": "warning"}}';

/** A value in a config file and its path, such as `validate.maxWarnings`. */
export interface Setting {
  readonly path: string;
  readonly value: unknown;
}

/**
 * The value of an option in the form that its flag gives.
 * @throws UserError of kind `usage` when the option does not accept the value
 */
export function valueIn(setting: Setting, option: Option, { name, folder }: Config, cwd: string): unknown {
  const refuse = ({ path }: Setting, why: string): never => {
    throw new UserError('usage', `${name}: ${escaped(path)}: ${why}`);
  };
  const form = formOf(option);
  const parts = FORMS[form].parts(setting);
  if (parts === null)
    return refuse(setting, `expected ${FORMS[form].expected}, received ${shown(setting.value)}`);
  if (option.isBoolean()) return setting.value;
  return parts.reduce<unknown>((before, part) => {
    const text = withPath(part.text, option.flags, (written) => {
      if (written === '-') return written;
      const path = isAbsolute(written) ? normalize(written) : relative(cwd, join(folder, written));
      if (!(option instanceof ValueOption && option.writes) || isBelow(folder, resolve(cwd, path)))
        return path;
      throw new UserError(
        'usage',
        `${name}: ${part.path}: ${written} is outside the config file’s folder; a config file can name output files only inside its own folder`,
        `Give ${option.long} on the command line.`,
      );
    });
    try {
      return option.parseArg ? option.parseArg(text, before as never) : text;
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      return refuse(part, reasonOf(error, part));
    }
  }, undefined);
}

/** The form in which a config file sets an option. */
export function formOf(option: Option): keyof typeof FORMS {
  if (option.isBoolean()) return 'boolean';
  const several = option instanceof ValueOption ? option.several : undefined;
  return several ?? (takesNumbers(option) ? 'number' : 'text');
}

/** A setting with the text that one use of the flag would have. */
interface Part extends Setting {
  readonly text: string;
}

interface Form {
  readonly expected: string;
  /** Null when the value has another form. */
  readonly parts: (setting: Setting) => readonly Part[] | null;
}

const FORMS = {
  boolean: {
    expected: 'true or false',
    parts: ({ value }) => (typeof value === 'boolean' ? [] : null),
  },
  text: { expected: 'a non-empty string', parts: (setting) => allOrNull([textOf(setting)]) },
  number: {
    expected: 'a non-empty string or a number',
    parts: (setting) => allOrNull([textOf(setting, true)]),
  },
  list: {
    expected: 'a list of non-empty strings',
    parts: ({ path, value }) =>
      allOrNull(
        Array.isArray(value)
          ? value.map((each: unknown, i) => textOf({ path: `${path}[${i}]`, value: each }))
          : [textOf({ path, value })],
      ),
  },
  pairs: {
    expected: 'an object, as {"NAME": "VALUE"}',
    parts: ({ path, value }) =>
      isJsonObject(value)
        ? allOrNull(
            Object.entries(value).map(([key, each]) => {
              const part = textOf({ path: `${path}.${key}`, value: each });
              return part && { ...part, text: `${key}=${part.text}` };
            }),
          )
        : null,
  },
} as const satisfies Record<string, Form>;

function textOf({ path, value }: Setting, numbers = false): Part | null {
  const isText = (typeof value === 'string' && value !== '') || (numbers && typeof value === 'number');
  return isText ? { path, value, text: String(value) } : null;
}

function allOrNull(parts: readonly (Part | null)[]): readonly Part[] | null {
  const whole = parts.filter((part) => part !== null);
  return whole.length === parts.length ? whole : null;
}

function takesNumbers({ parseArg, argChoices }: Option): boolean {
  return parseArg !== undefined && argChoices === undefined;
}

/** Why an option does not accept a value, in one line with the value received. */
function reasonOf({ message }: Error, { value }: Part): string {
  const reason = `${message[0]?.toLowerCase()}${message.slice(1).replace(/\.$/, '')}`;
  return /^expected (?!.*received)/.test(reason) ? `${reason}, received ${shown(value)}` : reason;
}

/** Replaces the path in a text: the whole text for `<file>`, the part after the colon for `[:file]`. */
function withPath(text: string, flags: string, from: (path: string) => string): string {
  if (flags.includes('<file>')) return from(text);
  const at = flags.includes('[:file]') ? text.indexOf(':') + 1 : 0;
  return at === 0 || at === text.length ? text : text.slice(0, at) + from(text.slice(at));
}
