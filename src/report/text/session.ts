import type { ChalkInstance } from 'chalk';
import { type Finding, messageOf } from '../../domain/finding.js';
import { Listening } from '../../domain/listening.js';
import type { Session } from '../../domain/session.js';
import { clock, escaped, formatNumber, moment, pluralize } from '../../domain/text.js';
import type { Occurrence } from '../../rules/define.js';
import { type NumberList, orderOf, Play, validRuns } from '../play.js';
import { fitted } from './text-table.js';

/** One step of a session, in the order in which it happened. Positions and times are in milliseconds. */
type Step =
  | {
      readonly kind: 'heard';
      readonly at: number;
      readonly from: number;
      readonly to: number;
      readonly clockMs: number;
    }
  | { readonly kind: 'paused'; readonly ms: number }
  | { readonly kind: 'jumped'; readonly from: number; readonly to: number }
  /** A Start with no Stop behind it, or a Stop with no Start before it. */
  | {
      readonly kind: 'alone';
      readonly type: 'Start' | 'Stop';
      readonly at: number;
      readonly position: number;
    }
  | { readonly kind: 'broken'; readonly seqNumber: number | null };

/** A shorter time or distance between a Stop and the next Start is not a pause or a jump. */
const NOTHING_MS = 1000;

export interface SessionTextOptions {
  readonly colors: ChalkInstance;
  readonly width: number;
  /** Titles of clips, by ClipId in lower case. */
  readonly clipTitles?: ReadonlyMap<string, string> | undefined;
}

/** A session, or a part of it, as the input has it. */
export interface SessionOccurrence {
  readonly session: Session;
  readonly occurrence: Occurrence;
}

/** The findings of a session, or of a part of it. */
export interface SessionFindings {
  readonly kept: readonly Finding[];
  /** How many more findings there are. */
  readonly omitted: number;
}

/** One session for people: what was heard and when, the pauses and jumps between, and its findings. */
export function* sessionText(
  { session, occurrence }: SessionOccurrence,
  findings: SessionFindings,
  { colors, width, clipTitles }: SessionTextOptions,
): Generator<string> {
  const play = new Play();
  yield `${colors.bold(`Session ${session.key}`)}${occurrence === 'first' ? '' : ` (${OCCURRENCES[occurrence]})`}\n`;
  if (play.read(session)) {
    const { firstTimestampMs } = play;
    const began = Number.isFinite(firstTimestampMs) ? `, from ${moment(firstTimestampMs / 1000)}` : '';
    const title = clipTitles?.get(play.clipId);
    if (title !== undefined) yield `${fitted(title, width)}\n`;
    yield `clip ${play.clipId}, ${escaped(session.source ?? 'Custom')}${began}\n`;
    yield `${pluralize(session.count, 'event')}, ${play.playedMs / 1000} s played, ${play.heardMs / 1000} s of the clip heard\n`;
    if (play.parts.count > 0) yield `\n${bar(play.parts, width, colors)}`;
  }
  yield '\n';
  for (const step of timelineOf(session)) yield `${stepText(step, colors)}\n`;
  const count = findings.kept.length + findings.omitted;
  yield count === 0 ? '\nNo findings\n' : `\n${pluralize(count, 'finding')}\n`;
  for (const finding of findings.kept) {
    const paint = { error: colors.red, warning: colors.yellow, info: colors.blue }[finding.severity];
    const seq = finding.seqNumber === null ? '' : ` (event ${finding.seqNumber})`;
    yield `${paint(`${finding.severity} ${finding.rule}`)}${seq}: ${escaped(messageOf(finding))}\n`;
    yield `  ${colors.dim(escaped(finding.hint))}\n`;
  }
  if (findings.omitted > 0) yield `… and ${formatNumber(findings.omitted)} more\n`;
}

const OCCURRENCES = { split: 'a later part of it, in another request', resent: 'sent again' } as const;

/** The clip up to the farthest part heard, in one line. */
function bar({ values, count: edges }: NumberList, width: number, colors: ChalkInstance): string {
  const parts = values.subarray(0, edges);
  const end = parts.at(-1) ?? 0;
  const [first, last] = ['0:00 ', ` ${clock(end / 1000)}`];
  const columns = Math.max(10, width - first.length - last.length);
  let line = '';
  for (let column = 0; column < columns; column += 1) {
    const middle = ((column + 0.5) / columns) * end;
    line += parts.filter((at) => at <= middle).length % 2 === 1 ? '█' : '·';
  }
  return `${first}${colors.cyan(line)}${last}\n`;
}

function stepText(step: Step, colors: ChalkInstance): string {
  switch (step.kind) {
    case 'heard':
      return `${time(step.at)}  ▶ ${place(step.from)} – ${place(step.to)}  ${heardText(step.to - step.from, step.clockMs)}`;
    case 'paused':
      return colors.dim(`${MARGIN}⏸ paused ${span(step.ms)}`);
    case 'jumped':
      return colors.dim(
        step.to > step.from
          ? `${MARGIN}» jumped ahead ${span(step.to - step.from)}, to ${place(step.to)}`
          : `${MARGIN}« jumped back ${span(step.from - step.to)}, to ${place(step.to)}`,
      );
    case 'alone':
      return colors.yellow(
        `${time(step.at)}  ? ${step.type} at ${place(step.position)}, with no ${step.type === 'Start' ? 'Stop after it' : 'Start before it'}`,
      );
    case 'broken':
      return colors.red(
        `${MARGIN}✗ an invalid event${step.seqNumber === null ? '' : `, SeqNumber ${step.seqNumber}`}`,
      );
  }
}

function heardText(audioMs: number, clockMs: number): string {
  if (audioMs <= 0) return 'nothing heard';
  // Timestamps are whole seconds, so the speed of an interval of a few seconds is not exact enough.
  const speed = clockMs >= 5000 ? `, ${Math.round((audioMs / clockMs) * 100) / 100}x` : '';
  return `${span(audioMs)} in ${span(Math.max(0, clockMs))}${speed}`;
}

const MARGIN = ' '.repeat(10);

/** The time of day in UTC. */
function time(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '--:--:--' : date.toISOString().slice(11, 19);
}

/** A position with its fraction of a second. */
function place(ms: number): string {
  const rest = ms % 1000;
  return `${clock(Math.floor(ms / 1000))}${rest === 0 ? '' : String(rest / 1000).slice(1)}`;
}

function span(ms: number): string {
  if (ms < 60_000) return `${ms / 1000} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** A session as steps, in order of SeqNumber. */
export function* timelineOf(session: Session): Generator<Step> {
  const order = orderOf(session);
  const runs = validRuns(session, order, new Listening());
  for (let n = 0; n < session.count; n += 1) {
    const i = order?.[n] ?? n;
    const isFirst = n === 0 || !session.isValid(order?.[n - 1] ?? n - 1);
    if (!session.isValid(i)) yield { kind: 'broken', seqNumber: session.seqNumberOf(i) };
    else if (isFirst) yield* stepsOf(runs.next().value as Listening);
  }
}

function* stepsOf({ keptCount, stops, positionsMs, timestampsMs }: Listening): Generator<Step> {
  for (let i = 0; i < keptCount; i += 1) {
    const isStop = stops[i] === 1;
    const [at, position] = [timestampsMs[i]!, positionsMs[i]!];
    const followsStop = i > 0 && stops[i - 1] === 1;
    const followsStart = i > 0 && stops[i - 1] === 0;
    const stopFollows = i + 1 < keptCount && stops[i + 1] === 1;
    if (!isStop && followsStop) {
      const [ms, from] = [at - timestampsMs[i - 1]!, positionsMs[i - 1]!];
      if (ms > NOTHING_MS) yield { kind: 'paused', ms };
      if (Math.abs(position - from) > NOTHING_MS) yield { kind: 'jumped', from, to: position };
    }
    if (!isStop && stopFollows) {
      yield {
        kind: 'heard',
        at,
        from: position,
        to: positionsMs[i + 1]!,
        clockMs: timestampsMs[i + 1]! - at,
      };
    }
    const paired = isStop ? followsStart : stopFollows;
    if (!paired) yield { kind: 'alone', type: isStop ? 'Stop' : 'Start', at, position };
  }
}
