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

/** Commands whose data may leave, or whose doors open: they always say which file set them up. */
const COMMANDS_THAT_NAME_THEIR_CONFIG = ['send', 'mock'];

/**
 * Sets what flags and environment leave open: by the top level of a config file where the command knows the option, and by the command's
 * own section, which wins.
 * @throws UserError of kind `usage` where anything is wrong with the file.
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

/** Sets the severities of some inputs alone. To be done while `--rule` holds what was given by flags, which win. */
async function applyOverrides(config: Config, command: Command, cwd: string): Promise<void> {
  const ruleOption = command.options.find((option) => keyOf(option) === RULES_KEY);
  if (!ruleOption) return;
  const overrides = await overridesIn(config, ruleOption, cwd);
  if (!overrides) return;
  const given = (command.getOptionValue(ruleOption.attributeName()) as Severities | undefined) ?? [];
  command.setOptionValueWithSource(
    'overrides',
    overrides.map(({ files, rules }) => ({ files, rules: new Map([...rules, ...given]) })),
    'config',
  );
}

/** What `mock` sets for the command that it runs, and no option reads. */
const SET_BY_MOCK = 'OMNY_CONSUME_MOCK';

/** Tells of variables that look like settings and set nothing. */
export function warnOfUnknownVariables(commands: readonly Command[], cli: Cli): void {
  const options = commands.flatMap((command) => command.options);
  const known = new Set(options.flatMap(({ envVar }) => envVar?.slice(VARIABLE_PREFIX.length) ?? []));
  for (const name of Object.keys(cli.env).toSorted()) {
    const rest = name.slice(VARIABLE_PREFIX.length);
    if (!name.startsWith(VARIABLE_PREFIX) || name === SET_BY_MOCK || known.has(rest)) continue;
    const flag = `--${rest.toLowerCase().replaceAll('_', '-')}`;
    const near = nearest(rest, known);
    const why = options.some(({ long }) => long === flag)
      ? `${flag} cannot be set in the environment, give the flag`
      : `no option is set by it${near === undefined ? '' : `, did you mean ${VARIABLE_PREFIX}${near}?`}`;
    cli.stderr.write(`warning: ${escaped(name)} is ignored: ${why}\n`);
  }
}

/** From the weakest. */
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

/** The stronger value, and of pairs also what the weaker one has besides. */
function merged(weaker: unknown, stronger: unknown): unknown {
  if (weaker instanceof Map && stronger instanceof Map) return new Map([...weaker, ...stronger]);
  return stronger ?? weaker;
}

/** Data leaves this machine only where a flag, or the environment, says so. */
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
    `${name}: ${path}: ${endpoint.host} is not on this machine: a config file cannot send there`,
    'Give --endpoint, or set OMNY_CONSUME_ENDPOINT.',
  );
}
