import { UserError } from '../../domain/errors.js';
import type { Finding } from '../../domain/finding.js';
import { guidKey } from '../../domain/guid.js';
import type { Session } from '../../domain/session.js';
import type { InputSource } from '../../read/source.js';
import type { Behaviour, Limit } from '../../report/compare/compare.js';
import type { PortalFigures } from '../../report/portal/figures.js';
import type { PortalComparison, PortalOptions } from '../../report/portal/portal.js';
import { type StreamedReport, streamedReport } from '../../report/report.js';
import type { SessionOccurrence } from '../../report/text/session.js';
import { inspect } from '../../validate/inspect.js';
import { type Inspected, type Summary, Tally } from '../../validate/inspected.js';
import { type RuleTotal, RuleTotals } from '../../validate/rule-totals.js';
import type { Cli } from '../cli.js';
import type { GateFlags } from '../options/gates.js';
import type { InputFlags } from '../options/input.js';
import { type CommonFlags, noDataText, reportKeptOut, withinOf } from '../options/option.js';
import { openReading, UnreadablePlaces } from '../options/reading.js';
import { inspectOptionsOf, type RuleFlags } from '../options/rules.js';
import { lookOf } from '../terminal.js';

export interface ReportFlags extends CommonFlags, InputFlags, RuleFlags, GateFlags {
  readonly format: 'text' | 'html' | 'json' | 'csv';
  readonly bin: number;
  readonly graphs?: boolean;
  readonly session?: string;
  readonly compare?: string;
  readonly failIf?: readonly Limit[];
  readonly portal?: PortalFigures;
  readonly includeInvalid?: boolean;
}

/** The figures of the inputs, and what was found while reading them. */
export interface Computed {
  /** The caller closes it. */
  readonly figures: StreamedReport;
  readonly summary: Summary;
  /** The totals of each rule. */
  readonly rules: readonly RuleTotal[];
  readonly behaviour: Behaviour;
  /** How many places could not be read, plus how many rows and events have a clip that is not in the clip map. */
  readonly lost: number;
}

/**
 * Computes the figures of inputs. Reports on standard error what could not be read.
 * @throws UserError when there is nothing to count, or data of another organization
 */
export async function computeFigures(
  sources: readonly InputSource[],
  flags: ReportFlags,
  cli: Cli,
  onInspected: (inspected: Inspected) => void = () => {},
): Promise<Computed> {
  const rules = await inspectOptionsOf(flags, cli);
  const reading = await openReading(sources, flags, cli, { rules });
  const tally = new Tally();
  const totals = new RuleTotals();
  const behaviour = { sessions: 0, events: 0, pauses: 0, jumps: 0, open: 0 };
  const lost = new UnreadablePlaces(flags);
  const figures = await streamedReport(reading.records, {
    ...rules,
    within: withinOf(flags, cli),
    bin: flags.bin,
    includeInvalid: flags.includeInvalid === true,
    diagnose: flags.format === 'json' || flags.compare !== undefined,
    onInspected: (inspected) => {
      tally.add(inspected);
      if (inspected.kind === 'finding') totals.add(inspected.finding);
      if (inspected.kind === 'session') totals.endSession();
      if (inspected.kind === 'session' && inspected.occurrence === 'first')
        addTo(behaviour, inspected.session);
      onInspected(inspected);
      lost.note(inspected);
    },
  });
  reading.refuse();
  if (tally.nothing) throw new UserError('input', noDataText('report', tally.keptOut));
  reportKeptOut(tally.keptOut, flags, cli);
  lost.report(cli, 'the report');
  return {
    figures,
    summary: tally.summary(),
    rules: totals.totals(),
    behaviour,
    lost: lost.count + tally.unmapped,
  };
}

/**
 * Computes the figures of inputs by each way to count, and compares them with the figures that the portal shows.
 * @throws UserError when there is nothing to count, when there is data of another organization, or when the completion
 * cannot be compared because no clip has a known duration
 */
export async function comparePortalOf(
  sources: readonly InputSource[],
  wanted: Pick<PortalOptions, 'portal' | 'days'>,
  flags: ReportFlags,
  cli: Cli,
): Promise<{ readonly comparison: PortalComparison; readonly lost: number }> {
  const rules = await inspectOptionsOf(flags, cli);
  const reading = await openReading(sources, flags, cli, { rules });
  const tally = new Tally();
  const lost = new UnreadablePlaces(flags);
  const { comparePortal } = await import('../../report/portal/portal.js');
  const comparison = await comparePortal(reading.records, {
    ...rules,
    ...wanted,
    within: withinOf(flags, cli),
    onInspected: (inspected) => {
      tally.add(inspected);
      lost.note(inspected);
    },
  });
  reading.refuse();
  if (tally.nothing) throw new UserError('input', noDataText('compare', tally.keptOut));
  if (comparison.unknownDurations && wanted.portal.figures.completion) {
    throw new UserError(
      'usage',
      '--portal completion: no clip has a known duration, so completion cannot be computed',
      'Give durations with --clips FILE (CSV with ClipId and Duration), or leave completion out.',
    );
  }
  reportKeptOut(tally.keptOut, flags, cli);
  lost.report(cli, 'the comparison');
  return { comparison, lost: lost.count + tally.unmapped };
}

/** A Start whose position is within this distance of the last Stop follows a pause. Any other Start follows a jump. */
const JUMP_MS = 1000;

function addTo(sums: { -readonly [K in keyof Behaviour]: number }, { listening }: Session): void {
  const { known, keptCount, stops, positionsMs } = listening;
  if (!known) return;
  sums.sessions += 1;
  sums.events += keptCount;
  for (let i = 1; i < keptCount; i += 1) {
    if (stops[i] === 1 || stops[i - 1] !== 1) continue;
    const jumps = Math.abs(positionsMs[i]! - positionsMs[i - 1]!) > JUMP_MS;
    sums[jumps ? 'jumps' : 'pauses'] += 1;
  }
  if (keptCount > 0 && stops[keptCount - 1] !== 1) sums.open += 1;
}

/** How many findings of one session are listed. */
const MAX_FINDINGS = 1000;
const DEFAULT_WIDTH = 80;
const MAX_WIDTH = 120;

/**
 * Prints one session, once for each request that contains it.
 * @param lost Collects what could not be read.
 * @throws UserError when there is no session with that id
 */
export async function* oneSession(
  id: string,
  sources: readonly InputSource[],
  flags: ReportFlags,
  cli: Cli,
  lost: UnreadablePlaces,
): AsyncGenerator<string> {
  const reading = await openReading(sources, flags, cli);
  const rules = await inspectOptionsOf(flags, cli);
  const options = { ...rules, within: withinOf(flags, cli) };
  let keptOut = false;
  const key = guidKey(id);
  const parts: SessionOccurrence[] = [];
  const findings: Finding[] = [];
  let omitted = 0;
  for await (const chunk of inspect(reading.records, options)) {
    for (const inspected of chunk) {
      lost.note(inspected);
      keptOut ||= inspected.kind === 'kept-out' && inspected.session.key === key;
      if (inspected.kind === 'session' && inspected.session.key === key) {
        parts.push({ session: inspected.session.copy(), occurrence: inspected.occurrence });
      }
      if (inspected.kind !== 'finding' || inspected.finding.sessionId === null) continue;
      if (guidKey(inspected.finding.sessionId) !== key) continue;
      if (findings.length < MAX_FINDINGS) findings.push(inspected.finding.settle());
      else omitted += 1;
    }
  }
  reading.refuse();
  if (parts.length === 0) {
    const why = keptOut
      ? `session ${id} is left out by --since and --until`
      : `no session ${id} in the input`;
    throw new UserError('input', why);
  }
  const { sessionText } = await import('../../report/text/session.js');
  const { colors, columns } = lookOf(flags, cli);
  const look = {
    colors,
    clipTitles: rules.clipTitles,
    width: Math.min(MAX_WIDTH, columns ?? DEFAULT_WIDTH),
  };
  for (const [i, part] of parts.entries()) {
    if (i > 0) yield '\n';
    const kept = findings.filter(({ place }) => parts.length === 1 || place.request === part.session.request);
    yield* sessionText(part, { kept, omitted: i === parts.length - 1 ? omitted : 0 }, look);
  }
}
