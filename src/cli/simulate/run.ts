import { randomInt } from 'node:crypto';
import { UserError } from '../../domain/errors.js';
import { readClips } from '../../read/clips.js';
import { nearest } from '../../read/csv-nearest.js';
import { parseTime } from '../../read/times.js';
import {
  PROFILES,
  type ProfileShare,
  SIMULATE_DEFAULTS,
  type SimulateOptions,
  simulate,
} from '../../simulate/simulate.js';
import { type Writable, write } from '../../write/write.js';
import type { Cli } from '../cli.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { writeOptionsOf } from '../options/output.js';
import { openOutput, writeAll } from '../output.js';
import { stopSignal } from '../signals.js';
import type { NamedClip, SimulateFlags } from './command.js';

const CHUNK = 64;

export async function runSimulate(flags: SimulateFlags, cli: Cli): Promise<ExitCode> {
  const options = await optionsOf(flags);
  if (flags.seed === undefined && !flags.quiet) {
    cli.stderr.write(`seed ${options.seed}: --seed ${options.seed} makes the same sessions again\n`);
  }
  const output = await openOutput(flags.output, cli.stdout);
  await writeAll(output, write(chunks(options), writeOptionsOf(flags), { events: 0 }), stopSignal());
  return EXIT.ok;
}

async function optionsOf(flags: SimulateFlags): Promise<SimulateOptions> {
  const { sessions, seed = randomInt(2 ** 32), organization, source, period } = flags;
  return {
    sessions,
    seed,
    organization,
    source,
    period,
    start: flags.start === undefined ? SIMULATE_DEFAULTS.start : startOf(flags.start),
    clips: await clipsOf(flags),
    profiles: flags.profile === undefined ? undefined : profilesOf(flags.profile),
  };
}

async function* chunks(options: SimulateOptions): AsyncGenerator<readonly Writable[]> {
  let chunk: Writable[] = [];
  for (const session of simulate(options)) {
    chunk.push({ kind: 'session', session });
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  yield chunk;
}

function startOf(text: string): number {
  const time = parseTime(text);
  if ('seconds' in time) return Math.floor(time.seconds);
  const { expected, received, hint } = time.problem;
  throw new UserError('usage', `--start: expected ${expected}, received ${received}`, hint);
}

async function clipsOf({ clip, clips }: SimulateFlags): Promise<readonly NamedClip[] | undefined> {
  if (clip && clips !== undefined) throw new UserError('usage', 'give --clip or --clips, not both');
  return clips === undefined ? clip : await readClips(clips);
}

function profilesOf(text: string): ProfileShare[] {
  return text.split(',').map((item) => {
    const [name = '', weight = '1'] = item.trim().split('=');
    const profile = PROFILES.find((known) => known === name);
    if (!profile) {
      const near = nearest(name, PROFILES);
      throw new UserError(
        'usage',
        `--profile: no profile is called ${JSON.stringify(name)}`,
        near ? `Did you mean ${near}?` : `There are ${PROFILES.join(', ')}.`,
      );
    }
    if (!(Number(weight) > 0) || Number(weight) === Number.POSITIVE_INFINITY) {
      throw new UserError('usage', `--profile: expected a weight above 0, received ${JSON.stringify(item)}`);
    }
    return { name: profile, weight: Number(weight) };
  });
}
