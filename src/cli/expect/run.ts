import { UserError } from '../../domain/errors.js';
import { guidKey } from '../../domain/guid.js';
import type { Session } from '../../domain/session.js';
import { readClips } from '../../read/clips.js';
import { readInputs } from '../../read/read.js';
import { type Comparison, compareWithScript } from '../../simulate/expect.js';
import { inspect } from '../../validate/inspect.js';
import { INSPECT_DEFAULTS } from '../../validate/options.js';
import { OrganizationGuard } from '../../validate/organization-guard.js';
import type { Cli } from '../cli.js';
import { colorsFor } from '../colors.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { readOptionsOf, sourcesOf } from '../options/input.js';
import { openOutput, writeAll } from '../output.js';
import { scriptOf } from '../simulate/settings.js';
import type { ExpectFlags } from './command.js';
import { comparisonText } from './comparison-text.js';

export async function runExpect(files: readonly string[], flags: ExpectFlags, cli: Cli): Promise<ExitCode> {
  const script = await scriptOf(flags.script);
  const durations = new Map(
    (flags.clips === undefined ? [] : await readClips(flags.clips)).map(({ id, seconds }) => [
      guidKey(id),
      seconds,
    ]),
  );
  const comparisons: Comparison[] = [];
  for await (const session of sessionsOf(files, flags, cli)) {
    const clipId = session.events.find((event) => event.clipId !== null)?.clipId;
    const seconds = clipId ? durations.get(guidKey(clipId)) : undefined;
    comparisons.push(compareWithScript(script, session, seconds ?? session.clipDuration));
  }
  if (comparisons.length === 0) {
    throw new UserError('input', 'nothing to compare: no session in the input');
  }
  const matches = comparisons.every((comparison) => comparison.matches);
  const colors = colorsFor(cli.stdout, flags.output === undefined ? flags.color : 'never', cli.env);
  const text =
    flags.format === 'json'
      ? [`${JSON.stringify({ version: 1, matches, sessions: comparisons }, null, 2)}\n`]
      : comparisons.map((comparison) => comparisonText(comparison, colors));
  await writeAll(await openOutput(flags.output, cli.stdout), text);
  return matches ? EXIT.ok : EXIT.invalid;
}

async function* sessionsOf(files: readonly string[], flags: ExpectFlags, cli: Cli): AsyncGenerator<Session> {
  const guard = new OrganizationGuard(flags.organization);
  const records = guard.watch(readInputs(sourcesOf(files, cli), readOptionsOf(flags, cli)));
  for await (const chunk of inspect(records, { ...INSPECT_DEFAULTS, now: flags.now ?? cli.now() })) {
    guard.refuse();
    for (const inspected of chunk) {
      if (inspected.kind === 'session' && inspected.standing !== 'resent') yield inspected.session;
    }
  }
}
