import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { type BehaviourId, behavioursNamed } from '../../certify/define.js';
import { UserError } from '../../domain/errors.js';
import { DIAGNOSIS_IDS, type DiagnosisId, RULE_IDS, type RuleId, SEVERITIES } from '../../domain/finding.js';
import { guidKey } from '../../domain/guid.js';
import { escaped, nearest } from '../../domain/text.js';
import { type InputSource, nameOf } from '../../read/source.js';
import { memoryBudget } from '../../sessions/memory.js';
import { durationsOf, readClips } from '../../table/clip-tables.js';
import type { InspectOptions, SeverityInForce } from '../../validate/options.js';
import type { Cli } from '../cli.js';
import type { InputFlags } from './input.js';
import { valueOption } from './option.js';
import { finiteNumber } from './parsers.js';

/** The flags of commands that apply rules. */
export interface RuleFlags {
  readonly rule?: Severities;
  /** Set by a config file only. The last override that names an input wins. */
  readonly overrides?: readonly RuleOverride[];
  readonly minDuration: number;
  readonly maxSpeed: number;
  readonly clips?: string;
  readonly now?: number;
}

/** Settings of a config file for some inputs. */
export interface RuleOverride {
  /** The setting and its patterns, for people. */
  readonly name: string;
  /** Absolute paths. */
  readonly files: ReadonlySet<string>;
  readonly rules: Severities;
}

/** The severities that were set, by rule or diagnosis. */
export type Severities = ReadonlyMap<RuleId | DiagnosisId, SeverityInForce>;

/** Every id that can have a severity. */
export const KNOWN: readonly (RuleId | DiagnosisId)[] = [...RULE_IDS, ...DIAGNOSIS_IDS];
/** The values of a severity. */
export const LEVELS: readonly SeverityInForce[] = [...SEVERITIES, 'off'];

export function addRuleOptions(command: Command): Command {
  valueOption<Severities>(
    command,
    '--rule <id=severity>',
    `set the severity of a rule or diagnosis: ${LEVELS.join(', ')} (repeatable)`,
    { parse: ruleSeverity, several: 'pairs' },
  );
  return addRuleSettings(command);
}

/** Adds the options that set the rules, except severities. */
export function addRuleSettings(command: Command): Command {
  valueOption(command, '--min-duration <seconds>', 'count a session that played less than this as filtered', {
    parse: finiteNumber(0),
    default: 10,
    env: true,
  });
  addMaxSpeedOption(command);
  addClipsOption(command);
  return command;
}

export function addMaxSpeedOption(command: Command): void {
  valueOption(command, '--max-speed <factor>', 'highest playback speed to accept', {
    parse: finiteNumber(0, { above: true }),
    default: 4,
    env: true,
  });
}

export function addClipsOption(command: Command): void {
  valueOption(
    command,
    '--clips <file>',
    'durations of clips: CSV with ClipId and Duration (s), an Omny RSS feed, or JSON of the consumer API',
    { env: true },
  );
}

/** The settings of the rules, and the titles of clips in `--clips`. */
export interface RuleSettings extends InspectOptions {
  /** By clip ids in lower case. */
  readonly clipTitles: ReadonlyMap<string, string>;
}

/** The settings of the rules. Reads the file of `--clips`. */
export async function inspectOptionsOf(
  flags: RuleFlags & Partial<Pick<InputFlags, 'memory'>>,
  cli: Cli,
): Promise<RuleSettings> {
  const clips = flags.clips === undefined ? [] : await readClips(flags.clips);
  return {
    now: flags.now ?? cli.now(),
    minDuration: flags.minDuration,
    maxSpeed: flags.maxSpeed,
    clipDurations: durationsOf(clips),
    clipTitles: new Map(
      clips.flatMap(({ id, title }) => (title === undefined ? [] : [[guidKey(id), title]])),
    ),
    severities: flags.rule ?? new Map(),
    severitiesIn: flags.overrides && severitiesIn(flags.overrides),
    memory: memoryBudget(flags.memory),
  };
}

/** Reports the overrides of a config file whose patterns match no input of this run. */
export function reportUnusedOverrides(
  { overrides = [], quiet }: Pick<RuleFlags, 'overrides'> & { readonly quiet?: boolean },
  inputs: readonly InputSource[],
  { stderr }: Cli,
): void {
  const paths = inputs.map((input) => resolve(nameOf(input)));
  const unused = overrides.filter(({ files }) => !paths.some((path) => files.has(path)));
  if (unused.length > 0 && !quiet)
    stderr.write(`no input of this run matches ${escaped(unused.map(({ name }) => name).join('; '))}\n`);
}

function severitiesIn(overrides: readonly RuleOverride[]): InspectOptions['severitiesIn'] {
  const known = new Map<number, Severities>();
  return ({ index, name }) => {
    let its = known.get(index);
    if (!its) {
      const matching = overrides.filter(({ files }) => files.has(resolve(name)));
      its = new Map(matching.flatMap(({ rules }) => [...rules]));
      known.set(index, its);
    }
    return its;
  };
}

/** The rule or diagnosis with that id. @throws InvalidArgumentError for any other id */
export function ruleOrDiagnosis(id: string): RuleId | DiagnosisId {
  const found = KNOWN.find((known) => known === id);
  if (found) return found;
  const near = nearest(id, KNOWN);
  throw new InvalidArgumentError(
    `There is no rule or diagnosis "${id}".${near ? ` Did you mean ${near}?` : ''}`,
  );
}

export function ruleSeverity(text: string, before: Severities = new Map()): Severities {
  const [id = '', severity = '', ...more] = text.split('=');
  const rule = ruleOrDiagnosis(id);
  const level = LEVELS.find((known) => known === severity);
  if (!level || more.length > 0) {
    throw new InvalidArgumentError(`Expected error, warning, info or off as the severity of ${rule}.`);
  }
  return new Map([...before, [rule, level]]);
}

/** The formats of the sheet of behaviours. */
export const SHEET_FORMATS = ['pretty', 'json', 'markdown', 'html', 'junit'] as const;
export type SheetFormat = (typeof SHEET_FORMATS)[number];

/** @param note What else the option does, to add to its help. */
export function addRequireOption(command: Command, note = ''): void {
  valueOption<ReadonlySet<BehaviourId>>(
    command,
    '--require <behaviours>',
    `exit 1 unless these are seen right: all, or ids such as pause,seek-forward${note} (repeatable)`,
    { parse: required, several: 'list', env: true },
  );
}

function required(text: string, before: ReadonlySet<BehaviourId> = new Set()): ReadonlySet<BehaviourId> {
  try {
    return new Set([...before, ...behavioursNamed(text.split(',').map((name) => name.trim()))]);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new InvalidArgumentError(error.advice ?? error.message);
  }
}
