import { graphsCsv, reportCsv } from '../../report/csv.js';
import type { Report } from '../../report/figures.js';
import { reportJson } from '../../report/json.js';
import type { Cli } from '../cli.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { sourcesOf } from '../options/input.js';
import { openOutput, writeAll } from '../output.js';
import { count } from '../words.js';
import type { ReportFlags } from './command.js';
import { computeFigures } from './figures.js';

/** The formats of a report. */
const RENDERERS = {
  json: (figures: Report) => reportJson(figures),
  csv: (figures: Report, { graphs }: ReportFlags) => (graphs ? graphsCsv(figures) : reportCsv(figures)),
} as const satisfies Record<ReportFlags['format'], unknown>;

export async function runReport(files: readonly string[], flags: ReportFlags, cli: Cli): Promise<ExitCode> {
  const { figures, lost } = await computeFigures(sourcesOf(files, cli), flags, cli);
  await writeAll(await openOutput(flags.output, cli.stdout), RENDERERS[flags.format](figures, flags));
  const { invalidSessions } = figures.totals;
  if (invalidSessions > 0 && !flags.quiet) {
    cli.stderr.write(
      `${count(invalidSessions, 'session')} with errors left out: omny-consume validate explains\n`,
    );
  }
  return lost > 0 ? EXIT.invalid : EXIT.ok;
}
