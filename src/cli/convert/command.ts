import type { Command } from 'commander';
import { addCommonOptions, type CommonFlags, withExamples } from '../options/common.js';
import { addInputOptions, type InputFlags } from '../options/input.js';
import { addOutputOptions, type OutputFlags } from '../options/output.js';
import type { Start } from '../program.js';

export interface ConvertFlags extends CommonFlags, InputFlags, OutputFlags {}

export function addConvert(program: Command, start: Start): void {
  const command = program
    .command('convert')
    .summary('turn any input into any output format')
    .description('Turns listening data of any input format into any output format, without sending it.');
  withExamples(command, [
    'omny-consume convert plays.csv | omny-consume validate',
    'omny-consume convert --output-format bodies -o bodies.ndjson plays.csv',
    'omny-consume convert --output-format csv events.ndjson.gz',
  ]);
  addCommonOptions(addOutputOptions(addInputOptions(command)));
  command.action((files: string[], flags: ConvertFlags) =>
    start(async (cli) => (await import('./run.js')).runConvert(files, flags, cli)),
  );
}
