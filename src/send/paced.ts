import { type Batch, type BatchSettings, batches } from '../write/batches.js';
import type { WritableSession } from '../write/writable.js';
import { type Clock, pause } from './clock.js';

/** How sessions follow each other in time. */
export interface Pace {
  /** How many times faster than they were heard; infinite: as fast as they can be sent. */
  readonly speed: number;
  /** The longest wait between two sessions. */
  readonly maxGapMs: number;
}

/** Sessions that fall into one such span go together. */
const TOGETHER_MS = 1000;

/** Sessions that are due at one moment. */
export interface Due<S> {
  /** From the first session's time. */
  readonly atMs: number;
  readonly sessions: readonly S[];
}

/** Sorts sessions by when they ended (API-14: a player sends them then), and says when each is due at a pace. */
export function schedule<S extends WritableSession>(
  sessions: readonly S[],
  { speed, maxGapMs }: Pace,
): Due<S>[] {
  const ended = sessions
    .map((session) => ({ session, at: lastTimestamp(session) }))
    .toSorted((one, other) => one.at - other.at);
  const due: { atMs: number; sessions: S[] }[] = [];
  let atMs = 0;
  let before = ended[0]?.at ?? 0;
  for (const { session, at } of ended) {
    atMs += Math.min(maxGapMs, ((at - before) * 1000) / speed);
    before = at;
    const group = due.at(-1);
    if (group && atMs - group.atMs < TOGETHER_MS) group.sessions.push(session);
    else due.push({ atMs, sessions: [session] });
  }
  return due;
}

/** Seconds from the first session of a schedule to the last. */
export function scheduledSeconds(due: readonly Due<unknown>[]): number {
  return (due.at(-1)?.atMs ?? 0) / 1000;
}

/** Batches of what is due, each when it is due: at once without a clock. */
export async function* batchesDue<S extends WritableSession>(
  due: readonly Due<S>[],
  settings: BatchSettings,
  waiting?: { readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<Batch<S>> {
  const began = waiting?.clock.now() ?? 0;
  for (const { atMs, sessions } of due) {
    if (waiting) await pause(waiting.clock, began + atMs - waiting.clock.now(), waiting.signal);
    yield* batches(sessions, settings);
  }
}

/** The time of a session's last event, in unix seconds. */
export function lastTimestamp({ events }: WritableSession): number {
  return events.reduce(
    (last, { sound }) => Math.max(last, sound?.timestamp ?? last),
    Number.NEGATIVE_INFINITY,
  );
}
