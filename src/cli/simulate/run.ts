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
import type { Cli } from '../cli.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { type CommonFlags, saysMore } from '../options/option.js';
import { type OutputFlags, writeOptionsOf } from '../options/output.js';
import { momentOf } from '../options/parsers.js';
import { type Output, openOutput, writeAll } from '../output.js';
import { progressBar } from '../progress-bar.js';
import { stopSignal } from '../signals.js';
import { keepApart, keepFromData } from '../written-files.js';

const CHUNK = 64;
const LONG_RUN = 20_000;

export async function runSimulate(flags: SimulateFlags, cli: Cli): Promise<ExitCode> {
  keepApart({ 'the output': flags.output, 'the labels': flags.labels });
  keepFromData('--labels', flags.labels, flags.output);
  const seed = flags.seed ?? randomInt(2 ** 32);
  const options = await optionsOf(flags, seed, cli);
  const sessions = simulate(options);
  if (flags.seed === undefined && !flags.quiet) {
    cli.stderr.write(`seed ${seed}: --seed ${seed} makes the same sessions again\n`);
  }
  const labels = flags.labels === undefined ? null : await openOutput(flags.labels, cli.stdout);
  const made = { sessions: 0, events: 0 };
  const bar = isLong(flags, cli) ? progressBar(cli, 'simulating', flags.sessions) : null;
  try {
    const output = await openOutput(flags.output, cli.stdout);
    const items = chunks(sessions, flags.outputFormat, labels, (sessions, events) => {
      made.sessions += sessions;
      made.events += events;
      bar?.increment(sessions);
    });
    await writeAll(output, write(items, writeOptionsOf(flags), { events: 0 }), stopSignal());
    await labels?.close();
  } catch (error) {
    await labels?.abandon();
    throw error;
  } finally {
    bar?.stop();
  }
  if (saysMore(flags)) {
    cli.stderr.write(`made ${pluralize(made.sessions, 'session')}, ${pluralize(made.events, 'event')}\n`);
  }
  return EXIT.ok;
}

/** Whether a bar helps: a long run, watched, whose data does not go to the same terminal. */
function isLong({ sessions, output, quiet }: SimulateFlags, { stdout, stderr }: Cli): boolean {
  return sessions >= LONG_RUN && !quiet && stderr.isTTY && (output !== undefined || !stdout.isTTY);
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
      for (; made < CHUNK; made += 1) {
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

/** A clip as `--clip` names it. */
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

/** What the flags ask `simulate` for. Reads the files they name. */
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

/** The described session in a file. */
export async function scriptOf(path: string): Promise<Script> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError('input', `${path}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`);
  });
  return parseScript(text, path);
}

function faultOf(text: string, format: OutputFormat): FaultShare {
  const [id = '', written, ...more] = text.split('=');
  const rule = known('--fault', 'fault', id, FAULT_IDS);
  const share = written === undefined ? 1 : Number(written);
  if (more.length > 0 || written === '' || !(share >= 0 && share <= 1)) {
    throw new UserError(
      'usage',
      `--fault: expected RULE or RULE=SHARE, with a share from 0 to 1, received ${JSON.stringify(text)}`,
    );
  }
  const formats = CARRIERS[carrierOf(rule)];
  if (!formats.includes(format)) {
    throw new UserError(
      'usage',
      `--fault ${rule} cannot be told in ${format}: it needs --output-format ${formats.join(' or ')}`,
    );
  }
  return { rule, share };
}

async function clipsOf({ clip, clips }: SimulateFlags): Promise<readonly NamedClip[] | undefined> {
  if (clip && clips !== undefined) throw new UserError('usage', 'give --clip or --clips, not both');
  return clips === undefined ? clip : await readClips(clips);
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
    `${option}: no ${noun} is called ${JSON.stringify(name)}`,
    near ? `Did you mean ${near}?` : `There are ${names.join(', ')}.`,
  );
}
