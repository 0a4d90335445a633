import type { EncodedSession, LargeJson } from '../write/encoded-session.js';
import { decideSession, type KnownSession, type KnownSessions } from './ledger/known-sessions.js';
import type { Look } from './ledger/rows.js';
import { sessionIdOf, sessionKey } from './ledger/schema.js';
import type { OnAmbiguous } from './policy.js';
import { newSessionId, type Rewriting, rewritten, rewrittenMark } from './rewriting.js';
import type { SendableSession } from './sendable-sessions.js';

/** How times were moved while the input was read, in milliseconds. */
export interface Moved {
  readonly by: number;
  /** Whether each session keeps the shift it was first given (`--shift-to now`). */
  readonly kept: boolean;
}

export const NOT_MOVED: Moved = { by: 0, kept: false };

export interface SelectionSettings {
  readonly rewriting: Rewriting;
  readonly moved: Moved;
  /** What the ledgers know; null without a ledger. */
  readonly known: KnownSessions | null;
  readonly onAmbiguous: OnAmbiguous;
  readonly retryRefused: boolean;
  /** The maximum number of sessions to send. */
  readonly limit: number;
}

/** How many sessions of an input are sent, and why the others are not, decided before anything is sent. */
export interface SelectionCounts {
  /** To be sent. */
  chosen: number;
  /** How many of the chosen ones an earlier run may have delivered. */
  inDoubt: number;
  alreadyDelivered: number;
  /** Delivered before, with other events. */
  changed: number;
  /** How many of the changed ones no earlier run has seen with these events. */
  newlyChanged: number;
  /** Refused for good in an earlier run. */
  refused: number;
  /** Ambiguous since an earlier run, and not sent again. */
  held: number;
  beyondLimit: number;
  /** The ledgers in which the held sessions are ambiguous. */
  readonly heldIn: Set<string>;
}

/** @param alreadyDelivered How many sessions a first look already found delivered. */
export function noCounts(alreadyDelivered = 0): SelectionCounts {
  return {
    chosen: 0,
    inDoubt: 0,
    alreadyDelivered,
    changed: 0,
    newlyChanged: 0,
    refused: 0,
    held: 0,
    beyondLimit: 0,
    heldIn: new Set(),
  };
}

/** What the ledgers know about a session that is sent. */
interface Knowledge {
  /** Its mark (`rewriting.ts`); empty without a ledger. */
  readonly mark: Uint8Array;
  /** Milliseconds by which `--shift-to now` moved its times; null if it did not. */
  readonly shift: number | null;
  /** Whether it may have been counted: an earlier request, of this run or another, is ambiguous. */
  readonly doubtful: boolean;
}

const NOTHING_KNOWN: Knowledge = { mark: new Uint8Array(), shift: null, doubtful: false };

/** A session to send, in the form to send. */
export class PendingSession implements EncodedSession {
  readonly source: string | undefined;
  readonly organizationId: string;
  readonly count: number;
  readonly mark: Uint8Array;
  readonly shift: number | null;
  doubtful: boolean;
  readonly #session: EncodedSession;

  constructor(session: EncodedSession, { mark, shift, doubtful }: Knowledge = NOTHING_KNOWN) {
    this.#session = session;
    this.source = session.source;
    this.organizationId = session.organizationId;
    this.count = session.count;
    this.mark = mark;
    this.shift = shift;
    this.doubtful = doubtful;
  }

  /** Computed on demand: without a ledger it is rarely needed. */
  get key(): string {
    return this.#session.key;
  }

  get json(): Buffer {
    return this.#session.json;
  }

  get large(): LargeJson | undefined {
    return this.#session.large;
  }

  get playedSeconds(): number | null {
    return this.#session.playedSeconds;
  }

  get longestIntervalSeconds(): number | null {
    return this.#session.longestIntervalSeconds;
  }

  get endedAt(): number | null {
    return this.#session.endedAt;
  }
}

/**
 * Looks a session up before its events are encoded, which saves time: most sessions of a nightly export are already delivered.
 */
export type FirstLook = (session: Pick<SendableSession, 'keyBytes' | 'mark'>) => Look;

/** A first look in these ledgers. */
export function firstLookAt(known: KnownSessions, rewriting: Rewriting): FirstLook {
  return (session) => known.look(sentKey(session, rewriting), rewrittenMark(session.mark, rewriting));
}

/** Chooses the sessions to send, in input order, and counts the others by reason. */
export function* select(
  sessions: Iterable<SendableSession>,
  settings: SelectionSettings,
  counts: SelectionCounts = noCounts(),
): Generator<PendingSession> {
  for (const session of sessions) {
    const chosen = choose(session, settings, counts);
    if (chosen) yield chosen;
  }
}

/** A session in the form to send; null if it is not sent. Adds it to `counts` in both cases. */
export function choose(
  session: SendableSession,
  settings: SelectionSettings,
  counts: SelectionCounts,
): PendingSession | null {
  const { known, rewriting, limit } = settings;
  const before = knownBefore(session, settings);
  const decision = decideSession(before?.as(rewrittenMark(session.mark, rewriting)) ?? null, settings);
  switch (decision) {
    case 'already-delivered':
      counts.alreadyDelivered += 1;
      return null;
    case 'changed':
      counts.changed += 1;
      if (!known?.knowsChange(sentKey(session, rewriting), rewrittenMark(session.mark, rewriting)))
        counts.newlyChanged += 1;
      return null;
    case 'refused':
      counts.refused += 1;
      return null;
    case 'hold':
      counts.held += 1;
      if (before) counts.heldIn.add(before.path);
      return null;
    case 'send':
    case 'resend':
      if (counts.chosen >= limit) {
        counts.beyondLimit += 1;
        return null;
      }
      counts.chosen += 1;
      if (decision === 'resend') counts.inDoubt += 1;
      return pending(session, before, settings);
  }
}

/** A session as it is sent, with what the ledgers know about it. */
export function pendingSession(session: SendableSession, settings: SelectionSettings): PendingSession {
  return pending(session, knownBefore(session, settings), settings);
}

/** The sessions that were delivered before with other events, and that no earlier run has seen with their present events. */
export function* newlyChanged(
  sessions: Iterable<SendableSession>,
  settings: SelectionSettings,
): Generator<PendingSession> {
  const { known, rewriting } = settings;
  if (known === null) return;
  for (const session of sessions) {
    const before = knownBefore(session, settings);
    if (before?.state !== 'delivered') continue;
    const mark = rewrittenMark(session.mark, rewriting);
    if (!before.as(mark).sameMark && !known.knowsChange(sentKey(session, rewriting), mark))
      yield pending(session, before, settings);
  }
}

/** What ledgers know about a session; null if nothing. */
function knownBefore(session: SendableSession, { known, rewriting }: SelectionSettings): KnownSession | null {
  return known === null || session.isUnknown ? null : known.find(sentKey(session, rewriting));
}

/** The bytes of the SessionId that a session is sent with. */
function sentKey({ keyBytes }: Pick<SendableSession, 'keyBytes'>, { newSessionIds }: Rewriting): Uint8Array {
  return newSessionIds ? sessionKey(newSessionId(sessionIdOf(keyBytes))) : keyBytes;
}

function pending(
  session: SendableSession,
  before: KnownSession | null,
  { rewriting, moved, known }: SelectionSettings,
): PendingSession {
  const shift = moved.kept ? (before?.shift ?? moved.by) : null;
  return new PendingSession(rewritten(session, rewriting, shift === null ? 0 : shift - moved.by), {
    mark: known === null ? NOTHING_KNOWN.mark : rewrittenMark(session.mark, rewriting),
    shift,
    doubtful: before?.state === 'ambiguous' || before?.state === 'in-flight',
  });
}
