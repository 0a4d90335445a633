import type { Command } from 'commander';
import type { Start } from '../cli.js';
import { addCommonOptions, valueOption, withExamples } from '../options/option.js';
import type { JournalFlags } from './run.js';

export function addJournal(program: Command, start: Start): void {
  const command = program
    .command('journal')
    .summary('tell what a delivery journal holds')
    .description('Tells what a journal of send holds: delivered, ambiguous, refused and left.')
    .argument('<file>', 'the journal');
  withExamples(command, [
    'omny-consume journal plays.csv.journal',
    "omny-consume journal --format json plays.csv.journal | jq -r '.open[].sessionId'",
  ]);
  valueOption(command, '--format <format>', 'how to tell it', {
    choices: ['pretty', 'json'],
    default: 'pretty',
  });
  addCommonOptions(command);
  command.action((file: string, flags: JournalFlags) =>
    start(async (cli) => (await import('./run.js')).runJournal(file, flags, cli)),
  );
}
