import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { UserError } from '../../domain/errors.js';
import { escaped, pluralize } from '../../domain/text.js';
import {
  baselineOf,
  type GatedId,
  type Gates,
  isAboutSessions,
  type Prevalence,
} from '../../validate/gates.js';
import type { ValidationReport } from '../../validate/validate.js';
import { isJsonObject, type JsonObject } from '../../wire/json.js';
import type { Cli } from '../cli.js';
import { openOutput, writeAll } from '../output.js';
import { type CommonFlags, valueOption } from './option.js';
import { KNOWN, ruleOrDiagnosis } from './rules.js';

/** The lowest severity that fails a run. */
export type FailOn = 'error' | 'warning' | 'never';

/** The flags that accept some findings. */
export interface GateFlags {
  readonly allow?: ReadonlyMap<GatedId, number>;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
}

export function addGateOptions(command: Command): Command {
  valueOption<ReadonlyMap<GatedId, number>>(
    command,
    '--allow <id=share>',
    'accept findings of a rule or diagnosis in up to this share of sessions: seq-gap=0.5% (repeatable)',
    { parse: allowance, several: 'pairs' },
  );
  valueOption(
    command,
    '--baseline <file>',
    'fail only on rules and diagnoses that are found in a larger share of sessions than in this file',
    { env: true, writes: true },
  );
  command.option('--update-baseline', 'write the shares of this input to the --baseline file');
  return command;
}

export function addFailOn(command: Command): Command {
  valueOption(command, '--fail-on <severity>', 'exit 1 if findings reach this severity', {
    choices: ['error', 'warning', 'never'],
    default: 'error',
    env: true,
  });
  return command;
}

/** Reads the file of `--baseline`, unless this run writes it. @throws UserError when it cannot be read */
export async function readGates({ allow = new Map(), baseline, updateBaseline }: GateFlags): Promise<Gates> {
  if (updateBaseline && baseline === undefined)
    throw new UserError('usage', '--update-baseline needs --baseline FILE, the file that it writes');
  if (baseline === undefined || updateBaseline) return { allow, baseline: null };
  return { allow, baseline: await readBaseline(baseline) };
}

/** The gates for a report. With `--update-baseline`, writes the new baseline and returns its gates. */
export async function gatesAfterUpdate(
  gates: Gates,
  report: Pick<ValidationReport, 'summary' | 'rules' | 'diagnoses'>,
  flags: GateFlags & CommonFlags,
  cli: Cli,
): Promise<Gates> {
  if (!flags.updateBaseline || flags.baseline === undefined) return gates;
  const baseline = baselineOf(report);
  await writeAll(await openOutput(flags.baseline, cli.stdout), [baselineText(baseline)]);
  if (!flags.quiet) {
    const what = pluralize(baseline.size, 'rule or diagnosis', 'rules and diagnoses');
    cli.stderr.write(`${escaped(flags.baseline)}: written, with ${what}\n`);
  }
  return { ...gates, baseline };
}

/** One line per rule and diagnosis, sorted, so that a review shows what changed. */
function baselineText(baseline: ReadonlyMap<GatedId, Prevalence>): string {
  const lines = [...baseline].map(
    ([id, { sessions, of }]) => `    "${id}": { "sessions": ${sessions}, "of": ${of} }`,
  );
  return `{\n  "version": 1,\n  "found": {${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}}\n}\n`;
}

async function readBaseline(path: string): Promise<ReadonlyMap<GatedId, Prevalence>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw new UserError('input', `${path}: no such baseline`, 'Add --update-baseline to write it.');
    throw new UserError('input', `${path}: cannot be read: ${error.message}`);
  });
  const refuse = (why: string): never => {
    throw new UserError('input', `${path}: ${why}`, 'Write it again with --update-baseline.');
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('is not JSON, expected a baseline');
  }
  const found = isJsonObject(value) && value.version === 1 ? value.found : null;
  if (!isJsonObject(found)) return refuse('expected a baseline, as --update-baseline writes it');
  return new Map(
    Object.entries(found).map(([name, its]) => {
      const id =
        KNOWN.find((known) => known === name) ??
        refuse(`there is no rule or diagnosis ${JSON.stringify(name)}`);
      if (!isAboutSessions(id)) refuse(`${id} always counts: it is not about sessions`);
      const prevalence = isJsonObject(its) ? prevalenceOf(its) : null;
      return [id, prevalence ?? refuse(`${id}: expected { "sessions": N, "of": M }, N at most M`)];
    }),
  );
}

function prevalenceOf({ sessions, of }: JsonObject): Prevalence | null {
  if (typeof sessions !== 'number' || typeof of !== 'number') return null;
  if (!Number.isSafeInteger(sessions) || !Number.isSafeInteger(of)) return null;
  return sessions >= 0 && of > 0 && sessions <= of ? { sessions, of } : null;
}

function allowance(
  text: string,
  before: ReadonlyMap<GatedId, number> = new Map(),
): ReadonlyMap<GatedId, number> {
  const [name = '', written = '', ...more] = text.split('=');
  const id = ruleOrDiagnosis(name);
  if (!isAboutSessions(id))
    throw new InvalidArgumentError(
      `${id} always counts: it is not about sessions, so no share can be allowed.`,
    );
  const [, number = '', percent] = /^(\d+(?:\.\d+)?) ?(%?)$/.exec(written.trim()) ?? [];
  const share = Number(number) / (percent ? 100 : 1);
  if (number === '' || share > 1 || more.length > 0)
    throw new InvalidArgumentError(`Expected a share of the sessions, as in ${id}=0.5% or ${id}=0.005.`);
  return new Map([...before, [id, share]]);
}
