import { UserError } from '../../domain/errors.js';
import { pluralize } from '../../domain/text.js';
import { memoryBudget } from '../../sessions/memory.js';
import { inspect } from '../../validate/inspect.js';
import type { Inspected } from '../../validate/inspected.js';
import { INSPECT_DEFAULTS } from '../../validate/options.js';
import { Tally } from '../../validate/tally.js';
import { type Writable, write } from '../../write/write.js';
import type { Cli } from '../cli.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { keepApart, keepFromData } from '../files-apart.js';
import { LostPlaces } from '../lost-places.js';
import { sourcesOf } from '../options/input.js';
import { writeOptionsOf } from '../options/output.js';
import { openReading, type Reading, refusing } from '../options/reading.js';
import { nothingText, tellKeptOut, withinOf } from '../options/window.js';
import { openOutput, writeAll } from '../output.js';
import { stopSignal } from '../signals.js';
import type { ConvertFlags } from './command.js';
import { Fixing } from './fixing.js';

export async function runConvert(files: readonly string[], flags: ConvertFlags, cli: Cli): Promise<ExitCode> {
  keepApart({ 'the output': flags.output, 'the log of changes': flags.fixLog });
  keepApart({ 'the log of changes': flags.fixLog }, files);
  keepFromData('--fix-log', flags.fixLog, flags.output);
  const options = {
    ...INSPECT_DEFAULTS,
    now: flags.now ?? cli.now(),
    memory: memoryBudget(flags.memory),
    within: withinOf(flags),
  };
  const sources = sourcesOf(files, cli);
  const fixing = await Fixing.open(flags, options, cli);
  const spelling = fixing && {
    spell: fixing.fixer.spelled,
    changeBody: fixing.fixer.spelledBody,
    keepOriginal: fixing.fixer.isRespelled,
  };
  const tally = new Tally();
  const lost = new LostPlaces(flags);
  function* noted(some: Iterable<Inspected>): Generator<Inspected> {
    for (const inspected of some) {
      tally.add(inspected);
      lost.note(inspected);
      yield inspected;
    }
  }
  async function* items(reading: Reading): AsyncGenerator<Iterable<Writable>> {
    for await (const some of inspect(refusing(reading), options)) {
      yield fixing ? fixing.fixed(noted(some)) : written(noted(some));
      await fixing?.write();
    }
    if (tally.nothing) throw new UserError('input', nothingText('convert', tally.keptOut));
    if (fixing) {
      yield* fixing.end();
      // Nothing is mended silently: without its log whole, no output takes its name.
      await fixing.close();
    }
  }
  const leftOut = { events: 0 };
  try {
    const reading = await openReading(sources, flags, cli, spelling ?? {});
    const output = await openOutput(flags.output, cli.stdout);
    await writeAll(output, write(items(reading), writeOptionsOf(flags), leftOut), stopSignal());
  } catch (error) {
    await fixing?.abandon();
    throw error;
  }
  tell();
  return lost.count > 0 ? EXIT.invalid : EXIT.ok;

  function tell(): void {
    lost.tell(cli, 'the output');
    if (flags.quiet) return;
    tellKeptOut(tally.keptOut, flags, cli);
    const { sessions, events, errors } = tally.summary();
    if (leftOut.events > 0) {
      cli.stderr.write(
        `${pluralize(leftOut.events, 'event')} left out: no session that ${flags.outputFormat} could hold it in\n`,
      );
    }
    const inAll = events + (fixing?.addedEvents ?? 0);
    cli.stderr.write(`converted ${pluralize(sessions, 'session')}, ${pluralize(inAll, 'event')}\n`);
    fixing?.tell();
    if (!fixing && errors > lost.count) {
      cli.stderr.write(
        `${pluralize(errors - lost.count, 'error')} in the data: omny-consume validate explains\n`,
      );
    }
  }
}

/** What is written of what inspection tells: what was sent again, once. */
function* written(some: Iterable<Inspected>): Generator<Writable> {
  for (const inspected of some) {
    if (inspected.kind === 'stray') yield inspected;
    else if (inspected.kind === 'session' && inspected.occurrence !== 'resent') yield inspected;
  }
}
