import type { WritableSession } from '../write/writable.js';
import { sessionMark } from './journal/session-mark.js';
import type { SessionStates } from './journal/session-states.js';
import type { Outgoing } from './outgoing.js';
import type { OnAmbiguous } from './policy.js';
import { type Rewriting, rewritten } from './rewrite.js';
import { isInShard, type Shard } from './shard.js';

export interface SelectionSettings {
  readonly shard: Shard;
  readonly rewriting: Rewriting;
  /** Source of sessions that carry none. */
  readonly defaultSource: string;
  /** What a journal knows; null without one. */
  readonly states: Pick<SessionStates, 'get'> | null;
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
  otherShard: number;
  alreadyDelivered: number;
  /** Refused for good in an earlier run. */
  refused: number;
  /** Ambiguous since an earlier run, and held. */
  held: number;
  beyondLimit: number;
}

export function noCounts(): SelectionCounts {
  return { chosen: 0, inDoubt: 0, otherShard: 0, alreadyDelivered: 0, refused: 0, held: 0, beyondLimit: 0 };
}

/** Chooses, in input order, the sessions that are to be sent, and counts the others by why they are not. */
export async function* select<S extends WritableSession>(
  sessions: Iterable<S> | AsyncIterable<S>,
  settings: SelectionSettings,
  counts: SelectionCounts = noCounts(),
): AsyncGenerator<Outgoing<S>> {
  const { shard, rewriting, defaultSource, states, onAmbiguous, limit } = settings;
  for await (const session of sessions) {
    if (!isInShard(session.key, shard)) {
      counts.otherShard += 1;
      continue;
    }
    const of = rewritten(session, rewriting);
    const mark = states ? sessionMark(of, of.source ?? defaultSource) : '';
    const state = states?.get(mark) ?? 'unknown';
    if (state === 'delivered') counts.alreadyDelivered += 1;
    else if (state === 'refused') counts.refused += 1;
    else if (state === 'ambiguous' && onAmbiguous === 'hold') counts.held += 1;
    else if (counts.chosen >= limit) counts.beyondLimit += 1;
    else {
      const doubtful = state === 'ambiguous';
      counts.chosen += 1;
      if (doubtful) counts.inDoubt += 1;
      yield { of, key: of.key, source: of.source, events: of.events, mark, doubtful };
    }
  }
}
