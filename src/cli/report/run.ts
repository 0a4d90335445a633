import { UserError } from '../../domain/errors.js';
import { pluralize } from '../../domain/text.js';
import type { Report } from '../../report/figures.js';
import { graphsCsv, reportCsv, reportJson } from '../../report/output.js';
import type { Cli } from '../cli.js';
import { colorsFor } from '../colors.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { keepApart } from '../files-apart.js';
import { LostPlaces } from '../lost-places.js';
import { sourcesOf } from '../options/input.js';
import { openOutput, writeAll } from '../output.js';
import type { ReportFlags } from './command.js';
import { computeFigures } from './figures.js';

type Renderer = (
  figures: Report,
  flags: ReportFlags,
  cli: Cli,
) => Iterable<string> | Promise<Iterable<string>>;

/** The formats of a report. */
const RENDERERS = {
  text: async (figures, flags, cli) => {
    const { reportText } = await import('../../report/text/text.js');
    const toFile = flags.output !== undefined;
    return reportText(figures, {
      colors: colorsFor(cli.stdout, toFile ? 'never' : flags.color, cli.env),
      columns: toFile ? null : (cli.stdout.columns ?? null),
      all: flags.verbose === true,
    });
  },
  html: async (figures) => (await import('../../report/html/html.js')).reportHtml(figures),
  json: (figures) => reportJson(figures),
  csv: (figures, { graphs }) => (graphs ? graphsCsv(figures) : reportCsv(figures)),
} as const satisfies Record<ReportFlags['format'], Renderer>;

export async function runReport(files: readonly string[], flags: ReportFlags, cli: Cli): Promise<ExitCode> {
  refuseMixtures(flags);
  const compared = flags.compare === undefined ? [] : [flags.compare];
  keepApart({ 'the report': flags.output }, [...files, ...compared]);
  if (flags.session !== undefined) {
    const { oneSession } = await import('./session.js');
    const lost = new LostPlaces(flags);
    const text = oneSession(flags.session, sourcesOf(files, cli), flags, cli, lost);
    await writeAll(await openOutput(flags.output, cli.stdout), text);
    lost.tell(cli, 'what is told here');
    return lost.count > 0 ? EXIT.invalid : EXIT.ok;
  }
  if (flags.compare !== undefined) {
    return (await import('./compare.js')).runCompare(files, flags.compare, flags, cli);
  }
  const { figures, lost } = await computeFigures(sourcesOf(files, cli), flags, cli);
  const text = await RENDERERS[flags.format](figures, flags, cli);
  await writeAll(await openOutput(flags.output, cli.stdout), text);
  const { invalidSessions } = figures.totals;
  if (invalidSessions > 0 && flags.format !== 'text' && !flags.quiet) {
    cli.stderr.write(
      `${pluralize(invalidSessions, 'session')} with errors left out: omny-consume validate explains\n`,
    );
  }
  return lost > 0 ? EXIT.invalid : EXIT.ok;
}

/** Flags that would say nothing together. @throws UserError of kind `usage`. */
function refuseMixtures({ format, graphs, session, compare, failIf }: ReportFlags): void {
  const refuse = (message: string): never => {
    throw new UserError('usage', message);
  };
  if (graphs && format !== 'csv') refuse('--graphs goes with --format csv');
  if (session !== undefined && format !== 'text') refuse('--session goes with --format text');
  if (session !== undefined && compare !== undefined) refuse('--session and --compare do not go together');
  if (compare !== undefined && format !== 'text' && format !== 'json') {
    refuse('--compare goes with --format text and json');
  }
  if (failIf !== undefined && compare === undefined) refuse('--fail-if needs --compare');
}
