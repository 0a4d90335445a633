import { UserError } from '../../domain/errors.js';
import { type Finding, messageOf } from '../../domain/finding.js';
import { latestTimestamp } from '../../rules/event/timestamp-future.js';
import { escaped } from '../../rules/words.js';
import { memoryBudget } from '../../sessions/memory.js';
import { inspect } from '../../validate/inspect.js';
import type { Inspected } from '../../validate/inspected.js';
import { INSPECT_DEFAULTS } from '../../validate/options.js';
import { Tally } from '../../validate/tally.js';
import { type Writable, writeBytes } from '../../write/write.js';
import type { Cli } from '../cli.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { sourcesOf } from '../options/input.js';
import { writeOptionsOf } from '../options/output.js';
import { openReading, refusing } from '../options/reading.js';
import { nothingText, tellKeptOut, withinOf } from '../options/window.js';
import { openOutput, writeAll } from '../output.js';
import { stopSignal } from '../signals.js';
import { count } from '../words.js';
import type { ConvertFlags } from './command.js';

/** How many broken lines are told one by one. */
const SHOWN = 5;

export async function runConvert(files: readonly string[], flags: ConvertFlags, cli: Cli): Promise<ExitCode> {
  const options = {
    ...INSPECT_DEFAULTS,
    now: flags.now ?? cli.now(),
    memory: memoryBudget(flags.memory),
    within: withinOf(flags),
  };
  const plainUntil = latestTimestamp(options);
  const reading = await openReading(sourcesOf(files, cli), flags, cli, { plainUntil });
  const tally = new Tally();
  const broken: Finding[] = [];
  async function* items(): AsyncGenerator<readonly Writable[]> {
    for await (const chunk of inspect(refusing(reading), options)) {
      for (const inspected of chunk) {
        tally.add(inspected);
        if (inspected.kind === 'finding' && inspected.finding.rule === 'syntax' && broken.length < SHOWN) {
          broken.push(inspected.finding);
        }
      }
      yield chunk.filter(isWritten);
    }
    if (tally.nothing) throw new UserError('input', nothingText('convert', tally.keptOut));
  }
  const leftOut = { events: 0 };
  const output = await openOutput(flags.output, cli.stdout);
  await writeAll(output, writeBytes(items(), writeOptionsOf(flags), leftOut), stopSignal());
  tell();
  return tally.ofRule('syntax') > 0 ? EXIT.invalid : EXIT.ok;

  function tell(): void {
    const lost = tally.ofRule('syntax');
    for (const finding of broken) {
      const { input, line, column } = finding.place;
      cli.stderr.write(`error: ${escaped(`${input.name}:${line}:${column}: ${messageOf(finding)}`)}\n`);
    }
    if (lost > 0) {
      cli.stderr.write(
        `${count(lost, 'place')} could not be read: what stood there is missing from the output\n`,
      );
    }
    if (flags.quiet) return;
    tellKeptOut(tally.keptOut, flags, cli);
    const { sessions, events, errors } = tally.summary();
    if (leftOut.events > 0) {
      cli.stderr.write(
        `${count(leftOut.events, 'event')} left out: no session that ${flags.outputFormat} could hold it in\n`,
      );
    }
    cli.stderr.write(`converted ${count(sessions, 'session')}, ${count(events, 'event')}\n`);
    if (errors > lost) {
      cli.stderr.write(`${count(errors - lost, 'error')} in the data: omny-consume validate explains\n`);
    }
  }
}

function isWritten(inspected: Inspected): inspected is Extract<Inspected, Writable> {
  return inspected.kind === 'stray' || (inspected.kind === 'session' && inspected.standing !== 'resent');
}
