import { UserError } from '../../domain/errors.js';
import { pluralize } from '../../domain/text.js';
import { nameOf } from '../../read/source.js';
import {
  type Comparison,
  compare,
  comparisonJson,
  exceeds,
  type Limit,
  type Measure,
  type Side,
  sideOf as sideOfReport,
} from '../../report/compare/compare.js';
import { type ClipList, graphsCsv, type Report, reportCsv, reportJson } from '../../report/output.js';
import type { PortalFigures } from '../../report/portal/figures.js';
import type { PortalDay } from '../../report/portal/portal.js';
import { type MemoryBudget, memoryBudget, shareOf } from '../../sessions/memory.js';
import { type Gates, judge } from '../../validate/gates.js';
import type { ValidationReport } from '../../validate/validate.js';
import { type Cli, EXIT, type ExitCode } from '../cli.js';
import { gatesAfterUpdate, readGates } from '../options/gates.js';
import { sourcesOf } from '../options/input.js';
import { momentOf } from '../options/parsers.js';
import { UnreadablePlaces } from '../options/reading.js';
import { reportUnusedOverrides } from '../options/rules.js';
import { openOutput, writeAll } from '../output.js';
import { forPeople, lookOf } from '../terminal.js';
import { toleranceLines } from '../validate/summary.js';
import { requireDistinctFiles } from '../written-files.js';
import { comparePortalOf, computeFigures, oneSession, type ReportFlags } from './figures.js';

type Renderer = (
  figures: Report<ClipList>,
  flags: ReportFlags,
  cli: Cli,
) => Iterable<string> | Promise<Iterable<string> | AsyncIterable<string>>;

/** The formats of a report. */
const RENDERERS = {
  text: async (figures, flags, cli) => {
    const { reportText } = await import('../../report/text/text.js');
    const text = reportText(figures, { ...lookOf(flags, cli), all: flags.verbose === true });
    return forPeople(text, flags.output, cli);
  },
  html: async (figures) => (await import('../../report/html/html.js')).reportHtml(figures),
  json: (figures) => reportJson(figures),
  csv: (figures, { graphs }) => (graphs ? graphsCsv(figures) : reportCsv(figures)),
} as const satisfies Record<ReportFlags['format'], Renderer>;

export async function runReport(files: readonly string[], flags: ReportFlags, cli: Cli): Promise<ExitCode> {
  refuseCombinations(flags);
  const compared = flags.compare === undefined ? [] : [flags.compare];
  requireDistinctFiles({ 'the report': flags.output, 'the baseline': flags.baseline }, [
    ...files,
    ...compared,
    flags.clips,
    flags.clipMap,
  ]);
  reportUnusedOverrides(flags, [...sourcesOf(files, flags, cli), ...compared], cli);
  if (flags.session !== undefined) {
    const lost = new UnreadablePlaces(flags);
    const text = oneSession(flags.session, sourcesOf(files, flags, cli), flags, cli, lost);
    await writeAll(await openOutput(flags.output, cli.stdout), forPeople(text, flags.output, cli));
    lost.report(cli, 'these figures');
    return lost.incomplete ? EXIT.invalid : EXIT.ok;
  }
  if (flags.portal !== undefined) return runPortal(files, flags.portal, flags, cli);
  if (flags.compare !== undefined) {
    return runCompare(files, flags.compare, flags, cli);
  }
  const { figures, lost } = await computeFigures(sourcesOf(files, flags, cli), flags, cli);
  try {
    const text = await RENDERERS[flags.format](figures, flags, cli);
    await writeAll(await openOutput(flags.output, cli.stdout), text);
  } finally {
    figures.close();
  }
  const { invalidSessions } = figures.totals;
  if (invalidSessions > 0 && flags.format !== 'text' && !flags.quiet) {
    cli.stderr.write(
      `${pluralize(invalidSessions, 'session')} with errors not counted. See the errors with: omny-consume validate\n`,
    );
  }
  return lost > 0 ? EXIT.invalid : EXIT.ok;
}

/** Refuses combinations of flags that make no sense. @throws UserError of kind `usage` */
function refuseCombinations({
  format,
  graphs,
  session,
  compare,
  failIf,
  portal,
  includeInvalid,
  allow,
  baseline,
}: ReportFlags): void {
  const refuse = (message: string): never => {
    throw new UserError('usage', message);
  };
  if (graphs && format !== 'csv') refuse('--graphs needs --format csv');
  if (session !== undefined && format !== 'text') refuse('--session needs --format text');
  if (session !== undefined && compare !== undefined) refuse('--session and --compare cannot be combined');
  if (compare !== undefined && format !== 'text' && format !== 'json') {
    refuse('--compare needs --format text or json');
  }
  if (portal !== undefined) {
    if (session !== undefined || compare !== undefined)
      refuse(`--portal and ${session === undefined ? '--compare' : '--session'} cannot be combined`);
    if (format !== 'text' && format !== 'json') refuse('--portal needs --format text or json');
    if (includeInvalid)
      refuse('--portal already counts with and without invalid sessions: leave out --include-invalid');
  }
  if (failIf !== undefined && compare === undefined) refuse('--fail-if needs --compare');
  if ((allow ?? baseline) !== undefined && !failIf?.some(({ measure }) => measure === 'findings'))
    refuse("--allow and --baseline need --fail-if findings, such as --compare FILE --fail-if 'findings>0'");
}

/** Compares ways to count with the figures of the portal. */
async function runPortal(
  files: readonly string[],
  portal: PortalFigures,
  flags: ReportFlags,
  cli: Cli,
): Promise<ExitCode> {
  const days = portal.day === undefined ? [] : daysOf(portal.day, flags, cli);
  const { comparison, lost } = await comparePortalOf(
    sourcesOf(files, flags, cli),
    { portal, days },
    flags,
    cli,
  );
  const { portalJson, portalText } = await import('../../report/portal/text.js');
  const text =
    flags.format === 'json'
      ? [portalJson(comparison)]
      : forPeople(portalText(comparison, lookOf(flags, cli)), flags.output, cli);
  await writeAll(await openOutput(flags.output, cli.stdout), text);
  return lost > 0 ? EXIT.invalid : EXIT.ok;
}

/** The day in UTC, and in the zone of `--timezone`. */
function daysOf(day: string, flags: ReportFlags, cli: Cli): readonly PortalDay[] {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toJSON().slice(0, 10);
  const zones = new Set(['UTC', flags.timezone ?? 'UTC']);
  return Array.from(zones, (zone) => {
    const at = (date: string): number => momentOf('--portal', date, { timezone: zone }, cli);
    return { zone, from: at(day), to: at(next) };
  });
}

interface ReadSide {
  readonly side: Side;
  /** What was found in the input; null for a saved report. */
  readonly found: Pick<ValidationReport, 'summary' | 'rules' | 'diagnoses'> | null;
  /** How many places could not be read. */
  readonly lost: number;
  /** Deletes temporary files. */
  close(): void;
}

/** The memory for the clips of each side, and again for both sides together, in addition to the memory of a report. */
function clipMemory({ memory }: ReportFlags): MemoryBudget {
  return shareOf(memoryBudget(memory), 1 / 16);
}

/** Compares the inputs (after) with another input or saved report (before). */
async function runCompare(
  files: readonly string[],
  other: string,
  flags: ReportFlags,
  cli: Cli,
): Promise<ExitCode> {
  const stdin = flags.query === undefined && (files.length === 0 || files.includes('-'));
  if (other === '-' && stdin) {
    throw new UserError('usage', 'standard input (-) cannot be both sides of --compare');
  }
  const gates = await readGates(flags);
  const before = await sideOf([other], withoutQuery(flags), cli);
  try {
    const after = await sideOf(files, flags, cli);
    try {
      return await reportComparison({ before, after, gates }, files, other, flags, cli);
    } finally {
      after.close();
    }
  } finally {
    before.close();
  }
}

async function reportComparison(
  { before, after, gates: given }: { before: ReadSide; after: ReadSide; gates: Gates },
  files: readonly string[],
  other: string,
  flags: ReportFlags,
  cli: Cli,
): Promise<ExitCode> {
  const limits = flags.failIf ?? [];
  refuseMissingMeasure(limits, before.side, after.side);
  const gates = after.found ? await gatesAfterUpdate(given, after.found, flags, cli) : given;
  const gatedAfter = gatedSide(after, gates);
  if (before.side.minDuration !== after.side.minDuration && !flags.quiet) {
    cli.stderr.write(
      `the two reports count plays from different minimum durations: ${before.side.minDuration} s before, ${after.side.minDuration} s after\n`,
    );
  }
  const comparison = compare(gatedSide(before, gates).side, gatedAfter.side, clipMemory(flags));
  refuseGuessedDurations(limits, comparison);
  const failed = limits.filter((limit) => exceeds(comparison, limit));
  try {
    const text =
      flags.format === 'json'
        ? comparisonJson(comparison, failed)
        : await textOf(comparison, files, other, flags, cli);
    await writeAll(await openOutput(flags.output, cli.stdout), text);
  } finally {
    comparison.close();
  }
  if (!flags.quiet) for (const line of gatedAfter.accepted) cli.stderr.write(`${line}\n`);
  for (const limit of failed) cli.stderr.write(`--fail-if ${limit.text}: ${changeText(comparison, limit)}\n`);
  return failed.length > 0 || before.lost + after.lost > 0 ? EXIT.invalid : EXIT.ok;
}

/** A side without accepted findings, and lines that compare the findings with what is accepted. */
function gatedSide(
  { side, found }: ReadSide,
  gates: Gates,
): { readonly side: Side; readonly accepted: readonly string[] } {
  if (!found) return { side, accepted: [] };
  const gated = judge({ ...found, diagnoses: [] }, gates);
  const { errors, warnings } = gated;
  return {
    side: { ...side, summary: { ...found.summary, errors, warnings } },
    accepted: toleranceLines(gated, true),
  };
}

function withoutQuery(flags: ReportFlags): ReportFlags {
  const { query: _, ...others } = flags;
  return others;
}

async function sideOf(files: readonly string[], flags: ReportFlags, cli: Cli): Promise<ReadSide> {
  const [file] = files;
  const { readSaved } = await import('../../report/compare/saved.js');
  const saved = files.length === 1 && file !== undefined && file !== '-' ? await readSaved(file) : null;
  if (saved) {
    refuseSelection(file ?? '', flags);
    return { side: saved, found: null, lost: 0, close: () => {} };
  }
  const { figures, lost, summary, rules, behaviour } = await computeFigures(
    sourcesOf(files, flags, cli),
    flags,
    cli,
  );
  try {
    const side = sideOfReport(figures, { summary, behaviour }, clipMemory(flags));
    return { side, found: { summary, rules, diagnoses: figures.diagnoses }, lost, close: () => side.close() };
  } finally {
    figures.close();
  }
}

/** Refuses flags that select sessions or clips: they cannot be applied to a saved report. */
function refuseSelection(file: string, { since, until, clipMap }: ReportFlags): void {
  if (since === undefined && until === undefined && clipMap === undefined) return;
  throw new UserError(
    'usage',
    `${file}: is a saved report: --since, --until and --clip-map cannot be applied to it`,
    'Give the input that the report was made from.',
  );
}

/** Measures that a saved report can lack, and the part of a side that they need. */
const OF_INPUTS: Readonly<Partial<Record<Measure, 'summary' | 'behaviour' | 'diagnoses'>>> = {
  findings: 'summary',
  events: 'behaviour',
  pauses: 'behaviour',
  jumps: 'behaviour',
  open: 'behaviour',
  diagnoses: 'diagnoses',
};

/**
 * @throws UserError of kind `usage` when a limit depends on a guessed duration: one longer play would change the
 * completion of all plays
 */
function refuseGuessedDurations(limits: readonly Limit[], { guessedDurations }: Comparison): void {
  const limit = limits.find(({ measure }) => measure === 'completion');
  if (!limit || guessedDurations === 0) return;
  throw new UserError(
    'usage',
    `--fail-if ${limit.text}: the duration of ${pluralize(guessedDurations, 'clip')} is unknown, so their completion is a guess`,
    'Give durations with --clips FILE (CSV with ClipId and Duration), or use average.',
  );
}

function refuseMissingMeasure(limits: readonly Limit[], before: Side, after: Side): void {
  const missing = limits.find(({ measure }) => {
    const source = OF_INPUTS[measure];
    return source !== undefined && (before[source] === null || after[source] === null);
  });
  if (missing) {
    throw new UserError(
      'usage',
      `--fail-if ${missing.text}: a saved report does not hold ${missing.measure}`,
      'Give the two inputs.',
    );
  }
}

async function textOf(
  comparison: Comparison,
  files: readonly string[],
  other: string,
  flags: ReportFlags,
  cli: Cli,
): Promise<AsyncIterable<string>> {
  const { comparisonText } = await import('../../report/compare/text.js');
  const text = comparisonText(comparison, {
    before: other,
    after: sourcesOf(files, flags, cli).map(nameOf).join(', '),
    ...lookOf(flags, cli),
    all: flags.verbose === true,
  });
  return forPeople(text, flags.output, cli);
}

function changeText({ measures }: Comparison, { measure, relative }: Limit): string {
  const { before, after, change, relative: share } = measures[measure];
  if (before === null || after === null) return `${measure} is not known for both inputs`;
  const rounded = (value: number): number => Math.round(value * 1000) / 1000;
  const by = relative && share !== null ? `${Math.round(share * 1000) / 10} %` : `${rounded(change ?? 0)}`;
  return `${measure} was ${rounded(before)}, is ${rounded(after)}: changed by ${by}`;
}
