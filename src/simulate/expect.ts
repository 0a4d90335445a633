import type { EventType, ListeningEvent } from '../domain/event.js';
import { toMs } from '../domain/listening.js';
import { align } from './align.js';
import type { Script } from './script.js';
import { momentsOf } from './script-play.js';

/** A captured session: what a reader's sessions are. */
export interface CapturedSession {
  /** Its SessionId in lower case. */
  readonly key: string;
  /** In order of SeqNumber; `sound` is null where an event is broken. */
  readonly events: readonly { readonly sound: ListeningEvent | null }[];
}

/** An event, by what a script says of it. */
export interface Moment {
  readonly type: EventType;
  /** Seconds along the audio. */
  readonly position: number;
  /** Seconds since the session's first event that the script knows. */
  readonly time: number;
}

/** A line of the two columns, expected and received. */
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

/** What a session is, beside what the script says. */
export interface Comparison {
  readonly key: string;
  /** Whether the session is what the script describes. */
  readonly matches: boolean;
  /** In the order of the events. */
  readonly lines: readonly Compared[];
  /** Events that cannot be compared since a field is missing or broken. */
  readonly broken: number;
}

/** Seconds that a time and a position may be off, the bound included. */
export const TOLERANCE = { time: 1, position: 1 };

/**
 * Compares a captured session with what a script describes. Times count from the first event that both have. Timestamps are whole seconds, so
 * that an expected time between two of them may be told as either.
 * @param clipSeconds where the clip ends; Infinity where that is not known.
 */
export function compareWithScript(
  script: Script,
  session: CapturedSession,
  clipSeconds: number = Number.POSITIVE_INFINITY,
): Comparison {
  const expected = momentsOf(script, clipSeconds * 1000).map(({ type, positionMs, clockMs }) => {
    return { type, position: positionMs / 1000, time: clockMs / 1000 };
  });
  const received = session.events.flatMap(({ sound }) => {
    return sound ? [{ type: sound.type, position: sound.position, time: sound.timestamp }] : [];
  });
  const pairs = align(since(expected, 0), since(received, 0), distance);
  const first = pairs.find(([wanted, seen]) => wanted !== null && seen !== null);
  const wanted = since(expected, first?.[0] ?? 0);
  const seen = since(received, first?.[1] ?? 0);
  const lines = pairs.map(([e, r]) =>
    compared(e === null ? undefined : wanted[e], r === null ? undefined : seen[r]),
  );
  const broken = session.events.length - received.length;
  return {
    key: session.key,
    matches: broken === 0 && lines.every(({ kind }) => kind === 'same'),
    lines,
    broken,
  };
}

/** Counts the times from one of the moments. */
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

/** How unlike two moments are, where a moment without a counterpart counts 1; what is of another type is never paired. */
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
