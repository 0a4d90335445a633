import { UserError } from '../../domain/errors.js';
import { type Finding, messageOf } from '../../domain/finding.js';
import type { InputSource } from '../../read/source.js';
import type { Report } from '../../report/figures.js';
import { report } from '../../report/report.js';
import { escaped } from '../../rules/words.js';
import type { Inspected } from '../../validate/inspected.js';
import { type Summary, Tally } from '../../validate/tally.js';
import type { Cli } from '../cli.js';
import { openReading } from '../options/reading.js';
import { inspectOptionsOf } from '../options/rules.js';
import { nothingText, tellKeptOut, withinOf } from '../options/window.js';
import { count } from '../words.js';
import type { ReportFlags } from './command.js';

/** An input's figures, with what was found on the way. */
export interface Computed {
  readonly figures: Report;
  readonly summary: Summary;
  /** Places that could not be read. */
  readonly lost: number;
}

/** How many broken lines are told one by one. */
const SHOWN = 5;

/**
 * Computes the figures of inputs, and tells on standard error what of them could not be read.
 * @throws UserError where there is nothing, or data of another organization.
 */
export async function computeFigures(
  sources: readonly InputSource[],
  flags: ReportFlags,
  cli: Cli,
  onInspected: (inspected: Inspected) => void = () => {},
): Promise<Computed> {
  const reading = await openReading(sources, flags, cli);
  const tally = new Tally();
  const broken: Finding[] = [];
  const figures = await report(reading.records, {
    ...(await inspectOptionsOf(flags, cli)),
    within: withinOf(flags),
    bin: flags.bin,
    includeInvalid: flags.includeInvalid === true,
    onInspected: (inspected) => {
      tally.add(inspected);
      onInspected(inspected);
      if (inspected.kind === 'finding' && inspected.finding.rule === 'syntax' && broken.length < SHOWN) {
        broken.push(inspected.finding);
      }
    },
  });
  reading.refuse();
  if (tally.nothing) throw new UserError('input', nothingText('report', tally.keptOut));
  tellKeptOut(tally.keptOut, flags, cli);
  const lost = tally.ofRule('syntax');
  tellLost(broken, lost, cli);
  return { figures, summary: tally.summary(), lost };
}

function tellLost(broken: readonly Finding[], lost: number, cli: Cli): void {
  for (const finding of broken) {
    const { input, line, column } = finding.place;
    cli.stderr.write(`error: ${escaped(`${input.name}:${line}:${column}: ${messageOf(finding)}`)}\n`);
  }
  if (lost > 0) {
    cli.stderr.write(
      `${count(lost, 'place')} could not be read: what stood there is missing from the report\n`,
    );
  }
}
