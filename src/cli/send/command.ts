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
      'Checks the whole input first, then posts its sessions in batches and reports the Enabled flag. No way to delete sessions at Omny is documented.',
    );
  withExamples(command, [
    'omny-consume send --endpoint mock plays.csv              # try it',
    'omny-consume send --endpoint omny --dry-run plays.csv    # see the plan',
    'omny-consume send --endpoint omny --limit 100 plays.csv  # send a few',
    'omny-consume send --endpoint omny plays.csv              # or resume',
  ]);
  addInputOptions(command);
  valueOption(
    command,
    '--endpoint <omny|mock|url>',
    'where to post: omny (the real host), mock (a stand-in inside this process) or a URL',
    { env: true },
  );
  addBatchOptions(command);
  valueOption(command, '--concurrency <n>', 'send at most this many requests at once', {
    parse: wholeNumber(1),
    default: 4,
    env: true,
  });
  valueOption(command, '--rate <n>', 'send at most this many requests a second', {
    parse: finiteNumber(0, { above: true }),
    defaultText: '10 to another host, no limit on this machine',
    env: true,
  });
  valueOption(command, '--timeout <seconds>', 'give up on a request after this many seconds', {
    parse: finiteNumber(0, { above: true }),
    default: 30,
    env: true,
  });
  valueOption(command, '--retries <n>', 'retry a failed request at most this many times', {
    parse: wholeNumber(0),
    default: 8,
    env: true,
  });
  valueOption(
    command,
    '--deadline <seconds>',
    'stop after this many seconds; run the same command again to resume',
    {
      parse: finiteNumber(0, { above: true }),
      env: true,
    },
  );
  valueOption(command, '--max-refused <n>', 'stop after this many refused sessions in a row', {
    parse: wholeNumber(1),
    default: 20,
    env: true,
  });
  valueOption(
    command,
    '--on-ambiguous <what>',
    'what to do with sessions that may have been counted already: send them again, or hold them until you have checked',
    { choices: ON_AMBIGUOUS, defaultText: 'hold for another host, resend on this machine', env: true },
  );
  valueOption(
    command,
    '--ledger <file>',
    'keep track of delivered sessions in this file, so that none is sent twice',
    {
      defaultText: 'none on this machine; for another host omny-consume.ledger beside the first input',
      env: true,
      writes: true,
    },
  );
  command.option('--no-ledger', 'keep no ledger: running the command again sends everything again');
  valueOption(
    command,
    '--known <file>',
    'read another ledger too: sessions delivered with it are not sent again (repeatable)',
    {
      parse: several,
      several: 'list',
    },
  );
  command.option('--wait', 'if another run is using the ledger, wait until it ends');
  command.option('--retry-refused', 'send again the sessions that were refused in an earlier run');
  command.option(
    '--ledger-anywhere',
    'allow a ledger on a network file system; make sure that only one machine uses it',
  );
  valueOption(command, '--status <file>', 'write the progress to this file as JSON, every 5 seconds', {
    env: true,
    writes: true,
  });
  addRewritingOptions(command);
  valueOption(
    command,
    '--shard <i/n|auto>',
    'send one shard of the sessions, such as 2/4; auto uses the array job’s index',
    {
      env: true,
    },
  );
  valueOption(
    command,
    '--shard-count <n>',
    'with --shard auto: how many shards there are, if the array job does not say it',
    {
      parse: wholeNumber(1),
      env: true,
    },
  );
  valueOption(command, '--ca <file>', 'also trust the certificates in this PEM file', { env: true });
  valueOption(command, '--format <format>', 'format of the summary', {
    choices: ['pretty', 'json'],
    default: 'pretty',
  });
  command.option(
    '--skip-invalid',
    'leave out invalid sessions and send the others; without it, one invalid session stops everything',
  );
  valueOption(command, '--dead-letter <file>', 'write sessions that were left out or refused to this file', {
    defaultText: '<input>.refused',
    env: true,
    writes: true,
  });
  command.option('--dry-run', 'print what would be sent, and send nothing');
  command.option('--print-curl', 'print a curl command for each request, and send nothing');
  command.option('-y, --yes', 'send to another host without asking');
  command.option('--allow-simulated', 'allow sessions that simulate made to be sent to another host');
  command.option(
    '--allow-long',
    'with --yes: send to another host even if sessions average over 3 h, or more than 1 % of them are over 12 h',
  );
  addCommonOptions(addRuleOptions(command));
  command.action((files: string[], flags: SendFlags) =>
    start(async (cli) => (await import('./run.js')).runSend(files, flags, cli)),
  );
}

function addRewritingOptions(command: Command): void {
  valueOption(command, '--limit <n>', 'send at most this many sessions that were not delivered yet', {
    parse: wholeNumber(1),
    env: true,
  });
  valueOption(
    command,
    '--pace <speed>',
    'replay speed: max (as fast as possible), 1x (with the original timing) or 10x (ten times as fast)',
    {
      parse: speed,
      default: Number.POSITIVE_INFINITY,
      defaultText: 'max',
      env: true,
    },
  );
  valueOption(
    command,
    '--max-gap <seconds>',
    'with --pace 1x or 10x: wait at most this long between two sessions',
    {
      parse: finiteNumber(0),
      env: true,
    },
  );
  valueOption(
    command,
    '--shift-to <time>',
    'move all times so that the earliest becomes this one: now, or a time such as 2025-01-06T08:00Z',
    {
      parse: time,
      env: true,
    },
  );
  command.option(
    '--new-session-ids',
    'give each session a new SessionId; the same input always gets the same new SessionIds',
  );
  valueOption(command, '--set-organization <guid>', 'replace every OrganizationId with this one', {
    parse: realGuid,
    env: true,
  });
  valueOption(command, '--set-clip <guid>', 'replace every ClipId with this one', {
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
  if (isEmptyGuid(id)) throw new InvalidArgumentError('Expected an id, received only zeros.');
  return id;
}
