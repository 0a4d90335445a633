import type { Command } from 'commander';
import { addCommonOptions, type CommonFlags, withExamples } from '../options/everywhere.js';
import { addInputOptions, type InputFlags } from '../options/input.js';
import { valueOption } from '../options/option.js';
import { addOutputOptions, type OutputFlags } from '../options/output.js';
import type { Start } from '../program.js';

export interface ConvertFlags extends CommonFlags, InputFlags, OutputFlags {
  readonly fix?: boolean;
  readonly closeOpen?: boolean;
  readonly fixLog?: string;
}

export function addConvert(program: Command, start: Start): void {
  const command = program
    .command('convert')
    .summary('turn any input into any output format')
    .description('Turns listening data of any input format into any output format, without sending it.');
  withExamples(command, [
    'omny-consume convert plays.csv | omny-consume validate',
    'omny-consume convert --output-format bodies -o bodies.ndjson plays.csv',
    'omny-consume convert --output-format csv events.ndjson.gz',
    'omny-consume convert --fix --fix-log changes.ndjson -o mended.ndjson plays.ndjson',
  ]);
  addOutputOptions(addInputOptions(command));
  command.option(
    '--fix',
    'mend what is certain: repeats, letter case, numbers from 0, milliseconds; tells what',
  );
  command.option('--close-open', 'with --fix, end a session that ends with a Start, where that Start stands');
  valueOption(command, '--fix-log <file>', 'with --fix, write each change, as NDJSON', { writes: true });
  addCommonOptions(command);
  command.action((files: string[], flags: ConvertFlags) =>
    start(async (cli) => (await import('./run.js')).runConvert(files, flags, cli)),
  );
}
