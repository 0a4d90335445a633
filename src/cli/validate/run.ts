import { isAbsolute, relative, resolve, sep } from 'node:path';
import { UserError } from '../../domain/errors.js';
import { escaped, pluralize } from '../../domain/text.js';
import { type InputSource, RereadableSources } from '../../read/source.js';
import { type Gated, judge } from '../../validate/gates.js';
import { diagnosisSeverityOf, severityOf } from '../../validate/options.js';
import { type ValidationReport, validate } from '../../validate/validate.js';
import { type Cli, EXIT, type ExitCode } from '../cli.js';
import { type FailOn, type GateFlags, gatesAfterUpdate, readGates } from '../options/gates.js';
import { type InputFlags, sourcesOf } from '../options/input.js';
import { type CommonFlags, isVerbose, noDataText, reportKeptOut, withinOf } from '../options/option.js';
import { openReading } from '../options/reading.js';
import { inspectOptionsOf, type RuleFlags, reportUnusedOverrides } from '../options/rules.js';
import { type Output, openOutput, writeAll } from '../output.js';
import { colorsFor, columnsOf, forPeople, listeningText } from '../terminal.js';
import { isSameFile, requireDistinctFiles } from '../written-files.js';
import { REPORTERS } from './reporters/index.js';
import type { Reported, ReportFormat, ReportWanted } from './reporters/reporter.js';
import { type TextAt, textsOf } from './snippet.js';
import { verdictText } from './summary.js';

export interface ValidateFlags extends CommonFlags, InputFlags, RuleFlags, GateFlags {
  readonly failOn: FailOn;
  /** Absent for `pretty`, on standard output. */
  readonly format?: readonly ReportWanted[];
  readonly maxWarnings?: number;
  readonly maxFindings: number;
}

/** The formats that show lines of the input. */
const SHOWS_TEXT: ReadonlySet<ReportFormat> = new Set(['pretty', 'sarif']);

export async function runValidate(
  files: readonly string[],
  flags: ValidateFlags,
  cli: Cli,
): Promise<ExitCode> {
  const given = sourcesOf(files, flags, cli);
  const destinations = destinationsOf(flags.format ?? [{ format: 'pretty' }], flags.output, [
    ...paths(given),
    ...[flags.clips, flags.clipMap, flags.baseline].filter((path) => path !== undefined),
  ]);
  const again = destinations.some(({ format }) => SHOWS_TEXT.has(format))
    ? await RereadableSources.of(given)
    : null;
  const gates = await readGates(flags);
  if (flags.updateBaseline) requireDistinctFiles({ 'the baseline': flags.baseline }, paths(given));
  reportUnusedOverrides(flags, given, cli);
  const options = await inspectOptionsOf(flags, cli);
  const reading = await openReading(again?.sources ?? given, flags, cli, { rules: options });
  const { maxFindings } = flags;
  const report = await validate(reading.records, { ...options, within: withinOf(flags, cli), maxFindings });
  if (isNothing(report) && !reading.leavesOut)
    throw new UserError('input', noDataText('validate', report.keptOut));
  reportKeptOut(report.keptOut, flags, cli);
  const gated = judge(report, await gatesAfterUpdate(gates, report, flags, cli));
  const warningsFail = whyWarningsFail(gated, flags);
  const failing = gated.errors + report.summary.unreadable > 0 || warningsFail !== null;
  const code = reading.leavesOut || (failing && flags.failOn !== 'never') ? EXIT.invalid : EXIT.ok;
  const shared = {
    report,
    exitCode: code,
    gated,
    warningsFail,
    severityOf: (rule, input) => severityOf(rule, options, input),
    diagnosisSeverityOf: (id) => diagnosisSeverityOf(id, options),
    pathOf: ({ index, name }) =>
      typeof given[index] === 'string' ? repositoryPath(name, cli.env.GITHUB_WORKSPACE) : null,
    textsOf: async (findings): Promise<TextAt> =>
      again ? textsOf(findings, again, flags.inputFormat) : () => undefined,
    all: flags.verbose === true,
    note: (line) => void (flags.quiet || cli.stderr.write(`${escaped(line)}\n`)),
  } satisfies Partial<Reported>;
  await write(destinations, shared, flags, cli);
  reportTables(report, flags, cli);
  reading.refuse();
  return code;
}

/** Reports what could not be read and, with `-v`, how long the sessions of tables are. */
function reportTables({ summary, listening }: ValidationReport, flags: ValidateFlags, { stderr }: Cli): void {
  if (summary.unreadable > 0 && !flags.quiet)
    stderr.write(`${pluralize(summary.unreadable, 'row or line', 'rows or lines')} could not be read\n`);
  if (isVerbose(flags)) for (const lengths of listening) stderr.write(`${listeningText(lengths)}\n`);
}

type Shared = Omit<Reported, 'colors' | 'columns'>;

async function write(
  destinations: readonly Destination[],
  shared: Shared,
  flags: ValidateFlags,
  cli: Cli,
): Promise<void> {
  const outputs = await openAll(destinations, cli.stdout);
  try {
    for (const [i, { format, file }] of destinations.entries()) {
      const reporter = await REPORTERS[format]();
      const reported: Reported = {
        ...shared,
        colors: colorsFor(cli.stdout, file === undefined ? flags.color : 'never', cli.env),
        columns: file === undefined ? columnsOf(cli.stdout) : null,
      };
      const pieces = reporter(reported);
      await writeAll(outputs[i]!, format === 'pretty' ? forPeople(pieces, file, cli) : pieces);
      if (format === 'github') await addStepSummary(reported, cli);
    }
  } catch (error) {
    await Promise.all(outputs.map((output) => output.abandon()));
    throw error;
  }
  if (flags.format === undefined && cli.runner && !flags.quiet) {
    const { annotations } = await import('./reporters/github.js');
    const reported = { ...shared, colors: colorsFor(cli.stderr, 'never', cli.env), columns: null };
    for (const line of annotations(reported)) cli.runner.write(line);
    await addStepSummary(reported, cli);
  }
  if (destinations.every(({ file }) => file !== undefined))
    for (const line of verdictText({ ...shared, ...shared.report }).split('\n')) shared.note(line);
}

async function addStepSummary(reported: Reported, { env }: Cli): Promise<void> {
  if (!env.GITHUB_STEP_SUMMARY) return;
  const { appendStepSummary } = await import('./reporters/github.js');
  await appendStepSummary(env.GITHUB_STEP_SUMMARY, reported);
}

function paths(sources: readonly InputSource[]): readonly string[] {
  return sources.filter((source) => typeof source === 'string');
}

function isNothing({ summary }: ValidationReport): boolean {
  const { events, requests, errors, warnings, infos } = summary;
  return events + requests + errors + warnings + infos === 0;
}

function whyWarningsFail({ warnings }: Gated, { maxWarnings, failOn }: ValidateFlags): string | null {
  if (maxWarnings !== undefined && warnings > maxWarnings) return 'more warnings than --max-warnings';
  return failOn === 'warning' && warnings > 0 ? 'warnings fail the run (--fail-on warning)' : null;
}

/**
 * The path of a file in its repository, with slashes: relative to the workflow's checkout if the file is inside, else
 * relative to the working folder. Absolute if the file is in neither.
 */
export function repositoryPath(name: string, workspace: string | undefined): string {
  for (const folder of workspace ? [workspace, '.'] : ['.']) {
    const path = relative(resolve(folder), resolve(name));
    const outside = path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
    if (!outside) return path.split(sep).join('/');
  }
  return resolve(name).split(sep).join('/');
}

/** A report and its file; undefined for standard output. */
export interface Destination {
  readonly format: ReportFormat;
  readonly file: string | undefined;
}

/**
 * The destination of each report. Standard output comes last, because its reader can close early.
 * @param output The file of `-o` instead of standard output.
 * @throws UserError of kind `usage` when two reports have the same destination, or one would replace an input
 */
export function destinationsOf(
  wanted: readonly ReportWanted[],
  output: string | undefined,
  inputs: readonly string[],
): readonly Destination[] {
  const unnamed = wanted.filter(({ file }) => file === undefined);
  if (unnamed.length > 1) {
    const [first, second] = unnamed.map(({ format }) => format);
    throw new UserError(
      'usage',
      `${first} and ${second} would both go to ${output === undefined ? 'standard output' : output}`,
      `Send one of them to a file: --format ${second}:FILE`,
    );
  }
  if (unnamed.length === 0 && output !== undefined) {
    throw new UserError(
      'usage',
      `-o ${output}: every --format already names a file`,
      'Leave -o out, or add --format pretty to write there',
    );
  }
  const files = wanted.filter(({ file }) => file !== undefined);
  const destinations = [...files, ...unnamed.map(({ format }) => ({ format, file: output }))].map(
    ({ format, file }) => ({ format, file: file === '-' ? undefined : file }),
  );
  refuseClashes(destinations, inputs);
  return destinations;
}

function refuseClashes(destinations: readonly Destination[], inputs: readonly string[]): void {
  const taken = inputs.map((path) => ({ path, clash: 'is an input and cannot also be the report' }));
  for (const { file } of destinations) {
    if (file === undefined) continue;
    const same = taken.find(({ path }) => isSameFile(path, file));
    if (same) throw new UserError('usage', `${file}: ${same.clash}`, 'Name another file.');
    taken.push({ path: file, clash: 'is named for two reports' });
  }
}

/**
 * Opens the outputs of all destinations. If one cannot be written, discards the others.
 * @throws UserError of kind `output` when one cannot be written
 */
async function openAll(
  destinations: readonly Destination[],
  stdout: NodeJS.WriteStream,
): Promise<readonly Output[]> {
  const outputs: Output[] = [];
  try {
    for (const { file } of destinations) outputs.push(await openOutput(file, stdout));
  } catch (error) {
    await Promise.all(outputs.map((output) => output.abandon()));
    throw error;
  }
  return outputs;
}
