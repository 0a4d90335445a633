import type { Command } from 'commander';
import { addCommonOptions, type CommonFlags, withExamples } from '../options/everywhere.js';
import { addInputOptions, type InputFlags } from '../options/input.js';
import { valueOption } from '../options/option.js';
import type { Start } from '../program.js';

export interface ExpectFlags extends CommonFlags, InputFlags {
  readonly clips?: string;
  readonly script: string;
  readonly format: 'pretty' | 'json';
}

export function addExpect(program: Command, start: Start): void {
  const command = program
    .command('expect')
    .summary('compare what a player sent with a described session')
    .description(
      'Compares each session that a player sent with what a script says it should have sent, within 1 s of time and 1 s of position.',
    );
  withExamples(command, [
    'omny-consume expect --script pause-and-seek.txt capture.ndjson',
    'omny-consume simulate --sessions 1 --script play.txt | omny-consume expect --script play.txt',
  ]);
  addInputOptions(command);
  command.requiredOption(
    '--script <file>',
    'the described session: play 30s; pause 5m; seek 300; speed 2; play 1m',
  );
  valueOption(command, '--format <format>', 'how to report', {
    choices: ['pretty', 'json'],
    default: 'pretty',
  });
  valueOption(command, '--clips <file>', 'CSV with ClipId and Duration in seconds: where playback ends');
  addCommonOptions(command);
  command.action((files: string[], flags: ExpectFlags) =>
    start(async (cli) => (await import('./run.js')).runExpect(files, flags, cli)),
  );
}
