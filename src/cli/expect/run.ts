import { UserError } from '../../domain/errors.js';
import { guidKey } from '../../domain/guid.js';
import type { Session } from '../../domain/session.js';
import { readClips } from '../../read/clip-tables.js';
import { type Comparison, compareWithScript } from '../../simulate/expect.js';
import { inspect } from '../../validate/inspect.js';
import { INSPECT_DEFAULTS } from '../../validate/options.js';
import { Tally } from '../../validate/tally.js';
import type { Cli } from '../cli.js';
import { colorsFor } from '../colors.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { keepApart } from '../files-apart.js';
import { sourcesOf } from '../options/input.js';
import { openReading, refusing } from '../options/reading.js';
import { nothingText, tellKeptOut, withinOf } from '../options/window.js';
import { openOutput, writeAll } from '../output.js';
import { scriptOf } from '../simulate/settings.js';
import type { ExpectFlags } from './command.js';
import { comparisonText } from './comparison-text.js';

export async function runExpect(files: readonly string[], flags: ExpectFlags, cli: Cli): Promise<ExitCode> {
  keepApart({ 'the comparison': flags.output }, [flags.script, ...files]);
  const script = await scriptOf(flags.script);
  const durations = new Map(
    (flags.clips === undefined ? [] : await readClips(flags.clips)).map(({ id, seconds }) => [
      guidKey(id),
      seconds,
    ]),
  );
  const comparisons: Comparison[] = [];
  const tally = new Tally();
  for await (const session of sessionsOf(files, flags, cli, tally)) {
    const clipId = session.events.find((event) => event.clipId !== null)?.clipId;
    const seconds = clipId ? durations.get(guidKey(clipId)) : undefined;
    comparisons.push(compareWithScript(script, session, seconds ?? session.clipDuration));
  }
  if (comparisons.length === 0) {
    const why =
      tally.keptOut > 0
        ? nothingText('compare', tally.keptOut)
        : 'nothing to compare: no session in the input';
    throw new UserError('input', why);
  }
  tellKeptOut(tally.keptOut, flags, cli);
  const matches = comparisons.every((comparison) => comparison.matches);
  const colors = colorsFor(cli.stdout, flags.output === undefined ? flags.color : 'never', cli.env);
  const text =
    flags.format === 'json'
      ? [`${JSON.stringify({ version: 1, matches, sessions: comparisons }, null, 2)}\n`]
      : comparisons.map((comparison) => comparisonText(comparison, colors));
  await writeAll(await openOutput(flags.output, cli.stdout), text);
  return matches ? EXIT.ok : EXIT.invalid;
}

async function* sessionsOf(
  files: readonly string[],
  flags: ExpectFlags,
  cli: Cli,
  tally: Tally,
): AsyncGenerator<Session> {
  const reading = await openReading(sourcesOf(files, cli), flags, cli);
  const options = { ...INSPECT_DEFAULTS, now: flags.now ?? cli.now(), within: withinOf(flags) };
  for await (const chunk of inspect(refusing(reading), options)) {
    for (const inspected of chunk) {
      tally.add(inspected);
      if (inspected.kind === 'session' && inspected.standing !== 'resent') yield inspected.session;
    }
  }
}
