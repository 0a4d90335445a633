import type { OnAmbiguous } from '../policy.js';
import type { LedgerEntry, LedgerReader, Look } from './rows.js';
import type { LedgerState } from './schema.js';

/** What all ledgers of a run say together about a session: the strongest of their states counts. */
export interface KnownSession {
  readonly state: LedgerState;
  /** The first shift of its times (`--shift-to now`), in milliseconds; null without one. */
  readonly shift: number | null;
  /** The ledger that has this state. */
  readonly path: string;
  /** Compares the session's current mark with the marks in the ledgers. @param mark The session's current mark. */
  as(mark: Uint8Array): Known;
}

/** The sessions that a run's own ledger, its siblings and those of `--known` know. */
export class KnownSessions {
  readonly #readers: readonly LedgerReader[];

  /** @param readers The reader of the run's own ledger is first. */
  constructor(readers: readonly LedgerReader[]) {
    this.#readers = readers;
  }

  /** @param key The bytes of the SessionId as sent (`sessionKey`). */
  find(key: Uint8Array): KnownSession | null {
    let found: { readonly entry: LedgerEntry; readonly path: string } | null = null;
    const entries: LedgerEntry[] = [];
    for (const reader of this.#readers) {
      const entry = reader.find(key);
      if (entry === null) continue;
      entries.push(entry);
      if (found === null || strongerState(found.entry.state, entry.state) !== found.entry.state) {
        found = { entry, path: reader.path };
      }
    }
    if (found === null) return null;
    const { state } = found.entry;
    return {
      state,
      shift: entries.find(({ shift }) => shift !== null)?.shift ?? null,
      path: found.path,
      as: (mark) => ({ state, sameMark: hasMark(entries, state, mark) }),
    };
  }

  /**
   * A faster lookup than `find`, enough for most sessions: whether a session is unknown, or delivered with this mark. @param
   * key The bytes of the SessionId as sent.
   */
  look(key: Uint8Array, mark: Uint8Array): Look {
    let found: Look = 'unknown';
    for (const reader of this.#readers) {
      const its = reader.look(key, mark);
      if (its === 'delivered') return its;
      if (its === 'other') found = its;
    }
    return found;
  }

  /** Whether a run saw a delivered session with this other mark before. */
  knowsChange(key: Uint8Array, mark: Uint8Array): boolean {
    return this.#readers.some((reader) => reader.knowsChange(key, mark));
  }
}

function hasMark(entries: readonly LedgerEntry[], state: LedgerState, mark: Uint8Array): boolean {
  return entries.some((entry) => entry.state === state && Buffer.compare(entry.mark, mark) === 0);
}

/** What ledgers know about a session of the input. */
export interface Known {
  readonly state: LedgerState;
  /** Whether its events are the same as when the ledger recorded it. */
  readonly sameMark: boolean;
}

/** What to do with a session, decided before anything is sent. */
export type SessionDecision =
  | 'send'
  /** Sent again, although an earlier request may have been counted. */
  | 'resend'
  | 'already-delivered'
  /** Delivered before, with other events. */
  | 'changed'
  /** Not sent again, because it may have been counted. */
  | 'hold'
  /** Refused in an earlier run. */
  | 'refused';

export interface DecisionSettings {
  readonly onAmbiguous: OnAmbiguous;
  readonly retryRefused: boolean;
}

/**
 * Decides what to do with a session, by what the ledgers know about it (`docs/ledger.md`). @param known Null if no ledger knows
 * the session.
 */
export function decideSession(
  known: Known | null,
  { onAmbiguous, retryRefused }: DecisionSettings,
): SessionDecision {
  switch (known?.state) {
    case undefined:
    case 'unsent':
      return 'send';
    case 'delivered':
      return known?.sameMark ? 'already-delivered' : 'changed';
    case 'in-flight':
    case 'ambiguous':
      return onAmbiguous === 'hold' ? 'hold' : 'resend';
    case 'refused':
      return known?.sameMark && !retryRefused ? 'refused' : 'send';
  }
}

/** The states from the strongest to the weakest: if ledgers disagree, the strongest counts. */
const STRENGTH: readonly LedgerState[] = ['delivered', 'in-flight', 'ambiguous', 'refused', 'unsent'];

/** The stronger of two states; the first if they are equal. */
export function strongerState(one: LedgerState, other: LedgerState): LedgerState {
  return STRENGTH.indexOf(other) < STRENGTH.indexOf(one) ? other : one;
}
