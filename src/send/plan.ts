import { type Clock, pause } from '../domain/clock.js';
import { guidKey } from '../domain/guid.js';
import { type Batch, type BatchSettings, batchesInMemory } from '../write/batches.js';
import type { PendingSession } from './selection.js';

/** What a delivery would send. */
export interface Load {
  readonly requests: number;
  readonly sessions: number;
  readonly events: number;
  /** The total size of the request bodies. */
  readonly bytes: number;
  /** Seconds of audio played. */
  readonly playedSeconds: number;
}

/** The part of a plan for one organization and one Source. */
export interface PlanGroup extends Load {
  readonly organizationId: string;
  readonly source: string;
}

export interface Plan extends Load {
  /** Seconds of audio in the longest interval, and in the longest session. */
  readonly longestIntervalSeconds: number;
  readonly longestSessionSeconds: number;
  /** Sessions of over 12 h of audio. */
  readonly longSessions: number;
  /** Requests of a single session that is larger than the limit of bytes. */
  readonly oversize: number;
  /** How many organizations are sent to. */
  readonly organizations: number;
  /** Seconds that the requests take at the rate; null without a rate. */
  readonly seconds: number | null;
  /** In order of first appearance. After 10,000 groups, one more group without an organization holds all others. */
  readonly groups: readonly PlanGroup[];
}

/** The most groups to list separately: a Source can be any text, so their number has no limit. */
const MAX_GROUPS = 10_000;
const OTHERS = { organizationId: '', source: '(other)' };

const LONG_SESSION_MS = 12 * 3600 * 1000;
const LONG_AVERAGE_SECONDS = 3 * 3600;

/**
 * Whether listening this long is likely a mistake: over 3 h per session, or over 1 % of the sessions (and at least 2)
 * over 12 h.
 */
export function isLong({ sessions, playedSeconds, longSessions }: Plan): boolean {
  const manyLong = longSessions >= 2 && longSessions > sessions / 100;
  return manyLong || playedSeconds > sessions * LONG_AVERAGE_SECONDS;
}

/** Adds up what batches would send, and the time this takes at `rate` requests per second. Sends nothing. */
export async function planOf(batches: Iterable<Batch> | AsyncIterable<Batch>, rate?: number): Promise<Plan> {
  const groups = new Map<string, Sum>();
  const total = new Sum();
  const organizations = new Set<string>();
  let oversize = 0;
  let [longestIntervalMs, longestSessionMs, longSessions] = [0, 0, 0];
  for await (const batch of batches) {
    const organization = guidKey(batch.organizationId);
    organizations.add(organization);
    const own = `${organization.length}:${organization}${batch.source}`;
    const key = groups.size < MAX_GROUPS || groups.has(own) ? own : '';
    const group = groups.get(key) ?? new Sum(key === '' ? OTHERS : batch);
    groups.set(key, group);
    let playedMs = 0;
    for (const { playedSeconds, longestIntervalSeconds } of batch.sessions) {
      const sessionMs = Math.round((playedSeconds ?? 0) * 1000);
      playedMs += sessionMs;
      longestSessionMs = Math.max(longestSessionMs, sessionMs);
      longestIntervalMs = Math.max(longestIntervalMs, Math.round((longestIntervalSeconds ?? 0) * 1000));
      if (sessionMs > LONG_SESSION_MS) longSessions += 1;
    }
    total.add(batch, playedMs);
    group.add(batch, playedMs);
    if (batch.oversize) oversize += 1;
  }
  return {
    ...total.load,
    longestIntervalSeconds: longestIntervalMs / 1000,
    longestSessionSeconds: longestSessionMs / 1000,
    longSessions,
    oversize,
    organizations: organizations.size,
    seconds: rate === undefined || rate === Number.POSITIVE_INFINITY ? null : total.load.requests / rate,
    groups: [...groups.values()].map((group) => ({ ...group.named, ...group.load })),
  };
}

type Sized = Pick<Batch, 'organizationId' | 'source' | 'sessions' | 'events' | 'bytes'>;

class Sum {
  #requests = 0;
  #sessions = 0;
  #events = 0;
  #bytes = 0;
  #playedMs = 0;
  readonly named: Pick<PlanGroup, 'organizationId' | 'source'>;

  constructor({ organizationId = '', source = '' }: Partial<Sized> = {}) {
    this.named = { organizationId, source };
  }

  add(batch: Sized, playedMs: number): void {
    this.#requests += 1;
    this.#sessions += batch.sessions.length;
    this.#events += batch.events;
    this.#bytes += batch.bytes;
    this.#playedMs += playedMs;
  }

  get load(): Load {
    return {
      requests: this.#requests,
      sessions: this.#sessions,
      events: this.#events,
      bytes: this.#bytes,
      playedSeconds: this.#playedMs / 1000,
    };
  }
}

/** How sessions follow each other in time. */
export interface Pace {
  /** How many times faster than the sessions were heard; infinite: as fast as they can be sent. */
  readonly speed: number;
  /** The longest wait between two sessions. */
  readonly maxGapMs: number;
}

/** Sessions that are due within this time are sent together. */
const MAX_GAP_MS = 1000;

/** The sessions that are due at the same moment. */
export interface Due<T> {
  /** Counted from the first session. */
  readonly atMs: number;
  readonly sessions: readonly T[];
}

/**
 * Yields when each session is due at a pace.
 * @param sessions In the order in which they ended (API-14: a player sends them then).
 * @param endedAt Unix seconds; null if unknown: that session is due together with the one before it.
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
    if (due && atMs - due.atMs < MAX_GAP_MS) due.sessions.push(session);
    else {
      if (due) yield due;
      due = { atMs, sessions: [session] };
    }
  }
  if (due) yield due;
}

/** The seconds between the first and the last session of a schedule. */
export function scheduledSeconds(schedule: Iterable<Due<unknown>>): number {
  let last = 0;
  for (const { atMs } of schedule) last = atMs;
  return last / 1000;
}

/** Yields the batches of a schedule, each when it is due; without `waiting`, immediately. */
export async function* batchesDue(
  due: Iterable<Due<PendingSession>>,
  settings: BatchSettings,
  waiting?: { readonly clock: Clock; readonly signal: AbortSignal },
): AsyncGenerator<Batch<PendingSession>> {
  const began = waiting?.clock.nowMs() ?? 0;
  for (const { atMs, sessions } of due) {
    if (waiting) await pause(waiting.clock, began + atMs - waiting.clock.nowMs(), waiting.signal);
    yield* batchesInMemory(sessions, settings);
  }
}
