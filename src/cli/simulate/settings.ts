import { readFile } from 'node:fs/promises';
import { UserError } from '../../domain/errors.js';
import { nearest } from '../../domain/text.js';
import { parseScript, type Script } from '../../simulate/script.js';
import {
  type Carrier,
  carrierOf,
  FAULT_IDS,
  type FaultShare,
  PROFILES,
  type ProfileShare,
  type Shard,
  SIMULATE_DEFAULTS,
  type SimulateOptions,
} from '../../simulate/simulate.js';
import { type Clip, readClips } from '../../table/clip-tables.js';
import type { OutputFormat } from '../../write/output-formats.js';
import type { Cli } from '../cli.js';
import type { CommonFlags, OutputFlags } from '../options/option.js';
import { momentOf } from '../options/parsers.js';

/** A clip in the form of `--clip`. */
export type NamedClip = Pick<Clip, 'id'> & Partial<Clip>;

export interface SimulateFlags extends CommonFlags, OutputFlags {
  readonly sessions: number;
  readonly seed?: number;
  readonly organization?: string;
  readonly clip?: readonly NamedClip[];
  readonly clips?: string;
  readonly start?: string;
  /** Seconds. */
  readonly period: number;
  /** `NAME[=WEIGHT],...` */
  readonly profile?: string;
  readonly script?: string;
  /** `RULE[=SHARE]` */
  readonly fault?: readonly string[];
  readonly labels?: string;
  readonly shard?: Shard;
}

const CARRIERS: Readonly<Record<Carrier, readonly OutputFormat[]>> = {
  any: ['ndjson', 'json', 'csv', 'bodies'],
  events: ['ndjson', 'json', 'csv'],
  json: ['ndjson', 'json'],
  bodies: ['bodies'],
};

/** The options for `simulate`. Reads the files that the flags name. */
export async function optionsOf(flags: SimulateFlags, seed: number, cli: Cli): Promise<SimulateOptions> {
  const { sessions, organization, source, period, shard } = flags;
  return {
    sessions,
    seed,
    organization,
    source,
    period,
    shard,
    start:
      flags.start === undefined
        ? SIMULATE_DEFAULTS.start
        : Math.floor(momentOf('--start', flags.start, flags, cli)),
    clips: await clipsOf(flags),
    profiles: flags.profile === undefined ? undefined : profilesOf(flags.profile),
    script: flags.script === undefined ? undefined : await scriptOf(flags.script),
    faults: flags.fault?.map((text) => faultOf(text, flags.outputFormat)),
  };
}

/** Reads a script from a file. */
export async function scriptOf(path: string): Promise<Script> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError('input', `${path}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`);
  });
  return parseScript(text, path);
}

function faultOf(text: string, format: OutputFormat): FaultShare {
  const [id = '', written, ...more] = text.split('=');
  const rule = known('--fault', 'fault', id, FAULT_IDS);
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(written ?? '')?.[1];
  const share = written === undefined ? 1 : percent === undefined ? Number(written) : Number(percent) / 100;
  if (more.length > 0 || written === '' || !(share >= 0 && share <= 1)) {
    throw new UserError(
      'usage',
      `--fault: expected RULE or RULE=SHARE, with a share from 0 to 1 or such as 5%, received ${JSON.stringify(text)}`,
    );
  }
  const formats = CARRIERS[carrierOf(rule)];
  if (!formats.includes(format)) {
    throw new UserError(
      'usage',
      `--fault ${rule} cannot be written as ${format}: it needs --output-format ${formats.join(' or ')}`,
    );
  }
  return { rule, share };
}

async function clipsOf({ clip, clips }: SimulateFlags): Promise<readonly NamedClip[] | undefined> {
  if (clip && clips !== undefined) throw new UserError('usage', 'give --clip or --clips, not both');
  return clips === undefined ? clip : (await readClips(clips)).filter(({ seconds }) => seconds !== undefined);
}

function profilesOf(text: string): ProfileShare[] {
  return text.split(',').map((item) => {
    const [id = '', weight = '1'] = item.trim().split('=');
    const name = known('--profile', 'profile', id, PROFILES);
    if (!(Number(weight) > 0) || Number(weight) === Number.POSITIVE_INFINITY) {
      throw new UserError('usage', `--profile: expected a weight above 0, received ${JSON.stringify(item)}`);
    }
    return { name, weight: Number(weight) };
  });
}

function known<N extends string>(option: string, noun: string, name: string, names: readonly N[]): N {
  const found = names.find((candidate) => candidate === name);
  if (found) return found;
  const near = nearest(name, names);
  throw new UserError(
    'usage',
    `${option}: there is no ${noun} ${JSON.stringify(name)}`,
    near ? `Did you mean ${near}?` : `Expected one of ${names.join(', ')}.`,
  );
}
