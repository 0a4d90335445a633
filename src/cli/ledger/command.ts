import type { Command } from 'commander';
import { SURVEY_STATES, VERDICTS } from '../../send/ledger/survey.js';
import type { Start } from '../cli.js';
import { addCommonOptions, valueOption, withExamples } from '../options/option.js';
import { several, wholeNumber } from '../options/parsers.js';
import type { LedgerFlags } from './run.js';

export function addLedger(program: Command, start: Start): void {
  const command = program
    .command('ledger')
    .summary('show what a delivery ledger holds, and settle ambiguous sessions')
    .description(
      'Shows what a delivery ledger of send holds: sessions by state, the runs, and what to do next. merge joins several ledgers into a new one.',
    )
    .argument('[files...]', 'the ledger; or merge, followed by the ledgers to join');
  withExamples(command, [
    'omny-consume ledger omny-consume.ledger',
    'omny-consume ledger omny-consume.ledger --state ambiguous --format csv',
    'omny-consume ledger omny-consume.ledger --settle delivered --state ambiguous',
    'omny-consume ledger merge one.ledger two.ledger -o both.ledger',
  ]);
  valueOption(command, '--state <state>', 'list the sessions in this state', { choices: SURVEY_STATES });
  valueOption(command, '--run <n>', 'only sessions whose state was last changed by this run', {
    parse: wholeNumber(1),
  });
  valueOption(
    command,
    '--session <id>',
    'only this session; @FILE: the sessions of a file, one id per line, or the CSV of --format csv (repeatable)',
    { parse: several, several: 'list' },
  );
  valueOption(
    command,
    '--settle <verdict>',
    'with --state ambiguous: whether you saw these sessions in Omny Studio',
    { choices: VERDICTS },
  );
  valueOption(command, '--salvage <file>', 'copy what can be read of this damaged ledger to a new one (-o)');
  valueOption(command, '--format <format>', 'output format', {
    choices: ['pretty', 'json', 'ndjson', 'csv'],
    default: 'pretty',
  });
  command.option('-y, --yes', 'with --settle: change the ledger without asking');
  addCommonOptions(command);
  command.action((files: string[], flags: LedgerFlags) =>
    start(async (cli) => (await import('./run.js')).runLedger(files, flags, cli)),
  );
}
