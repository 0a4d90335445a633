import { isDeepStrictEqual } from 'node:util';
import type { Command, Option } from 'commander';
import { escaped } from '../../domain/text.js';
import { isAboutSessions } from '../../validate/gates.js';
import type { JsonObject } from '../../wire/json.js';
import { optionHelp } from '../options/option.js';
import { KNOWN, LEVELS } from '../options/rules.js';
import { configurable, formOf, keyOf, RULES_KEY } from './settings.js';

/** Options about the settings that are not settings themselves. */
const NO_SETTINGS = new Set(['config', 'printConfig']);

const SOURCES: Readonly<Record<string, string>> = {
  cli: 'flag',
  env: 'environment',
  config: 'config file',
  default: 'default',
};

/** The effective settings of a command as JSON, each with its origin. @param config The config file that was read. */
export function settingsText(command: Command, config: string | null): string {
  const settings = command.options.flatMap((option) => {
    const name = option.attributeName();
    const value: unknown = command.getOptionValue(name);
    if (value === undefined || NO_SETTINGS.has(name)) return [];
    const from = SOURCES[command.getOptionValueSource(name) ?? ''] ?? 'default';
    return [[keyOf(option), { value: shown(value), from }]];
  });
  const document = { command: command.name(), config, settings: Object.fromEntries(settings) as object };
  const lines = JSON.stringify(document, null, 2).split('\n');
  return `${lines.map(escaped).join('\n')}\n`;
}

/** A value as JSON can hold it, without the password that a URL can contain. */
function shown(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return typeof value === 'string' ? value.replace(/(?<=:\/\/)[^/@]*@/, '***@') : value;
}

/** The JSON Schema of a config file. */
export function configSchema(commands: readonly Command[]): JsonObject {
  const variants = variantsOf(commands);
  const sections = new Map(
    commands
      .filter((command) => command.name() !== RULES_KEY && configurable(command).size > 0)
      .map((command) => [command.name(), sectionSchema(command, variants)]),
  );
  const keys = [...new Set([...variants.keys(), ...sections.keys()])];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Settings of omny-consume',
    type: 'object',
    properties: {
      $schema: { type: 'string', description: 'The schema of this file, for editors.' },
      ...Object.fromEntries(
        keys.map((key) => [
          key,
          anyOf([...(variants.get(key) ?? []), ...(sections.has(key) ? [sections.get(key)!] : [])]),
        ]),
      ),
      overrides: OVERRIDES,
    },
    additionalProperties: false,
  };
}

/** The schema of a command's section. It repeats a key's schema only if the key has several meanings. */
function sectionSchema(command: Command, variants: ReadonlyMap<string, readonly JsonObject[]>): JsonObject {
  const names = command.parent?.commands.map((other) => other.name()) ?? [];
  const properties = [...configurable(command)].map(([key, option]) => {
    const same = variants.get(key)?.length === 1 && !names.includes(key);
    return [key, same ? { $ref: `#/properties/${key}` } : schemaOf(option)] as const;
  });
  return {
    type: 'object',
    description: `For this command alone: ${command.summary() || command.description()}`,
    properties: Object.fromEntries(properties),
    additionalProperties: false,
  };
}

function anyOf(schemas: readonly JsonObject[]): JsonObject {
  const [first = {}] = schemas;
  return schemas.length > 1 ? { anyOf: schemas } : first;
}

/** The schemas of each key: several when commands mean different things by it. */
function variantsOf(commands: readonly Command[]): ReadonlyMap<string, readonly JsonObject[]> {
  const variants = new Map<string, JsonObject[]>();
  for (const [key, option] of commands.flatMap((command) => [...configurable(command)])) {
    const schema = schemaOf(option);
    const before = variants.get(key) ?? [];
    variants.set(key, before);
    if (!before.some((other) => isDeepStrictEqual(other, schema))) before.push(schema);
  }
  return variants;
}

function schemaOf(option: Option): JsonObject {
  return { description: optionHelp(option), ...typeOf(option) };
}

const SEVERITIES = { propertyNames: { enum: KNOWN }, additionalProperties: { enum: LEVELS } };

const OVERRIDES = {
  description:
    'Severities of rules for the inputs that match patterns; the last entry that matches an input wins.',
  type: 'array',
  items: {
    type: 'object',
    properties: {
      files: { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 },
      rules: { type: 'object', ...SEVERITIES },
    },
    required: ['files', 'rules'],
    additionalProperties: false,
  },
} as const;

const TEXT = { type: 'string', minLength: 1 } as const;

function typeOf(option: Option): JsonObject {
  switch (formOf(option)) {
    case 'boolean':
      return { type: 'boolean' };
    case 'number':
      return { type: ['number', 'string'] };
    case 'text':
      return option.argChoices ? { enum: option.argChoices } : TEXT;
    case 'list':
      return { anyOf: [TEXT, { type: 'array', items: TEXT }] };
    case 'pairs':
      return { type: 'object', ...pairsOf(option) };
  }
}

function pairsOf(option: Option): JsonObject {
  if (option.long === '--rule') return SEVERITIES;
  if (option.long === '--allow')
    return { propertyNames: { enum: KNOWN.filter(isAboutSessions) }, additionalProperties: TEXT };
  return { additionalProperties: TEXT };
}
