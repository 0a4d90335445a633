import type { Command } from 'commander';
import { UserError } from '../../domain/errors.js';
import { escaped, nearest } from '../../domain/text.js';
import type { Endpoint } from '../../send/endpoint.js';
import type { Cli } from '../cli.js';
import { type CommonFlags, isVerbose, VARIABLE_PREFIX } from '../options/option.js';
import type { Severities } from '../options/rules.js';
import { type Config, type ConfigPlace, readConfig } from './read.js';
import {
  checkKeys,
  configurable,
  flagOnly,
  keyOf,
  overridesIn,
  RULES_KEY,
  type Setting,
  sectionOf,
  valueIn,
} from './settings.js';

/** Commands that send data or open a port. They always print which config file they use. */
const COMMANDS_THAT_NAME_THEIR_CONFIG = ['send', 'mock'];

/**
 * Applies a config file to the options that flags and environment leave unset: the top level for every command that
 * has the option, then the command's own section, which wins.
 * @throws UserError of kind `usage` when the file is not valid
 */
export async function applyConfig(place: ConfigPlace, command: Command, cli: Cli): Promise<Config> {
  const cwd = cli.cwd();
  const config = await readConfig(place, cli);
  checkKeys(config, command.parent?.commands ?? []);
  await applyOverrides(config, command, cwd);
  for (const [key, option] of configurable(command)) {
    const settings = settingsOf(key, command, config);
    if (settings.length === 0) continue;
    const name = option.attributeName();
    let value: unknown;
    for (const setting of settings) {
      if (setting.value === false && command.options.some(({ long }) => long === `--no-${option.name()}`)) {
        throw flagOnly(setting.path, `--no-${option.name()}`, config);
      }
      if (option.long === '--endpoint') await refuseRemote(setting, config);
      value = merged(value, valueIn(setting, option, config, cwd));
    }
    const source = command.getOptionValueSource(name);
    const given = source === 'cli' || source === 'env' ? command.getOptionValue(name) : undefined;
    command.setOptionValueWithSource(name, merged(value, given), given === undefined ? 'config' : source);
  }
  // A config file cannot silence this line.
  const mustReport =
    COMMANDS_THAT_NAME_THEIR_CONFIG.includes(command.name()) &&
    command.getOptionValueSource('quiet') !== 'cli';
  if (mustReport || isVerbose(command.opts<CommonFlags>())) {
    cli.stderr.write(`settings from ${escaped(config.name)}\n`);
  }
  return config;
}

/** Sets severities for some inputs only. Call it before the file sets `--rule`: here only flags win over overrides. */
async function applyOverrides(config: Config, command: Command, cwd: string): Promise<void> {
  const ruleOption = command.options.find((option) => keyOf(option) === RULES_KEY);
  if (!ruleOption) return;
  const overrides = await overridesIn(config, ruleOption, cwd);
  if (!overrides) return;
  const given = (command.getOptionValue(ruleOption.attributeName()) as Severities | undefined) ?? [];
  command.setOptionValueWithSource(
    'overrides',
    overrides.map((override) => ({ ...override, rules: new Map([...override.rules, ...given]) })),
    'config',
  );
}

/** A variable that `mock` sets for the command that it runs. No option reads it. */
const SET_BY_MOCK = 'OMNY_CONSUME_MOCK';

/** Warns of variables that look like settings but set nothing. */
export function warnOfUnknownVariables(commands: readonly Command[], cli: Cli): void {
  const options = commands.flatMap((command) => command.options);
  const known = new Set(options.flatMap(({ envVar }) => envVar?.slice(VARIABLE_PREFIX.length) ?? []));
  for (const name of Object.keys(cli.env).toSorted()) {
    const rest = name.slice(VARIABLE_PREFIX.length);
    if (!name.startsWith(VARIABLE_PREFIX) || name === SET_BY_MOCK || known.has(rest)) continue;
    const flag = `--${rest.toLowerCase().replaceAll('_', '-')}`;
    const near = nearest(rest, known);
    const why = options.some(({ long }) => long === flag)
      ? `${flag} cannot be set in the environment: give the flag`
      : `it sets no option${near === undefined ? '' : `. Did you mean ${VARIABLE_PREFIX}${near}?`}`;
    cli.stderr.write(`warning: ${escaped(name)} is ignored: ${why}\n`);
  }
}

/** The settings of a key, the weakest first. */
function settingsOf(key: string, command: Command, config: Config): Setting[] {
  const { settings } = config;
  const section = sectionOf(command, config);
  const named = command.parent?.commands.find((other) => other.name() === key);
  const atTop = Object.hasOwn(settings, key) && !(named && sectionOf(named, config));
  return [
    ...(atTop ? [{ path: key, value: settings[key] }] : []),
    ...(section && Object.hasOwn(section, key)
      ? [{ path: `${command.name()}.${key}`, value: section[key] }]
      : []),
  ];
}

/** The stronger value. For key-value pairs, also the pairs that only the weaker value has. */
function merged(weaker: unknown, stronger: unknown): unknown {
  if (weaker instanceof Map && stronger instanceof Map) return new Map([...weaker, ...stronger]);
  return stronger ?? weaker;
}

/** Refuses an endpoint on another host: only a flag or the environment can set one. */
async function refuseRemote({ path, value }: Setting, { name }: Config): Promise<void> {
  if (typeof value !== 'string') return;
  const { parseEndpoint } = await import('../../send/endpoint.js');
  let endpoint: Endpoint;
  try {
    endpoint = parseEndpoint(value);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError('usage', `${name}: ${path}: ${error.message}`, error.advice);
  }
  if (endpoint.loopback) return;
  throw new UserError(
    'usage',
    `${name}: ${path}: ${endpoint.host} is not on this machine: a config file cannot set an endpoint on another host`,
    'Give --endpoint, or set OMNY_CONSUME_ENDPOINT.',
  );
}
