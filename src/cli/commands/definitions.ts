import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { toMs } from '../../domain/listening.js';
import { SHAPE_NAMES } from '../../read/table-options.js';
import { type Limit, MEASURES, parseLimit } from '../../report/compare/compare.js';
import { type PortalFigures, parsePortal } from '../../report/portal/figures.js';
import type { Start } from '../cli.js';
import type { Shell } from '../completion/run.js';
import { addFailOn, addGateOptions } from '../options/gates.js';
import { addInputOptions } from '../options/input.js';
import {
  addCommonOptions,
  addOutputOptions,
  type CommonFlags,
  valueOption,
  withExamples,
} from '../options/option.js';
import { finiteNumber, guid, several, wholeNumber } from '../options/parsers.js';
import { addClipsOption, addRuleOptions } from '../options/rules.js';
import type { ReportFlags } from '../report/figures.js';
import { REPORT_FORMATS, reportWanted } from '../validate/reporters/reporter.js';
import type { ValidateFlags } from '../validate/run.js';
import type { ConvertFlags } from './convert.js';
import type { ExpectFlags } from './expect.js';
import type { RecorderFlags } from './recorder.js';
import type { RulesFlags } from './rules.js';
import type { SchemaFlags } from './schema.js';

export function addConvert(program: Command, start: Start): void {
  const command = program
    .command('convert')
    .summary('turn any input into any output format')
    .description('Turns listening data of any input format into any output format, without sending it.');
  withExamples(command, [
    'omny-consume convert plays.csv | omny-consume validate',
    'omny-consume convert --output-format bodies -o bodies.ndjson plays.csv',
    'omny-consume convert --output-format csv events.ndjson.gz',
    'omny-consume convert --fix --fix-log changes.ndjson -o fixed.ndjson plays.ndjson',
  ]);
  addOutputOptions(addInputOptions(command));
  command.option(
    '--fix',
    'mend what is certain: repeats, letter case, numbers from 0, milliseconds; tells what',
  );
  command.option('--close-open', 'with --fix, end a session that ends with a Start, where that Start stands');
  addClipsOption(command);
  valueOption(command, '--fix-log <file>', 'with --fix, write each change, as NDJSON', { writes: true });
  valueOption(command, '--unreadable <file>', 'write the lines and rows that cannot be read, as they stand', {
    writes: true,
  });
  command.option(
    '--explain',
    'tell of each session made of rows which events stood in them, and which were inferred',
  );
  command.option('--force', 'let -o replace a file that is read');
  addCommonOptions(command);
  command.action((files: string[], flags: ConvertFlags) =>
    start(async (cli) => (await import('./convert.js')).runConvert(files, flags, cli)),
  );
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
  command.addOption(
    new Option(
      '--script <file>',
      'the described session: play 30s; pause 5m; seek 300; speed 2; play 1m (several: in order of arrival)',
    )
      .argParser(several)
      .makeOptionMandatory(),
  );
  valueOption(command, '--clip <guid>', 'compare sessions of this clip alone', { parse: guid });
  valueOption(command, '--session <guid>', 'compare this session alone', { parse: guid });
  valueOption(command, '--format <format>', 'how to report', {
    choices: ['pretty', 'json'],
    default: 'pretty',
  });
  valueOption(
    command,
    '--clips <file>',
    'durations of clips: CSV with ClipId and Duration (s), an Omny RSS feed, or JSON of the consumer API',
  );
  addCommonOptions(command);
  command.action((files: string[], flags: ExpectFlags) =>
    start(async (cli) => (await import('./expect.js')).runExpect(files, flags, cli)),
  );
}

export function addRecorder(program: Command, start: Start): void {
  const command = program
    .command('recorder')
    .summary('print a browser recorder to copy into a player')
    .description(
      'Prints the API’s client for browsers as one file to copy into a player: an ES module without dependencies that reports what an audio element plays.',
    );
  withExamples(command, [
    'omny-consume recorder -o omny-recorder.js',
    'omny-consume recorder --typescript -o omny-recorder.ts',
  ]);
  command.option('--typescript', 'print TypeScript; without it, JavaScript');
  addCommonOptions(command);
  command.action((flags: RecorderFlags) =>
    start(async (cli) => (await import('./recorder.js')).runRecorder(flags, cli)),
  );
}

export function addRules(program: Command, start: Start): void {
  const command = program
    .command('rules')
    .summary('list the rules and diagnoses, or explain one')
    .description(
      'Lists the rules and diagnoses with their severities, or explains one. Of a rule: when it fires, why, what it rests on, an example that breaks it, the same fixed, and how to fix the player. Of a diagnosis: its evidence, and when it is reported.',
    )
    .argument('[id]', 'the rule or diagnosis to explain, such as seq-gap or position-stuck');
  withExamples(command, [
    'omny-consume rules',
    'omny-consume rules seq-gap',
    'omny-consume rules position-stuck',
    'omny-consume rules seq-gap --example broken | omny-consume validate',
    "omny-consume rules --format json | jq -r '.rules[].id'",
  ]);
  valueOption(command, '--format <format>', 'how to tell it', {
    choices: ['pretty', 'json'],
    default: 'pretty',
  });
  command.addOption(
    new Option('--example <which>', 'print an example alone, whole, as every command reads it')
      .choices(['broken', 'fixed'])
      .conflicts('format'),
  );
  addCommonOptions(command);
  command.action((id: string | undefined, flags: RulesFlags) =>
    start(async (cli) => (await import('./rules.js')).runRules(id, flags, cli)),
  );
}

export function addSchema(program: Command, start: Start): void {
  const command = program
    .command('schema')
    .summary('print the JSON Schema of a request body, OpenAPI, or CSV templates')
    .description(
      'Prints the JSON Schema (2020-12) of a request body, with that of an event in its $defs; the endpoint as OpenAPI 3.1; or a CSV file to fill in.',
    );
  withExamples(command, [
    'omny-consume schema -o consumption.schema.json',
    'omny-consume schema --openapi -o consumption.openapi.json',
    'omny-consume schema --csv -o plays.csv && omny-consume validate plays.csv',
  ]);
  const choice = (flags: string, description: string, others: readonly string[]): void => {
    command.addOption(command.createOption(flags, description).conflicts([...others]));
  };
  choice('--event', 'the JSON Schema of one event', ['openapi', 'csv', 'config']);
  choice('--openapi', 'the endpoint as an OpenAPI 3.1 document, with examples', ['event', 'csv', 'config']);
  choice('--config', 'the JSON Schema of a config file, for editors', ['event', 'openapi', 'csv']);
  command.addOption(
    command
      .createOption('--csv [shape]', 'a CSV template: what a row is, a session unless given')
      .choices(SHAPE_NAMES)
      .conflicts(['event', 'openapi', 'config']),
  );
  addCommonOptions(command);
  command.action((flags: SchemaFlags) =>
    start(async (cli) => (await import('./schema.js')).runSchema(flags, program.commands, cli)),
  );
}

export function addValidate(program: Command, start: Start): void {
  const command = program
    .command('validate')
    .summary('check files against every rule')
    .description(
      'Checks listening data against every rule of the catalogue, and tells how to fix the player.',
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
  addCommonOptions(addGateOptions(addFailOn(addRuleOptions(command))));
  command.action((files: string[], flags: ValidateFlags) =>
    start(async (cli) => (await import('../validate/run.js')).runValidate(files, flags, cli)),
  );
}

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
    'omny-consume report plays.csv --portal plays=1790,average=22:10,completion=63%',
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
  valueOption<PortalFigures>(
    command,
    '--portal <figures>',
    'find the ways to count that give the portal’s figures, as plays=1790,average=22:10,completion=63%; of one day or clip with day=2026-03-02, clip=GUID',
    { parse: portalFigures },
  );
  addCommonOptions(addGateOptions(addRuleOptions(command)));
  command.action((files: string[], flags: ReportFlags) =>
    start(async (cli) => (await import('../report/run.js')).runReport(files, flags, cli)),
  );
}

function portalFigures(text: string): PortalFigures {
  const parsed = parsePortal(text);
  if (typeof parsed === 'string') throw new InvalidArgumentError(parsed);
  return parsed;
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

/** @param whole Gives the program with all its commands. */
export function addCompletion(program: Command, start: Start, whole: () => Command): void {
  const command = program
    .command('completion')
    .summary('print a script that completes command lines in your shell')
    .description(
      'Prints a script for your shell: it then completes commands, options, rules and files when you press Tab.',
    )
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish', 'powershell']));
  withExamples(command, [
    'source <(omny-consume completion bash)   # in ~/.bashrc; zsh in ~/.zshrc',
    'omny-consume completion fish | source    # in ~/.config/fish/config.fish',
    'omny-consume completion powershell | Out-String | Invoke-Expression',
  ]);
  addCommonOptions(command);
  command.action((shell: Shell, flags: CommonFlags) =>
    start(async (cli) => (await import('../completion/run.js')).runCompletion(shell, flags, cli)),
  );
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .option('--bash')
    .action((words: string[], { bash }: { bash?: boolean }) =>
      start(async (cli) =>
        (await import('../completion/run.js')).runComplete(whole(), words, bash === true, cli),
      ),
    );
}
