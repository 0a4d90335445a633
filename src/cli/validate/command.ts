import type { Command } from 'commander';
import type { Start } from '../cli.js';
import { addInputOptions } from '../options/input.js';
import { addCommonOptions, valueOption, withExamples } from '../options/option.js';
import { wholeNumber } from '../options/parsers.js';
import { addRuleOptions } from '../options/rules.js';
import { REPORT_FORMATS, reportWanted } from './reporters/reporter.js';
import type { ValidateFlags } from './run.js';

export function addValidate(program: Command, start: Start): void {
  const command = program
    .command('validate')
    .summary('check files against every rule')
    .description(
      'Checks listening data against every rule of the catalogue, and tells how to mend the player.',
    );
  withExamples(command, [
    'omny-consume validate plays.csv',
    'omny-consume validate --format json --max-warnings 0 events.ndjson',
    'omny-consume validate --format pretty --format junit:validate.xml events.ndjson',
    'omny-consume simulate | omny-consume validate',
  ]);
  addInputOptions(command);
  valueOption(
    command,
    '--format <format[:file]>',
    `how to report: ${REPORT_FORMATS.join(', ')}; with :file into that file (repeatable; default: pretty)`,
    { parse: reportWanted, env: true, several: 'list', writes: true },
  );
  valueOption(command, '--max-warnings <n>', 'exit 1 above so many warnings (default: no limit)', {
    parse: wholeNumber(0),
    env: true,
  });
  valueOption(command, '--max-findings <n>', 'list at most so many findings; 0 lists all', {
    parse: wholeNumber(0),
    default: 10_000,
    env: true,
  });
  addCommonOptions(addRuleOptions(command));
  command.action((files: string[], flags: ValidateFlags) =>
    start(async (cli) => (await import('./run.js')).runValidate(files, flags, cli)),
  );
}
