import type { OnAmbiguous } from '../policy.js';
import type { LedgerEntry, LedgerReader, Look } from './rows.js';
import type { LedgerState } from './schema.js';

/** What all ledgers of a run say of a session: their states count as if they stood in one. */
export interface KnownSession {
  readonly state: LedgerState;
  /** The shift that it was first given, in milliseconds. */
  readonly shift: number | null;
  /** The ledger that says so. */
  readonly path: string;
  /** @param mark Of the session now. */
  as(mark: Uint8Array): Known;
}

/** The sessions that a run's own ledger, its siblings and those of `--known` know. */
export class KnownSessions {
  readonly #readers: readonly LedgerReader[];

  /** @param readers The run's own first. */
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

  /** What `find` would say, as far as most sessions need it: quicker. @param key The bytes of the SessionId as sent. */
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
  /** Whether its events are those that the ledger knows. */
  readonly sameMark: boolean;
}

/** What to do with a session, decided before anything is sent. */
export type SessionDecision =
  | 'send'
  /** To be sent, though an earlier request may have been counted. */
  | 'resend'
  | 'already-delivered'
  /** Delivered before, with other events. */
  | 'changed'
  /** It may have been counted, and is not sent again. */
  | 'hold'
  /** Refused in an earlier run. */
  | 'refused';

export interface DecisionSettings {
  readonly onAmbiguous: OnAmbiguous;
  readonly retryRefused: boolean;
}

/** What a ledger knows of a session decides what is done with it (`docs/ledger.md`). @param known Null where no ledger knows the session. */
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

/** Of what several ledgers say, what counts first. */
const STRENGTH: readonly LedgerState[] = ['delivered', 'in-flight', 'ambiguous', 'refused', 'unsent'];

/** Which of two states counts; under equal ones the first. */
export function strongerState(one: LedgerState, other: LedgerState): LedgerState {
  return STRENGTH.indexOf(other) < STRENGTH.indexOf(one) ? other : one;
}
