import { UserError } from '../../domain/errors.js';
import { type Comparison, compare, exceeds, type Limit, type Side } from '../../report/compare/compare.js';
import { readSaved } from '../../report/compare/saved.js';
import { comparisonText } from '../../report/compare/text.js';
import type { Cli } from '../cli.js';
import { colorsFor } from '../colors.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { sourcesOf } from '../options/input.js';
import { openOutput, writeAll } from '../output.js';
import type { ReportFlags } from './command.js';
import { computeFigures } from './figures.js';

interface ReadSide {
  readonly side: Side;
  /** Places that could not be read. */
  readonly lost: number;
}

/** Compares the inputs (after) with another input or saved report (before). */
export async function runCompare(
  files: readonly string[],
  other: string,
  flags: ReportFlags,
  cli: Cli,
): Promise<ExitCode> {
  if (other === '-' && (files.length === 0 || files.includes('-'))) {
    throw new UserError('usage', 'standard input (-) cannot be both sides of --compare');
  }
  const before = await sideOf([other], flags, cli);
  const after = await sideOf(files, flags, cli);
  const limits = flags.failIf ?? [];
  refuseUntold(limits, before.side, after.side);
  if (before.side.minDuration !== after.side.minDuration && !flags.quiet) {
    cli.stderr.write(
      `the two count plays from different durations on: ${before.side.minDuration} s before, ${after.side.minDuration} s after\n`,
    );
  }
  const comparison = compare(before.side, after.side);
  const failed = limits.filter((limit) => exceeds(comparison, limit));
  const text =
    flags.format === 'json'
      ? [
          `${JSON.stringify({ version: 1, ...comparison, failed: failed.map((limit) => limit.text) }, null, 2)}\n`,
        ]
      : textOf(comparison, files, other, flags, cli);
  await writeAll(await openOutput(flags.output, cli.stdout), text);
  for (const limit of failed) cli.stderr.write(`--fail-if ${limit.text}: ${changeText(comparison, limit)}\n`);
  return failed.length > 0 || before.lost + after.lost > 0 ? EXIT.invalid : EXIT.ok;
}

async function sideOf(files: readonly string[], flags: ReportFlags, cli: Cli): Promise<ReadSide> {
  const [file] = files;
  const saved = files.length === 1 && file !== undefined && file !== '-' ? await readSaved(file) : null;
  if (saved) {
    refuseChosen(file ?? '', flags);
    return { side: saved, lost: 0 };
  }
  const { figures, summary, lost } = await computeFigures(sourcesOf(files, cli), flags, cli);
  return { side: { ...figures, summary }, lost };
}

/** A saved report cannot be made of fewer sessions, or of other clips. */
function refuseChosen(file: string, { since, until, clipMap }: ReportFlags): void {
  if (since === undefined && until === undefined && clipMap === undefined) return;
  throw new UserError(
    'usage',
    `${file}: is a saved report: --since, --until and --clip-map cannot be applied to it`,
    'Give the input it was made of.',
  );
}

function refuseUntold(limits: readonly Limit[], before: Side, after: Side): void {
  if (before.summary && after.summary) return;
  const untold = limits.find(({ measure }) => measure === 'findings');
  if (untold) {
    throw new UserError(
      'usage',
      `--fail-if ${untold.text}: a saved report tells no findings`,
      'Give the two inputs.',
    );
  }
}

function textOf(
  comparison: Comparison,
  files: readonly string[],
  other: string,
  flags: ReportFlags,
  cli: Cli,
): Iterable<string> {
  const toFile = flags.output !== undefined;
  return comparisonText(comparison, {
    before: other,
    after: files.length === 0 ? '<stdin>' : files.join(', '),
    colors: colorsFor(cli.stdout, toFile ? 'never' : flags.color, cli.env),
    all: flags.verbose === true,
  });
}

function changeText({ measures }: Comparison, { measure, relative }: Limit): string {
  const { before, after, change, relative: share } = measures[measure];
  if (before === null || after === null) return `${measure} cannot be told of both`;
  const by = relative && share !== null ? `${Math.round(share * 1000) / 10} %` : `${change}`;
  return `${measure} was ${Math.round(before * 1000) / 1000}, is ${Math.round(after * 1000) / 1000}: changed by ${by}`;
}
