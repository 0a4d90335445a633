import { UserError } from '../../domain/errors.js';
import type { InputSource } from '../../read/source.js';
import type { Report } from '../../report/figures.js';
import { report } from '../../report/report.js';
import type { Inspected } from '../../validate/inspected.js';
import { type Summary, Tally } from '../../validate/tally.js';
import type { Cli } from '../cli.js';
import { LostPlaces } from '../lost-places.js';
import { openReading } from '../options/reading.js';
import { inspectOptionsOf } from '../options/rules.js';
import { nothingText, tellKeptOut, withinOf } from '../options/window.js';
import type { ReportFlags } from './command.js';

/** An input's figures, with what was found on the way. */
export interface Computed {
  readonly figures: Report;
  readonly summary: Summary;
  /** Places that could not be read. */
  readonly lost: number;
}

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
  const rules = await inspectOptionsOf(flags, cli);
  const reading = await openReading(sources, flags, cli);
  const tally = new Tally();
  const lost = new LostPlaces(flags);
  const figures = await report(reading.records, {
    ...rules,
    within: withinOf(flags),
    bin: flags.bin,
    includeInvalid: flags.includeInvalid === true,
    onInspected: (inspected) => {
      tally.add(inspected);
      onInspected(inspected);
      lost.note(inspected);
    },
  });
  reading.refuse();
  if (tally.nothing) throw new UserError('input', nothingText('report', tally.keptOut));
  tellKeptOut(tally.keptOut, flags, cli);
  lost.tell(cli, 'the report');
  return { figures, summary: tally.summary(), lost: lost.count };
}
