import type { Command, Option } from 'commander';
import { BEHAVIOUR_IDS } from '../../certify/define.js';
import { DIAGNOSIS_IDS, RULE_IDS, SEVERITIES } from '../../domain/finding.js';
import { FAULT_IDS } from '../../simulate/faults/inject.js';
import { PROFILES } from '../../simulate/profiles.js';
import { type Cli, EXIT, type ExitCode } from '../cli.js';
import type { CommonFlags } from '../options/option.js';
import { openOutput, writeAll } from '../output.js';
import { REPORT_FORMATS } from '../validate/reporters/reporter.js';
import bash from './bash.sh?text';
import fish from './fish.fish?text';
import powershell from './powershell.ps1?text';
import zsh from './zsh.sh?text';

const SCRIPTS = { bash, zsh, fish, powershell } as const;
export type Shell = keyof typeof SCRIPTS;

/** Prints the completion script for a shell. */
export async function runCompletion(shell: Shell, flags: CommonFlags, cli: Cli): Promise<ExitCode> {
  await writeAll(await openOutput(flags.output, cli.stdout), [SCRIPTS[shell]]);
  return EXIT.ok;
}

/**
 * Prints the candidates for the last word, one per line: the candidate, a tab and its description. `:files` means
 * that file names are valid there, `:more` that no space follows.
 * @param bash True for bash, which splits words at `=` and `:`.
 */
export async function runComplete(
  program: Command,
  given: readonly string[],
  bash: boolean,
  cli: Cli,
): Promise<ExitCode> {
  const words = bash ? rejoined(given) : given.map((word) => (word === '""' ? '' : word));
  const { candidates, files, more } = complete(program, words);
  const last = words.at(-1) ?? '';
  const cut = bash ? Math.max(last.lastIndexOf('='), last.lastIndexOf(':')) + 1 : 0;
  const lines = candidates.map(({ value, text }) => `${value.slice(cut)}\t${text}\n`);
  if (files) lines.push(':files\n');
  if (more) lines.push(':more\n');
  await writeAll(await openOutput(undefined, cli.stdout), lines);
  return EXIT.ok;
}

/** The words as they were typed: undoes bash's split at `=` and `:`. */
function rejoined(words: readonly string[]): readonly string[] {
  const whole: string[] = [];
  let joins = false;
  for (const word of words) {
    const separates = word === '=' || word === ':';
    if ((separates || joins) && whole.length > 0) whole[whole.length - 1] += word;
    else whole.push(word);
    joins = separates;
  }
  return whole;
}

/** The candidates for the last word. */
export interface Completions {
  readonly candidates: readonly Candidate[];
  /** Whether file names are valid there as well. */
  readonly files: boolean;
  /** Whether a candidate is only the beginning of a word, so that no space follows it. */
  readonly more: boolean;
}

interface Candidate {
  readonly value: string;
  /** A description in one line; can be empty. */
  readonly text: string;
}

const NOTHING: Completions = { candidates: [], files: false, more: false };
const FILES: Completions = { ...NOTHING, files: true };
const IDS: readonly string[] = [...RULE_IDS, ...DIAGNOSIS_IDS];
const SHELLS = ['bash', 'zsh', 'fish', 'powershell'];

/** The values of a command's argument. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = { rules: IDS, completion: SHELLS };

/** The values of an option, by its name, or by its command and its name. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  endpoint: ['omny', 'mock'],
  profile: PROFILES,
  require: ['all', ...BEHAVIOUR_IDS],
  'validate.format': REPORT_FORMATS,
  'simulate.fault': FAULT_IDS,
  'shrink.rule': RULE_IDS,
  'shrink.diagnosis': DIAGNOSIS_IDS,
};
/** The values of an option such as `--rule`: the part before the `=`, and the part after it. */
const ASSIGNED: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  rule: [IDS, [...SEVERITIES, 'off']],
  allow: [IDS, ['1%', '5%', '10%']],
};

/**
 * Completes a command line.
 * @param words The words after the program's name, up to the cursor. The last word is the one to complete, and can be
 * empty.
 */
export function complete(program: Command, words: readonly string[]): Completions {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const command = program.commands.find((each) => each.name() === before[0]);
  if (!command) {
    if (before.length > 0 && before[0] !== 'help') return NOTHING;
    const commands = commandsOf(program);
    return matching(current, current.startsWith('-') ? optionsOf(program) : commands);
  }
  if (before.includes('--')) return FILES;
  const [, flag, typed] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (flag !== undefined) return prefixed(`${flag}=`, valuesOf(command, optionOf(command, flag), typed!));
  const option = optionOf(command, before.at(-1)!);
  if (option?.required) return valuesOf(command, option, current);
  if (current.startsWith('-')) return matching(current, optionsOf(command));
  const allowed = ARGUMENTS[command.name()];
  if (allowed) return before.length === 1 ? matching(current, plain(allowed)) : NOTHING;
  return command.registeredArguments.length > 0 ? FILES : NOTHING;
}

function commandsOf(program: Command): readonly Candidate[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({ value: command.name(), text: command.summary() || command.description() }));
}

function optionsOf(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, description }) => ({ value: long!, text: description }));
}

function optionOf(command: Command, word: string): Option | undefined {
  return command.options.find(({ long, short }) => word === long || word === short);
}

function valuesOf(command: Command, option: Option | undefined, typed: string): Completions {
  if (!option) return NOTHING;
  const name = option.long!.slice(2);
  const own = VALUES[`${command.name()}.${name}`];
  const assigned = ASSIGNED[name];
  if (assigned && !own) {
    const [ids, values] = assigned;
    const [, id] = /^([^=]*)=/.exec(typed) ?? [];
    if (id !== undefined) return matching(typed, plain(values.map((value) => `${id}=${value}`)));
    return { ...matching(typed, plain(ids.map((each) => `${each}=`))), more: true };
  }
  // FORMAT:FILE
  if (/\[:file\]/.test(option.flags) && typed.includes(':')) return FILES;
  const values = own ?? VALUES[name] ?? option.argChoices;
  if (values) return matching(typed, plain(values));
  return /<file>/.test(option.flags) ? FILES : NOTHING;
}

function plain(values: readonly string[]): readonly Candidate[] {
  return values.map((value) => ({ value, text: '' }));
}

function matching(typed: string, candidates: readonly Candidate[]): Completions {
  return { ...NOTHING, candidates: candidates.filter(({ value }) => value.startsWith(typed)) };
}

function prefixed(prefix: string, completions: Completions): Completions {
  const candidates = completions.candidates.map(({ value, text }) => ({ value: prefix + value, text }));
  return { ...completions, candidates };
}
