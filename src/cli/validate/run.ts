import { isAbsolute, relative, resolve, sep } from 'node:path';
import { UserError } from '../../domain/errors.js';
import { escaped, pluralize } from '../../domain/text.js';
import { type InputSource, SourcesAgain } from '../../read/source.js';
import { severityOf } from '../../validate/options.js';
import { type ValidationReport, validate } from '../../validate/validate.js';
import type { Cli } from '../cli.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { type InputFlags, sourcesOf } from '../options/input.js';
import { type CommonFlags, isVerbose } from '../options/option.js';
import { openReading } from '../options/reading.js';
import { inspectOptionsOf, type RuleFlags } from '../options/rules.js';
import { nothingText, tellKeptOut, withinOf } from '../options/window.js';
import { writeAll } from '../output.js';
import { colorsFor, listeningText } from '../terminal.js';
import { type Destination, destinationsOf, openAll } from './destinations.js';
import { REPORTERS } from './reporters/index.js';
import type { Reported, ReportFormat, ReportWanted } from './reporters/reporter.js';
import { type TextAt, textsOf } from './snippet.js';
import { verdictText } from './summary.js';

export interface ValidateFlags extends CommonFlags, InputFlags, RuleFlags {
  /** Absent: `pretty`, on standard output. */
  readonly format?: readonly ReportWanted[];
  readonly maxWarnings?: number;
  readonly maxFindings: number;
}

/** Which formats show lines of the input. */
const SHOWS_TEXT: ReadonlySet<ReportFormat> = new Set(['pretty', 'sarif']);

export async function runValidate(
  files: readonly string[],
  flags: ValidateFlags,
  cli: Cli,
): Promise<ExitCode> {
  const given = sourcesOf(files, cli);
  const destinations = destinationsOf(flags.format ?? [{ format: 'pretty' }], flags.output, paths(given));
  const again = destinations.some(({ format }) => SHOWS_TEXT.has(format))
    ? await SourcesAgain.of(given)
    : null;
  const options = await inspectOptionsOf(flags, cli);
  const reading = await openReading(again?.sources ?? given, flags, cli, { rules: options });
  const { maxFindings } = flags;
  const report = await validate(reading.records, { ...options, within: withinOf(flags, cli), maxFindings });
  if (isNothing(report)) throw new UserError('input', nothingText('validate', report.keptOut));
  tellKeptOut(report.keptOut, flags, cli);
  tellTables(report, flags, cli);
  const code = exitCode(report, flags);
  const shared = {
    report,
    exitCode: code,
    warningsFail: tooManyWarnings(report, flags),
    severityOf: (rule) => severityOf(rule, options),
    pathOf: ({ index, name }) =>
      typeof given[index] === 'string' ? repositoryPath(name, cli.env.GITHUB_WORKSPACE) : null,
    textsOf: async (findings): Promise<TextAt> =>
      again ? textsOf(findings, again, flags.inputFormat) : () => undefined,
    all: flags.verbose === true,
    tell: (line) => void (flags.quiet || cli.stderr.write(`${escaped(line)}\n`)),
  } satisfies Partial<Reported>;
  await write(destinations, shared, flags, cli);
  reading.refuse();
  return code;
}

/** Tells of what could not be read, and (`-v`) how long tables say that was listened. */
function tellTables({ summary, listening }: ValidationReport, flags: ValidateFlags, { stderr }: Cli): void {
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
        columns: file === undefined ? (cli.stdout.columns ?? null) : null,
      };
      await writeAll(outputs[i]!, reporter(reported));
      if (format === 'github') await addStepSummary(reported, cli);
    }
  } catch (error) {
    await Promise.all(outputs.map((output) => output.abandon()));
    throw error;
  }
  if (destinations.every(({ file }) => file !== undefined))
    shared.tell(verdictText(shared.report, shared.warningsFail));
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

function exitCode(report: ValidationReport, flags: ValidateFlags): ExitCode {
  return report.summary.errors + report.summary.unreadable > 0 || tooManyWarnings(report, flags)
    ? EXIT.invalid
    : EXIT.ok;
}

function tooManyWarnings({ summary }: ValidationReport, { maxWarnings }: ValidateFlags): boolean {
  return maxWarnings !== undefined && summary.warnings > maxWarnings;
}

/**
 * The path of a file as its repository has it, with slashes: from the folder of the workflow's checkout where the file lies in that, else
 * from the working folder; as it is where it lies in neither.
 */
export function repositoryPath(name: string, workspace: string | undefined): string {
  for (const folder of workspace ? [workspace, '.'] : ['.']) {
    const path = relative(resolve(folder), resolve(name));
    const outside = path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
    if (!outside) return path.split(sep).join('/');
  }
  return resolve(name).split(sep).join('/');
}
