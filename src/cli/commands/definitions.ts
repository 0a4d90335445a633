import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { toMs } from '../../domain/listening.js';
import { SHAPE_NAMES } from '../../read/table-options.js';
import { type Limit, MEASURES, parseLimit, SHARES } from '../../report/compare/compare.js';
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
    'omny-consume convert --fix --fix-log log.ndjson -o fixed.ndjson plays.ndjson',
  ]);
  addOutputOptions(addInputOptions(command));
  command.option(
    '--fix',
    'fix mistakes that have only one possible fix (repeats, letter case, SeqNumbers from 0, milliseconds), and report each fix',
  );
  command.option(
    '--close-open',
    'with --fix, add a Stop to a session that ends with a Start, at that Start’s position',
  );
  addClipsOption(command);
  valueOption(command, '--fix-log <file>', 'with --fix, write each change, as NDJSON', { writes: true });
  valueOption(command, '--unreadable <file>', 'write the lines and rows that cannot be read, unchanged', {
    writes: true,
  });
  command.option(
    '--explain',
    'report which events of each session were in the rows, and which were inferred',
  );
  command.option('--force', 'allow -o to replace an input');
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
    'omny-consume simulate --script a.txt | omny-consume expect --script a.txt',
  ]);
  addInputOptions(command);
  command.addOption(
    new Option(
      '--script <file>',
      'a file with the expected session: play 30s; pause 5m; seek 300; speed 2; play 1m. Give one per session, in order of arrival',
    )
      .argParser(several)
      .makeOptionMandatory(),
  );
  valueOption(command, '--clip <guid>', 'compare only sessions of this clip', { parse: guid });
  valueOption(command, '--session <guid>', 'compare only this session', { parse: guid });
  valueOption(command, '--format <format>', 'output format', {
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
      'Lists the rules and diagnoses with their severities, or explains one. For a rule: when it fires, why, the API document’s words, an example that breaks it, the same example fixed, and how to fix the player. For a diagnosis: its evidence, and when it is reported.',
    )
    .argument('[id]', 'the rule or diagnosis to explain, such as seq-gap or position-stuck');
  withExamples(command, [
    'omny-consume rules',
    'omny-consume rules seq-gap',
    'omny-consume rules position-stuck',
    'omny-consume rules seq-gap --example broken | omny-consume validate',
    "omny-consume rules --format json | jq -r '.rules[].id'",
  ]);
  valueOption(command, '--format <format>', 'output format', {
    choices: ['pretty', 'json'],
    default: 'pretty',
  });
  command.addOption(
    new Option('--example <which>', 'print only an example, as input for other commands')
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
      'Prints the JSON Schema (2020-12) of a request body, with an event’s schema in its $defs; the endpoint as OpenAPI 3.1; or a CSV file to fill in.',
    );
  withExamples(command, [
    'omny-consume schema -o consumption.schema.json',
    'omny-consume schema --openapi -o consumption.openapi.json',
    'omny-consume schema --csv -o plays.csv && omny-consume validate plays.csv',
  ]);
  const choice = (flags: string, description: string, others: readonly string[]): void => {
    command.addOption(command.createOption(flags, description).conflicts([...others]));
  };
  choice('--event', 'print the JSON Schema of one event', ['openapi', 'csv', 'config']);
  choice('--openapi', 'print the endpoint as an OpenAPI 3.1 document, with examples', [
    'event',
    'csv',
    'config',
  ]);
  choice('--config', 'print the JSON Schema of a config file, for editors', ['event', 'openapi', 'csv']);
  command.addOption(
    command
      .createOption('--csv [shape]', 'print a CSV template; the shape says what a row is (default: sessions)')
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
    .description('Checks listening data against every rule, and explains how to fix the player.');
  withExamples(command, [
    'omny-consume validate plays.csv',
    'omny-consume validate --format json --max-warnings 0 events.ndjson',
    'omny-consume validate --format pretty --format junit:out.xml events.ndjson',
    'omny-consume simulate | omny-consume validate',
  ]);
  addInputOptions(command);
  valueOption(
    command,
    '--format <format[:file]>',
    `output format: ${REPORT_FORMATS.join(', ')}; add :file to write a file (repeatable; default: pretty)`,
    { parse: reportWanted, env: true, several: 'list', writes: true },
  );
  valueOption(command, '--max-warnings <n>', 'exit 1 if there are more than N warnings (default: no limit)', {
    parse: wholeNumber(0),
    env: true,
  });
  valueOption(command, '--max-findings <n>', 'list at most N findings, errors first; 0 lists all', {
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
    .summary('compute the portal’s figures')
    .description(
      'Computes the portal’s figures before the portal has them: verified plays, completion, and for each clip its retention, start-at, drop-off and skips.',
    );
  withExamples(command, [
    'omny-consume report plays.csv',
    'omny-consume report --format json --bin 10 events.ndjson',
    'omny-consume report --format html -o report.html --clips clips.csv plays.csv',
    'omny-consume report new.ndjson --compare old.ndjson --fail-if "plays<-5%"',
    'omny-consume report plays.csv --portal plays=1790,average=22:10',
    'omny-consume simulate | omny-consume report',
  ]);
  addInputOptions(command);
  valueOption(command, '--format <format>', 'output format', {
    choices: ['text', 'html', 'json', 'csv'],
    default: 'text',
  });
  valueOption(command, '--bin <seconds>', 'length of a bin in the graphs', {
    parse: wholeMilliseconds,
    default: 1,
    env: true,
  });
  command.option(
    '--graphs',
    'with --format csv: the four graphs, one row per bin, instead of one row per clip',
  );
  command.option('--include-invalid', 'also count the valid intervals of sessions with errors');
  valueOption(command, '--session <guid>', 'show one session: what was played when, and its findings', {
    parse: guid,
  });
  valueOption(
    command,
    '--compare <file>',
    'compare with an earlier input, or an earlier report saved as JSON',
  );
  valueOption<readonly Limit[]>(
    command,
    '--fail-if <change>',
    `exit 1 on a change: ${MEASURES.join(', ')}, then < <= > >=, then a relative change such as -5%, or a difference in the measure’s unit: completion<-0.05 is 5 points (repeatable)`,
    { parse: failLimit, several: 'list' },
  );
  valueOption<PortalFigures>(
    command,
    '--portal <figures>',
    'find which ways to count give the portal’s figures: plays=1790,average=22:10; also completion=63%, day=2026-03-02, clip=GUID',
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

/** Parses seconds above 0 with at most 3 decimals, because positions are in whole milliseconds. */
function wholeMilliseconds(text: string): number {
  const seconds = finiteNumber(0, { above: true })(text);
  if (toMs(seconds) / 1000 !== seconds)
    throw new InvalidArgumentError('Expected seconds with at most 3 decimals.');
  return seconds;
}

function failLimit(text: string, before: readonly Limit[] = []): readonly Limit[] {
  const parsed = parseLimit(text);
  if (!parsed) throw new InvalidArgumentError('Expected a measure and a change such as completion<-5%.');
  const { measure, relative, value } = parsed;
  if (SHARES.includes(measure) && !relative && Math.abs(value) > 1) {
    throw new InvalidArgumentError(
      `${measure} is a share from 0 to 1, which cannot change by ${value}. Write ${value / 100} for ${Math.abs(value)} points, or ${value}% for a relative change.`,
    );
  }
  return [...before, parsed];
}

/** @param whole Returns the program, once it has all its commands. */
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
