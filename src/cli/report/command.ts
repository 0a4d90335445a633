import { type Command, InvalidArgumentError } from 'commander';
import { toMs } from '../../domain/listening.js';
import { type Limit, MEASURES, parseLimit } from '../../report/compare/compare.js';
import type { Start } from '../cli.js';
import { addInputOptions } from '../options/input.js';
import { addCommonOptions, valueOption, withExamples } from '../options/option.js';
import { finiteNumber, guid } from '../options/parsers.js';
import { addRuleOptions } from '../options/rules.js';
import type { ReportFlags } from './figures.js';

export function addReport(program: Command, start: Start): void {
  const command = program
    .command('report')
    .summary('what the portal would show')
    .description(
      'Computes the portal’s figures before the portal has them: verified plays, completion, and for each clip its retention, start-at, drop-off and skips.',
    );
  withExamples(command, [
    'omny-consume report plays.csv',
    'omny-consume report --format json --bin 10 events.ndjson',
    'omny-consume report --format html -o report.html --clips clips.csv plays.csv',
    'omny-consume report after.ndjson --compare before.ndjson --fail-if "completion<-5%"',
    'omny-consume simulate | omny-consume report',
  ]);
  addInputOptions(command);
  valueOption(command, '--format <format>', 'how to report', {
    choices: ['text', 'html', 'json', 'csv'],
    default: 'text',
  });
  valueOption(command, '--bin <seconds>', 'length of the graphs’ bins', {
    parse: wholeMilliseconds,
    default: 1,
    env: true,
  });
  command.option('--graphs', 'csv: a row a bin, with the four graphs, instead of a row a clip');
  command.option('--include-invalid', 'take in what intervals sessions with errors have');
  valueOption(command, '--session <guid>', 'tell of one session: what was heard when, and its findings', {
    parse: guid,
  });
  valueOption(
    command,
    '--compare <file>',
    'compare with another input, or a report saved as JSON, from before',
  );
  valueOption<readonly Limit[]>(
    command,
    '--fail-if <change>',
    `exit 1 on such a change: ${MEASURES.join(', ')}, then < <= > >=, then a share of before such as -5%, or a difference (repeatable)`,
    { parse: failLimit, several: 'list' },
  );
  addCommonOptions(addRuleOptions(command));
  command.action((files: string[], flags: ReportFlags) =>
    start(async (cli) => (await import('./run.js')).runReport(files, flags, cli)),
  );
}

/** Seconds above 0 in whole milliseconds, as positions are. */
function wholeMilliseconds(text: string): number {
  const seconds = finiteNumber(0, { above: true })(text);
  if (toMs(seconds) / 1000 !== seconds) throw new InvalidArgumentError('Expected whole milliseconds.');
  return seconds;
}

function failLimit(text: string, before: readonly Limit[] = []): readonly Limit[] {
  const parsed = parseLimit(text);
  if (!parsed) throw new InvalidArgumentError('Expected a measure and a change such as completion<-5%.');
  return [...before, parsed];
}
