import { randomInt } from 'node:crypto';
import { UserError } from '../../domain/errors.js';
import { pluralize } from '../../domain/text.js';
import { labelsOf, SessionMaker, type SimulatedSession, simulate } from '../../simulate/simulate.js';
import type { OutputFormat } from '../../write/output-formats.js';
import { type Writable, write } from '../../write/write.js';
import { type Cli, EXIT, type ExitCode, stopSignal } from '../cli.js';
import { isVerbose, writeOptionsOf } from '../options/option.js';
import { type Output, openOutput, writeAll } from '../output.js';
import { progressBar } from '../send/progress.js';
import { requireDistinctFiles, requireNotStdout } from '../written-files.js';
import { optionsOf, type SimulateFlags } from './settings.js';

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
  const bar = isLong(flags, cli) ? progressBar(cli, 'simulating', flags.sessions) : null;
  try {
    const output = await openOutput(flags.output, cli.stdout);
    const items = chunks(sessions, flags.outputFormat, labels, (sessions, events) => {
      made.sessions += sessions;
      made.events += events;
      bar?.increment(sessions);
    });
    const whole = await writeAll(output, write(items, writeOptionsOf(flags), { events: 0 }), stopSignal());
    if (whole) await labels?.close();
    else await labels?.abandon();
  } catch (error) {
    await labels?.abandon();
    throw error;
  } finally {
    bar?.stop();
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
