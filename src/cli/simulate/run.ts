import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { UserError } from '../../domain/errors.js';
import { nearest, pluralize } from '../../domain/text.js';
import { parseScript, type Script } from '../../simulate/script.js';
import {
  type Carrier,
  carrierOf,
  FAULT_IDS,
  type FaultShare,
  labelsOf,
  PROFILES,
  type ProfileShare,
  SessionMaker,
  type Shard,
  SIMULATE_DEFAULTS,
  type SimulatedSession,
  type SimulateOptions,
  simulate,
} from '../../simulate/simulate.js';
import { type Clip, readClips } from '../../table/clip-tables.js';
import type { OutputFormat } from '../../write/output-formats.js';
import { type Writable, write } from '../../write/write.js';
import { type Cli, EXIT, type ExitCode, stopSignal } from '../cli.js';
import { type CommonFlags, isVerbose, type OutputFlags, writeOptionsOf } from '../options/option.js';
import { momentOf } from '../options/parsers.js';
import { type Output, openOutput, writeAll } from '../output.js';
import { ProgressLine } from '../progress-line.js';
import { requireDistinctFiles, requireNotStdout } from '../written-files.js';

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
async function optionsOf(flags: SimulateFlags, seed: number, cli: Cli): Promise<SimulateOptions> {
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
      `--fault: expected RULE or RULE=SHARE, with a share such as 0.05 or 5%, received ${JSON.stringify(text)}`,
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

const SESSIONS_PER_CHUNK = 64;
const MIN_SESSIONS_FOR_BAR = 20_000;

export async function runSimulate(flags: SimulateFlags, cli: Cli): Promise<ExitCode> {
  requireDistinctFiles({ 'the output': flags.output, 'the labels': flags.labels }, [
    flags.clips,
    flags.script,
  ]);
  requireNotStdout('--labels', flags.labels, flags.output);
  const seed = flags.seed ?? randomInt(2 ** 32);
  const options = await optionsOf(flags, seed, cli);
  const sessions = simulate(options);
  if (flags.seed === undefined && !flags.quiet) {
    cli.stderr.write(`seed ${seed}: --seed ${seed} makes the same sessions again\n`);
  }
  const labels = flags.labels === undefined ? null : await openOutput(flags.labels, cli.stdout);
  const made = { sessions: 0, events: 0 };
  const line = isLong(flags, cli) ? new ProgressLine(cli.stderr) : null;
  try {
    const output = await openOutput(flags.output, cli.stdout);
    const items = chunks(sessions, flags.outputFormat, labels, (sessions, events) => {
      made.sessions += sessions;
      made.events += events;
      line?.showShare('simulating', made.sessions, flags.sessions);
    });
    const whole = await writeAll(output, write(items, writeOptionsOf(flags), { events: 0 }), stopSignal());
    if (whole) await labels?.close();
    else await labels?.abandon();
  } catch (error) {
    await labels?.abandon();
    throw error;
  } finally {
    line?.clear();
  }
  if (flags.script !== undefined && made.sessions > 0 && made.events === 0) throw nothingPlayed(flags.script);
  if (isVerbose(flags)) {
    cli.stderr.write(`made ${pluralize(made.sessions, 'session')}, ${pluralize(made.events, 'event')}\n`);
  }
  return EXIT.ok;
}

function nothingPlayed(script: string): UserError {
  return new UserError(
    'input',
    `${script}: no event was written: every play of the script starts at or after the end of its clip`,
    'Seek to an earlier position, or give a longer clip with --clip ID:SECONDS.',
  );
}

/** Whether to show a bar: for a long run on a terminal, unless the data goes to the same terminal. */
function isLong({ sessions, output, quiet }: SimulateFlags, { stdout, stderr }: Cli): boolean {
  return (
    sessions >= MIN_SESSIONS_FOR_BAR && !quiet && stderr.isTTY && (output !== undefined || !stdout.isTTY)
  );
}

async function* chunks(
  sessions: Generator<SimulatedSession>,
  format: OutputFormat,
  labels: Output | null,
  onMade: (sessions: number, events: number) => void,
): AsyncGenerator<Iterable<Writable>> {
  const maker = new SessionMaker();
  let ended = false;
  while (!ended) {
    let labelled = '';
    let made = 0;
    let events = 0;
    yield (function* some() {
      for (; made < SESSIONS_PER_CHUNK; made += 1) {
        const { value: session, done } = sessions.next();
        ended = done === true;
        if (!session) return;
        if (labels) for (const label of labelsOf(session)) labelled += `${JSON.stringify(label)}\n`;
        events += session.events.length;
        yield* written(session, format, maker);
      }
    })();
    await labels?.write(labelled);
    onMade(made, events);
  }
}

function written(session: SimulatedSession, format: OutputFormat, maker: SessionMaker): Writable[] {
  const requests = session.fault?.requests;
  if (format !== 'bodies' || !requests)
    return [{ kind: 'session', session: maker.sessionOf(session.events) }];
  return requests.map((body) => ({ kind: 'request', body }));
}
