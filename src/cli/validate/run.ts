import { UserError } from '../../domain/errors.js';
import { escaped } from '../../domain/text.js';
import type { InputSource } from '../../read/source.js';
import { SourcesAgain } from '../../read/source.js';
import { severityOf } from '../../validate/options.js';
import { type ValidationReport, validate } from '../../validate/validate.js';
import type { Cli } from '../cli.js';
import { colorsFor } from '../colors.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { sourcesOf } from '../options/input.js';
import { openReading } from '../options/reading.js';
import { inspectOptionsOf } from '../options/rules.js';
import { nothingText, tellKeptOut, withinOf } from '../options/window.js';
import { writeAll } from '../output.js';
import { closingText } from './closing.js';
import type { ValidateFlags } from './command.js';
import { type Destination, destinationsOf, openAll } from './destinations.js';
import type { TextAt } from './place-texts.js';
import type { ReportFormat } from './report-format.js';
import { REPORTERS } from './reporters/index.js';
import type { Reported } from './reporters/reporter.js';
import { repositoryPath } from './repository-path.js';

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
  const reading = await openReading(again?.sources ?? given, flags, cli);
  const { maxFindings } = flags;
  const report = await validate(reading.records, { ...options, within: withinOf(flags), maxFindings });
  if (isNothing(report)) throw new UserError('input', nothingText('validate', report.keptOut));
  tellKeptOut(report.keptOut, flags, cli);
  const code = exitCode(report, flags);
  const shared = {
    report,
    exitCode: code,
    warningsFail: tooManyWarnings(report, flags),
    severityOf: (rule) => severityOf(rule, options),
    pathOf: ({ index, name }) =>
      typeof given[index] === 'string' ? repositoryPath(name, cli.env.GITHUB_WORKSPACE) : null,
    textsOf: async (findings): Promise<TextAt> =>
      again
        ? (await import('./place-texts.js')).textsOf(findings, again, flags.inputFormat)
        : () => undefined,
    all: flags.verbose === true,
    tell: (line) => void (flags.quiet || cli.stderr.write(`${escaped(line)}\n`)),
  } satisfies Partial<Reported>;
  await write(destinations, shared, flags, cli);
  reading.refuse();
  return code;
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
    shared.tell(closingText(shared.report, shared.warningsFail));
}

async function addStepSummary(reported: Reported, { env }: Cli): Promise<void> {
  if (!env.GITHUB_STEP_SUMMARY) return;
  const { appendStepSummary } = await import('./github/step-summary.js');
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
  return report.summary.errors > 0 || tooManyWarnings(report, flags) ? EXIT.invalid : EXIT.ok;
}

function tooManyWarnings({ summary }: ValidationReport, { maxWarnings }: ValidateFlags): boolean {
  return maxWarnings !== undefined && summary.warnings > maxWarnings;
}
