import { type Command, InvalidArgumentError } from 'commander';
import { isGuid } from '../../domain/guid.js';
import type { Shard } from '../../simulate/simulate.js';
import type { Start } from '../cli.js';
import { addCommonOptions, addOutputOptions, valueOption, withExamples } from '../options/option.js';
import { duration, guid, wholeNumber } from '../options/parsers.js';
import type { NamedClip, SimulateFlags } from './run.js';

export function addSimulate(program: Command, start: Start): void {
  const command = program
    .command('simulate')
    .summary('make synthetic listening sessions')
    .description(
      'Makes listening sessions that pause, seek, stop early and finish. The same seed gives the same bytes.',
    );
  withExamples(command, [
    'omny-consume simulate --seed 1 | omny-consume validate',
    'omny-consume simulate --sessions 1000 --output-format csv -o plays.csv',
    'omny-consume simulate --fault seq-gap=0.1 | omny-consume validate',
  ]);
  valueOption(command, '--sessions <n>', 'make this many sessions', {
    parse: wholeNumber(0),
    default: 100,
    env: true,
  });
  valueOption(command, '--seed <n>', 'make the same sessions again (default: a random seed, printed)', {
    parse: wholeNumber(0),
    env: true,
  });
  valueOption(
    command,
    '--organization <guid>',
    'OrganizationId of all events (default: made from the seed)',
    {
      parse: guid,
      env: true,
    },
  );
  valueOption<readonly NamedClip[]>(
    command,
    '--clip <id[:seconds]>',
    'a clip to listen to (repeatable; default: made from the seed)',
    {
      parse: clip,
      several: 'list',
    },
  );
  valueOption(
    command,
    '--clips <file>',
    'durations of clips: CSV with ClipId and Duration (s), an Omny RSS feed, or JSON of the consumer API',
    { env: true },
  );
  valueOption(command, '--start <time>', 'time of the first session (default: 2025-01-06T00:00:00Z)', {
    env: true,
  });
  valueOption(command, '--period <time>', 'time span in which sessions start', {
    parse: duration,
    default: 7 * 86_400,
    defaultText: '7d',
    env: true,
  });
  valueOption(command, '--profile <name[=weight],...>', 'kinds of listeners (default: a mix)', { env: true });
  valueOption(
    command,
    '--script <file>',
    'make the session that this file describes: play 30s; pause 5m; seek 300; play 1m',
  );
  valueOption<readonly string[]>(
    command,
    '--fault <rule[=share]>',
    'break exactly this rule; without a share, in all sessions (repeatable)',
    { parse: collected, several: 'list' },
  );
  valueOption(command, '--labels <file>', 'write each session’s expected findings, as NDJSON', {
    writes: true,
  });
  valueOption(command, '--shard <i/n>', 'make only shard I of N; all N together are the same as one run', {
    parse: shard,
    env: true,
  });
  addCommonOptions(addOutputOptions(command));
  command.action((flags: SimulateFlags) =>
    start(async (cli) => (await import('./run.js')).runSimulate(flags, cli)),
  );
}

function clip(text: string, before: readonly NamedClip[] = []): readonly NamedClip[] {
  const [id = '', seconds, ...more] = text.split(':');
  const length = Number(seconds);
  if (!isGuid(id) || more.length > 0 || (seconds !== undefined && !(length > 0 && Number.isFinite(length)))) {
    throw new InvalidArgumentError('Expected a clip’s GUID, or GUID:SECONDS.');
  }
  return [...before, seconds === undefined ? { id } : { id, seconds: length }];
}

function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function shard(text: string): Shard {
  const [, index = '', count = ''] = /^(\d{1,9})\/(\d{1,9})$/.exec(text.trim()) ?? [];
  if (!(Number(index) >= 1 && Number(index) <= Number(count))) {
    throw new InvalidArgumentError('Expected I/N, with I from 1 to N.');
  }
  return { index: Number(index), count: Number(count) };
}
