import { type Command, InvalidArgumentError } from 'commander';
import { isEmptyGuid } from '../../domain/guid.js';
import { ON_AMBIGUOUS } from '../../send/policy.js';
import type { Start } from '../cli.js';
import { addInputOptions } from '../options/input.js';
import { addBatchOptions, addCommonOptions, valueOption, withExamples } from '../options/option.js';
import { finiteNumber, guid, several, time, wholeNumber } from '../options/parsers.js';
import { addRuleOptions } from '../options/rules.js';
import type { SendFlags } from './flags.js';

export function addSend(program: Command, start: Start): void {
  const command = program
    .command('send')
    .summary('check sessions and post them to an endpoint')
    .description(
      'Reads and checks everything first, then posts the sessions in batches and reports the Enabled flag. No way to delete at Omny is documented.',
    );
  withExamples(command, [
    'omny-consume send --endpoint mock plays.csv',
    'omny-consume send --endpoint omny --dry-run plays.csv',
    'omny-consume send --endpoint http://127.0.0.1:8787 --format json events.ndjson',
  ]);
  addInputOptions(command);
  valueOption(
    command,
    '--endpoint <omny|mock|url>',
    'where to post: omny is the real host, mock a stand-in inside this process',
    { env: true },
  );
  addBatchOptions(command);
  valueOption(command, '--concurrency <n>', 'requests at once', {
    parse: wholeNumber(1),
    default: 4,
    env: true,
  });
  valueOption(command, '--rate <n>', 'most requests a second; if not told 10 off loopback, no limit on it', {
    parse: finiteNumber(0, { above: true }),
    env: true,
  });
  valueOption(command, '--timeout <seconds>', 'for one whole exchange', {
    parse: finiteNumber(0, { above: true }),
    default: 30,
    env: true,
  });
  valueOption(command, '--retries <n>', 'how often a request is tried again', {
    parse: wholeNumber(0),
    default: 8,
    env: true,
  });
  valueOption(command, '--deadline <seconds>', 'ends the run after so long; it can be gone on with', {
    parse: finiteNumber(0, { above: true }),
    env: true,
  });
  valueOption(command, '--max-refused <n>', 'stop after so many refused sessions in a row', {
    parse: wholeNumber(1),
    default: 20,
    env: true,
  });
  valueOption(
    command,
    '--on-ambiguous <what>',
    'what may have been counted already: send it again, or hold it back; if not told hold off loopback',
    { choices: ON_AMBIGUOUS, env: true },
  );
  valueOption(
    command,
    '--ledger <file>',
    'knows what was delivered, whatever file it came in (default off loopback: omny-consume.ledger beside the first input)',
    { env: true, writes: true },
  );
  command.option('--no-ledger', 'keep no ledger');
  valueOption(
    command,
    '--known <file>',
    'another ledger: what it knows as delivered is not sent (repeatable)',
    {
      parse: several,
      several: 'list',
    },
  );
  command.option('--wait', 'while another run has the ledger, wait instead of ending');
  command.option('--retry-refused', 'send again what was refused in an earlier run');
  command.option('--ledger-anywhere', 'allow a ledger on a network file system');
  valueOption(command, '--status <file>', 'a JSON file with how far the run is, replaced every 5 seconds', {
    env: true,
    writes: true,
  });
  addRewritingOptions(command);
  valueOption(
    command,
    '--shard <i/n|auto>',
    'only this part of the sessions; auto reads an array job’s number',
    {
      env: true,
    },
  );
  valueOption(command, '--shard-count <n>', 'with --shard auto, where the array job does not tell how many', {
    parse: wholeNumber(1),
    env: true,
  });
  valueOption(command, '--ca <file>', 'PEM certificates to trust besides the well-known ones', { env: true });
  valueOption(command, '--format <format>', 'how to tell what became of it', {
    choices: ['pretty', 'json'],
    default: 'pretty',
  });
  command.option('--skip-invalid', 'leave out invalid sessions instead of refusing the input');
  valueOption(
    command,
    '--dead-letter <file>',
    'where sessions left out or refused go (default: <input>.refused)',
    { env: true, writes: true },
  );
  command.option('--dry-run', 'print the plan, send nothing');
  command.option('--print-curl', 'print a curl command a request, send nothing');
  command.option('-y, --yes', 'off loopback: do not ask');
  command.option('--allow-simulated', 'off loopback: let simulated sessions through');
  command.option(
    '--allow-long',
    'with --yes on another host: send although sessions hold over 3 h on average, or many hold over 12 h',
  );
  addCommonOptions(addRuleOptions(command));
  command.action((files: string[], flags: SendFlags) =>
    start(async (cli) => (await import('./run.js')).runSend(files, flags, cli)),
  );
}

function addRewritingOptions(command: Command): void {
  valueOption(command, '--limit <n>', 'only the first so many sessions that are not delivered yet', {
    parse: wholeNumber(1),
    env: true,
  });
  valueOption(command, '--pace <speed>', 'as fast as may be, or as it was heard: max, 1x, 10x', {
    parse: speed,
    default: Number.POSITIVE_INFINITY,
    defaultText: 'max',
    env: true,
  });
  valueOption(command, '--max-gap <seconds>', 'with --pace, the longest wait between two sessions', {
    parse: finiteNumber(0),
    env: true,
  });
  valueOption(command, '--shift-to <time>', 'move all times so that the earliest is this one, or now', {
    parse: time,
    env: true,
  });
  command.option('--new-session-ids', 'give sessions new ids; the same input gives the same ones');
  valueOption(command, '--set-organization <guid>', 'send everything as of this organization', {
    parse: realGuid,
    env: true,
  });
  valueOption(command, '--set-clip <guid>', 'send everything as of this clip', {
    parse: realGuid,
    env: true,
  });
}

function speed(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const factor = Number(/^(\d+(?:\.\d+)?)x$/.exec(text)?.[1] ?? Number.NaN);
  if (!(factor > 0)) throw new InvalidArgumentError('Expected max, 1x or 10x.');
  return factor;
}

function realGuid(text: string): string {
  const id = guid(text);
  if (isEmptyGuid(id)) throw new InvalidArgumentError('All zeros are no id.');
  return id;
}
