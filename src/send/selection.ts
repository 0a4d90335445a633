import type { PackedSession } from '../write/packed.js';
import { sessionMark } from './journal/session-mark.js';
import type { SessionStates } from './journal/session-states.js';
import { goingAs, type Outgoing } from './outgoing.js';
import type { OnAmbiguous } from './policy.js';
import { type Rewriting, rewritten } from './rewrite.js';

export interface SelectionSettings {
  readonly rewriting: Rewriting;
  /** Source of sessions that carry none. */
  readonly defaultSource: string;
  /** What a journal knows; null without one. */
  readonly states: Pick<SessionStates, 'get' | 'count'> | null;
  readonly onAmbiguous: OnAmbiguous;
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
  /** Refused for good in an earlier run. */
  refused: number;
  /** Ambiguous since an earlier run, and held. */
  held: number;
  beyondLimit: number;
}

export function noCounts(): SelectionCounts {
  return { chosen: 0, inDoubt: 0, alreadyDelivered: 0, refused: 0, held: 0, beyondLimit: 0 };
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
  const its = marked(session, settings);
  const state = its.mark === '' ? 'unknown' : (settings.states?.get(its.mark) ?? 'unknown');
  if (state === 'delivered') counts.alreadyDelivered += 1;
  else if (state === 'refused') counts.refused += 1;
  else if (state === 'ambiguous' && settings.onAmbiguous === 'hold') counts.held += 1;
  else if (counts.chosen >= settings.limit) counts.beyondLimit += 1;
  else {
    counts.chosen += 1;
    if (its.doubtful) counts.inDoubt += 1;
    return its;
  }
  return null;
}

const UNMARKED = { mark: '', doubtful: false };

/** A session as it is sent, with what a journal knows of it. */
export function marked<S extends PackedSession>(
  session: S,
  { rewriting, states, defaultSource }: Pick<SelectionSettings, 'rewriting' | 'states' | 'defaultSource'>,
): Outgoing<S> {
  const its = rewritten(session, rewriting);
  if (states === null) return goingAs(session, its, UNMARKED);
  const mark = sessionMark(its, its.source ?? defaultSource);
  return goingAs(session, its, { mark, doubtful: states.get(mark) === 'ambiguous' });
}
