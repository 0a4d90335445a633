import { UserError } from '../../domain/errors.js';
import { latestTimestamp } from '../../rules/event/timestamp-future.js';
import { type ValidationReport, validate } from '../../validate/validate.js';
import type { Cli } from '../cli.js';
import { colorsFor } from '../colors.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { sourcesOf } from '../options/input.js';
import { openReading } from '../options/reading.js';
import { inspectOptionsOf } from '../options/rules.js';
import { nothingText, tellKeptOut, withinOf } from '../options/window.js';
import { openOutput, writeAll } from '../output.js';
import type { ValidateFlags } from './command.js';
import { reportJson } from './report-json.js';
import { reportPretty } from './report-pretty.js';

/** The formats of a validation report. */
const REPORTERS = {
  pretty: (report: ValidationReport, flags: ValidateFlags, cli: Cli) =>
    reportPretty(report, {
      colors: colorsFor(cli.stdout, flags.output === undefined ? flags.color : 'never', cli.env),
      all: flags.verbose === true,
    }),
  json: reportJson,
} as const satisfies Record<ValidateFlags['format'], unknown>;

export async function runValidate(
  files: readonly string[],
  flags: ValidateFlags,
  cli: Cli,
): Promise<ExitCode> {
  const sources = sourcesOf(files, cli);
  const options = await inspectOptionsOf(flags, cli);
  const reading = await openReading(sources, flags, cli, { plainUntil: latestTimestamp(options) });
  const { maxFindings } = flags;
  const report = await validate(reading.records, { ...options, within: withinOf(flags), maxFindings });
  if (isNothing(report)) throw new UserError('input', nothingText('validate', report.keptOut));
  tellKeptOut(report.keptOut, flags, cli);
  await writeAll(await openOutput(flags.output, cli.stdout), REPORTERS[flags.format](report, flags, cli));
  reading.refuse();
  return exitCode(report, flags);
}

function isNothing({ summary }: ValidationReport): boolean {
  const { events, requests, errors, warnings, infos } = summary;
  return events + requests + errors + warnings + infos === 0;
}

function exitCode({ summary }: ValidationReport, { maxWarnings }: ValidateFlags): ExitCode {
  const tooMany = maxWarnings !== undefined && summary.warnings > maxWarnings;
  return summary.errors > 0 || tooMany ? EXIT.invalid : EXIT.ok;
}
