import { type Batch, type BatchSettings, batchesAtHand } from '../write/batches.js';
import type { BatchSession } from '../write/packed.js';
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

/** What is due at one moment. */
export interface Due<T> {
  /** From the first session's time. */
  readonly atMs: number;
  readonly sessions: readonly T[];
}

/**
 * Says when each session is due at a pace.
 * @param sessions In the order in which they ended (API-14: a player sends them then).
 * @param endedAt Unix seconds; null where that is not known: such a session follows at once.
 */
export function* schedule<T>(
  sessions: Iterable<T>,
  endedAt: (session: T) => number | null,
  { speed, maxGapMs }: Pace,
): Generator<Due<T>> {
  let due: { readonly atMs: number; readonly sessions: T[] } | null = null;
  let atMs = 0;
  let before: number | null = null;
  for (const session of sessions) {
    const at: number | null = endedAt(session) ?? before;
    if (at !== null && before !== null) atMs += Math.min(maxGapMs, ((at - before) * 1000) / speed);
    before = at;
    if (due && atMs - due.atMs < TOGETHER_MS) due.sessions.push(session);
    else {
      if (due) yield due;
      due = { atMs, sessions: [session] };
    }
  }
  if (due) yield due;
}

/** Seconds from the first session of a schedule to the last. */
export function scheduledSeconds(schedule: Iterable<Due<unknown>>): number {
  let last = 0;
  for (const { atMs } of schedule) last = atMs;
  return last / 1000;
}

/** Batches of what is due, each when it is due: at once without a clock. */
export async function* batchesDue<S extends BatchSession>(
  due: Iterable<Due<S>>,
  settings: BatchSettings,
  waiting?: { readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<Batch<S>> {
  const began = waiting?.clock.now() ?? 0;
  for (const { atMs, sessions } of due) {
    if (waiting) await pause(waiting.clock, began + atMs - waiting.clock.now(), waiting.signal);
    yield* batchesAtHand(sessions, settings);
  }
}

/** The time of a session's last event, in unix seconds. */
export function lastTimestamp({ events }: WritableSession): number {
  return events.reduce(
    (last, { sound }) => Math.max(last, sound?.timestamp ?? last),
    Number.NEGATIVE_INFINITY,
  );
}
