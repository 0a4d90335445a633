import { UserError } from '../domain/errors.js';
import { guidKey } from '../domain/guid.js';
import { toMs } from '../domain/listening.js';
import type { Session } from '../domain/session.js';
import { formatNumber } from '../domain/text.js';
import { momentsOf, type Script } from '../simulate/script.js';

/** An event, with the properties that a script describes. */
export interface Moment {
  readonly type: 'Start' | 'Stop';
  /** Seconds along the audio. */
  readonly position: number;
  /** Seconds since the first event that both the session and the script have. */
  readonly time: number;
}

/** One line of the comparison: an expected event, a received event, or both. */
export type Compared =
  | { readonly kind: 'same'; readonly expected: Moment; readonly received: Moment }
  | {
      readonly kind: 'differs';
      readonly expected: Moment;
      readonly received: Moment;
      readonly in: readonly ('time' | 'position')[];
    }
  | { readonly kind: 'missing'; readonly expected: Moment }
  | { readonly kind: 'extra'; readonly received: Moment };

/** A session compared with a script. */
export interface Comparison {
  readonly key: string;
  /** Whether the session matches the script. */
  readonly matches: boolean;
  /** The lines, in the order of the events. */
  readonly lines: readonly Compared[];
  /** How many events cannot be compared, because a field is missing or invalid. */
  readonly broken: number;
}

/** The maximum number of pairs of an expected and a received event. Each pair takes one byte of memory. */
const MAX_PAIRS = 50_000_000;

/** By how many seconds a time and a position can differ, inclusive. */
export const TOLERANCE = { time: 1, position: 1 };

/**
 * Compares a captured session with a script. Times count from the first event that both have. Timestamps are whole
 * seconds, so an expected time between two of them can match either.
 * @param clipSeconds The end of the clip; Infinity if it is not known.
 * @throws UserError of kind `input` if both have very many events
 */
export function compareWithScript(
  script: Script,
  session: Session,
  clipSeconds: number = Number.POSITIVE_INFINITY,
): Comparison {
  const expected = momentsOf(script, clipSeconds * 1000).map(({ type, positionMs, clockMs }) => {
    return { type, position: positionMs / 1000, time: clockMs / 1000 };
  });
  const received = receivedMoments(session);
  if (expected.length * received.length > MAX_PAIRS) {
    throw new UserError(
      'input',
      `session ${session.key}: ${formatNumber(received.length)} events are too many to compare with the ${formatNumber(expected.length)} of the script`,
      'A script describes one session: check whether the player gives all sessions the same SessionId.',
    );
  }
  const pairs = align(since(expected, 0), since(received, 0), distance);
  const first = pairs.find(([wanted, seen]) => wanted !== null && seen !== null);
  const wanted = since(expected, first?.[0] ?? 0);
  const seen = since(received, first?.[1] ?? 0);
  const lines = pairs.map(([e, r]) =>
    compared(e === null ? undefined : wanted[e], r === null ? undefined : seen[r]),
  );
  const broken = session.count - received.length;
  return {
    key: session.key,
    matches: broken === 0 && lines.every(({ kind }) => kind === 'same'),
    lines,
    broken,
  };
}

/** The valid events, with their times unchanged. */
function receivedMoments(session: Session): Moment[] {
  const moments: Moment[] = [];
  for (let i = 0; i < session.count; i += 1) {
    if (!session.isValid(i)) continue;
    const type = session.isStop(i) ? 'Stop' : 'Start';
    moments.push({ type, position: session.positions[i]!, time: session.timestamps[i]! });
  }
  return moments;
}

/** Makes all times relative to one of the moments. */
function since(moments: readonly Moment[], anchor: number): Moment[] {
  const from = moments[anchor]?.time ?? 0;
  return moments.map((moment) => ({ ...moment, time: toMs(moment.time - from) / 1000 }));
}

function compared(expected: Moment | undefined, received: Moment | undefined): Compared {
  if (!expected) return { kind: 'extra', received: received! };
  if (!received) return { kind: 'missing', expected };
  const off = [
    ...(timeFits(expected, received) ? [] : (['time'] as const)),
    ...(positionFits(expected, received) ? [] : (['position'] as const)),
  ];
  return off.length === 0
    ? { kind: 'same', expected, received }
    : { kind: 'differs', expected, received, in: off };
}

/** How different two moments are; a moment without a counterpart counts 1. Moments of different types are never paired. */
function distance(expected: Moment, received: Moment): number {
  if (expected.type !== received.type) return Number.POSITIVE_INFINITY;
  return (positionFits(expected, received) ? 0 : 1.4) + (timeFits(expected, received) ? 0 : 0.4);
}

function positionFits(expected: Moment, received: Moment): boolean {
  return toMs(Math.abs(expected.position - received.position)) <= toMs(TOLERANCE.position);
}

function timeFits(expected: Moment, received: Moment): boolean {
  const least = toMs(Math.floor(expected.time) - TOLERANCE.time);
  const most = toMs(Math.ceil(expected.time) + TOLERANCE.time);
  const seen = toMs(received.time);
  return seen >= least && seen <= most;
}

/** The indexes of two elements that belong together; null where one side has no counterpart. */
type Pair = readonly [left: number | null, right: number | null];

/** From which side the next pair takes an element. */
const Step = { Both: 0, Left: 1, Right: 2 } as const;

/**
 * Pairs two sequences in order with the smallest sum of distances; an element without a partner costs 1 (edit
 * distance). If several solutions are equally good, pairs earlier elements.
 */
function align<L, R>(
  left: readonly L[],
  right: readonly R[],
  distance: (left: L, right: R) => number,
): Pair[] {
  const width = right.length + 1;
  const steps = new Uint8Array((left.length + 1) * width);
  // The costs of aligning the rest after (row, column), computed row by row from the end.
  let below = Float64Array.from({ length: width }, (_, column) => right.length - column);
  steps.fill(Step.Right, left.length * width);
  for (let row = left.length - 1; row >= 0; row -= 1) {
    const costs = new Float64Array(width);
    costs[right.length] = left.length - row;
    steps[row * width + right.length] = Step.Left;
    for (let column = right.length - 1; column >= 0; column -= 1) {
      const both = below[column + 1]! + distance(left[row]!, right[column]!);
      const alone = 1 + Math.min(below[column]!, costs[column + 1]!);
      costs[column] = Math.min(both, alone);
      const step = both <= alone ? Step.Both : below[column]! <= costs[column + 1]! ? Step.Left : Step.Right;
      steps[row * width + column] = step;
    }
    below = costs;
  }
  return walk(steps, left.length, right.length);
}

function walk(steps: Uint8Array, rows: number, columns: number): Pair[] {
  const pairs: Pair[] = [];
  let [row, column] = [0, 0];
  while (row < rows || column < columns) {
    const step = steps[row * (columns + 1) + column];
    const takesLeft = step !== Step.Right;
    const takesRight = step !== Step.Left;
    pairs.push([takesLeft ? row : null, takesRight ? column : null]);
    row += Number(takesLeft);
    column += Number(takesRight);
  }
  return pairs;
}

/** A script and the file that it was read from. */
export interface NamedScript {
  readonly name: string;
  readonly script: Script;
}

export interface ScriptCheckOptions {
  readonly scripts: readonly NamedScript[];
  /** Compare only sessions of this clip, and only this session. */
  readonly clip?: string | undefined;
  readonly session?: string | undefined;
  /** The durations of clips in seconds, by ClipId in lower case. */
  readonly durations: ReadonlyMap<string, number>;
}

/**
 * A session compared with its script. `script` is null where there were several scripts, and no script was left for
 * this session.
 */
export interface ScriptComparison extends Comparison {
  readonly script: string | null;
}

/**
 * Compares sessions with scripts. If there is one script, each session is compared with it; else the first session with
 * the first script, and so on.
 */
export class ScriptCheck {
  #taken = 0;
  #differing = 0;

  constructor(readonly options: ScriptCheckOptions) {}

  /** Whether to compare a session. */
  picks(session: Session): boolean {
    const { clip, session: picked } = this.options;
    if (picked !== undefined && session.key !== guidKey(picked)) return false;
    if (clip === undefined) return true;
    const clipId = session.firstId('clip');
    return clipId !== null && guidKey(clipId) === guidKey(clip);
  }

  /** Compares a session that `picks` accepts. @throws UserError of kind `input` where it has too many events */
  take(session: Session): ScriptComparison {
    const { scripts, durations } = this.options;
    const clipId = session.firstId('clip');
    const assigned = scripts.length === 1 ? scripts[0] : scripts[this.#taken];
    this.#taken += 1;
    // The session counts as different until the comparison shows a match, because the comparison throws if the session
    // is too large.
    this.#differing += 1;
    const seconds = clipId === null ? undefined : durations.get(guidKey(clipId));
    const comparison = compareWithScript(assigned?.script ?? [], session, seconds ?? session.clipDuration);
    const matches = comparison.matches && assigned !== undefined;
    if (matches) this.#differing -= 1;
    return { ...comparison, matches, script: assigned?.name ?? null };
  }

  /** How many sessions were compared. */
  get taken(): number {
    return this.#taken;
  }

  /** Of several scripts, those without a session. */
  get missing(): readonly string[] {
    const { scripts } = this.options;
    return scripts.length === 1 ? [] : scripts.slice(this.#taken).map(({ name }) => name);
  }

  /** Whether there was a session, and all sessions match their scripts. */
  get matches(): boolean {
    return this.#taken > 0 && this.#differing === 0 && this.missing.length === 0;
  }
}
