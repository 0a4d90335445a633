import type { Command } from 'commander';
import { addCommonOptions, type CommonFlags, withExamples } from '../options/common.js';
import { addInputOptions, type InputFlags } from '../options/input.js';
import { valueOption } from '../options/option.js';
import { wholeNumber } from '../options/parsers.js';
import { addRuleOptions, type RuleFlags } from '../options/rules.js';
import type { Start } from '../program.js';

export interface ValidateFlags extends CommonFlags, InputFlags, RuleFlags {
  readonly format: 'pretty' | 'json';
  readonly maxWarnings?: number;
  readonly maxFindings: number;
}

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
    'omny-consume simulate | omny-consume validate',
  ]);
  addInputOptions(command);
  valueOption(command, '--format <format>', 'how to report', {
    choices: ['pretty', 'json'],
    default: 'pretty',
  });
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
