import type { PackedSession } from '../write/packed.js';
import { decideSession } from './ledger/decide.js';
import type { KnownSession, KnownSessions } from './ledger/known-sessions.js';
import { markOfPacked } from './ledger/session-mark.js';
import { goingAs, type Outgoing } from './outgoing.js';
import type { OnAmbiguous } from './policy.js';
import { newSessionId, type Rewriting, rewritten } from './rewrite.js';

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
  /** What ledgers know; null without one. */
  readonly known: KnownSessions | null;
  readonly onAmbiguous: OnAmbiguous;
  readonly retryRefused: boolean;
  /** The most sessions that are to be sent. */
  readonly limit: number;
}

/** How an input's sessions fall out before anything is sent. */
export interface SelectionCounts {
  /** To be sent. */
  chosen: number;
  /** Of those, how many an earlier run may have delivered. */
  inDoubt: number;
  alreadyDelivered: number;
  /** Delivered before, with other events. */
  changed: number;
  /** Of those, how many no earlier run has seen with these events. */
  newlyChanged: number;
  /** Refused for good in an earlier run. */
  refused: number;
  /** Ambiguous since an earlier run, and held. */
  held: number;
  beyondLimit: number;
  /** The ledgers that say so of those held. */
  readonly heldIn: Set<string>;
}

export function noCounts(): SelectionCounts {
  return {
    chosen: 0,
    inDoubt: 0,
    alreadyDelivered: 0,
    changed: 0,
    newlyChanged: 0,
    refused: 0,
    held: 0,
    beyondLimit: 0,
    heldIn: new Set(),
  };
}

/** Chooses, in input order, the sessions that are to be sent, and counts the others by why they are not. */
export function* select<S extends PackedSession>(
  sessions: Iterable<S>,
  settings: SelectionSettings,
  counts: SelectionCounts = noCounts(),
): Generator<Outgoing<S>> {
  for (const session of sessions) {
    const chosen = choose(session, settings, counts);
    if (chosen) yield chosen;
  }
}

/** A session on its way out, where it is to be sent, and null where it is not, which is counted. */
export function choose<S extends PackedSession>(
  session: S,
  settings: SelectionSettings,
  counts: SelectionCounts,
): Outgoing<S> | null {
  const { known, limit } = settings;
  const before = known?.find(sentId(session, settings)) ?? null;
  const markOf = markMaker(session, settings);
  const decision = decideSession(before?.as(markOf) ?? null, settings);
  switch (decision) {
    case 'already-delivered':
      counts.alreadyDelivered += 1;
      return null;
    case 'changed':
      counts.changed += 1;
      if (!known?.knowsChange(sentId(session, settings), markOf())) counts.newlyChanged += 1;
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
      return going(session, before, settings, markOf);
  }
}

/** A session as it is sent, with what ledgers know of it. */
export function marked<S extends PackedSession>(session: S, settings: SelectionSettings): Outgoing<S> {
  const before = settings.known?.find(sentId(session, settings)) ?? null;
  return going(session, before, settings, markMaker(session, settings));
}

/** The sessions that were delivered before with other events, and that no earlier run has seen as they are now. */
export function* newlyChanged<S extends PackedSession>(
  sessions: Iterable<S>,
  settings: SelectionSettings,
): Generator<Outgoing<S>> {
  const { known } = settings;
  if (known === null) return;
  for (const session of sessions) {
    const id = sentId(session, settings);
    const before = known.find(id);
    if (before?.state !== 'delivered') continue;
    const markOf = markMaker(session, settings);
    const now = going(session, before, settings, markOf);
    if (!before.as(markOf).sameMark && !known.knowsChange(id, now.mark)) yield now;
  }
}

function going<S extends PackedSession>(
  session: S,
  before: KnownSession | null,
  { rewriting, moved, known }: SelectionSettings,
  markOf: () => Uint8Array,
): Outgoing<S> {
  const shift = moved.kept ? (before?.shift ?? moved.by) : null;
  const its = rewritten(session, rewriting, shift === null ? 0 : shift - moved.by);
  const doubtful = before?.state === 'ambiguous' || before?.state === 'in-flight';
  return goingAs(session, its, { markOf: known === null ? noMark : markOf, shift, doubtful });
}

const NO_MARK = new Uint8Array();
const noMark = () => NO_MARK;

/** The SessionId that a session is sent with. */
function sentId({ key }: PackedSession, { rewriting }: Pick<SelectionSettings, 'rewriting'>): string {
  return rewriting.newSessionIds ? newSessionId(key) : key;
}

function markMaker(session: PackedSession, { rewriting, moved }: SelectionSettings): () => Uint8Array {
  let mark: Uint8Array | null = null;
  return () => {
    mark ??= markOfPacked(session.packed.json, rewriting, moved.by);
    return mark;
  };
}
