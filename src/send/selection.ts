import { hash } from 'node:crypto';
import { guidKey, isSimulatedId } from '../domain/guid.js';
import { withIds } from '../wire/event.js';
import { jsonText } from '../wire/json.js';
import type { EncodedSession } from '../write/encoded-session.js';
import { sessionMark } from './journal/session-mark.js';
import type { SessionStates } from './journal/session-states.js';
import type { OnAmbiguous } from './policy.js';

/** What is changed in sessions that may be sent, before they are. */
export interface Rewriting {
  readonly newSessionIds: boolean;
  readonly setOrganization: string | undefined;
  readonly setClip: string | undefined;
}

export const NO_REWRITING: Rewriting = {
  newSessionIds: false,
  setOrganization: undefined,
  setClip: undefined,
};

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

/** A session that is to be sent, as it is sent. */
export class PendingSession implements EncodedSession {
  readonly source: string | undefined;
  readonly organizationId: string;
  readonly count: number;
  readonly json: Buffer;
  readonly #session: EncodedSession;

  /**
   * @param mark Its mark in the journal (`journal/session-mark.ts`); empty without a journal.
   * @param doubtful It may have been counted already: an earlier request, of this run or one before, is ambiguous.
   */
  constructor(
    session: EncodedSession,
    readonly mark = '',
    public doubtful = false,
  ) {
    this.#session = session;
    this.source = session.source;
    this.organizationId = session.organizationId;
    this.count = session.count;
    this.json = session.json;
  }

  /** Made when it is asked for: without a journal it seldom is. */
  get key(): string {
    return this.#session.key;
  }

  get playedSeconds(): number | null {
    return this.#session.playedSeconds;
  }

  get endedAt(): number | null {
    return this.#session.endedAt;
  }
}

/** Chooses, in input order, the sessions that are to be sent, and counts the others by why they are not. */
export function* select(
  sessions: Iterable<EncodedSession>,
  settings: SelectionSettings,
  counts: SelectionCounts = noCounts(),
): Generator<PendingSession> {
  for (const session of sessions) {
    const chosen = choose(session, settings, counts);
    if (chosen) yield chosen;
  }
}

/** A session as it is sent; null where it is not to be sent, which is counted. */
export function choose(
  session: EncodedSession,
  settings: SelectionSettings,
  counts: SelectionCounts,
): PendingSession | null {
  const pending = marked(session, settings);
  const state = pending.mark === '' ? 'unknown' : (settings.states?.get(pending.mark) ?? 'unknown');
  if (state === 'delivered') counts.alreadyDelivered += 1;
  else if (state === 'refused') counts.refused += 1;
  else if (state === 'ambiguous' && settings.onAmbiguous === 'hold') counts.held += 1;
  else if (counts.chosen >= settings.limit) counts.beyondLimit += 1;
  else {
    counts.chosen += 1;
    if (pending.doubtful) counts.inDoubt += 1;
    return pending;
  }
  return null;
}

/** A session as it is sent, with what a journal knows of it. */
export function marked(
  session: EncodedSession,
  { rewriting, states, defaultSource }: Pick<SelectionSettings, 'rewriting' | 'states' | 'defaultSource'>,
): PendingSession {
  const changed = rewritten(session, rewriting);
  if (states === null) return new PendingSession(changed);
  const mark = sessionMark(changed, changed.source ?? defaultSource);
  return new PendingSession(changed, mark, states.get(mark) === 'ambiguous');
}

/** What is sent of a session that is changed; gives it back as it is where there is nothing to change. */
export function rewritten(session: EncodedSession, how: Rewriting): EncodedSession {
  const { newSessionIds, setOrganization, setClip } = how;
  if (!newSessionIds && setOrganization === undefined && setClip === undefined) return session;
  const { source, organizationId, count, json, playedSeconds, endedAt } = session;
  const key = newSessionIds ? newSessionId(session.key) : session.key;
  const ids = {
    organizationId: setOrganization,
    clipId: setClip,
    sessionId: newSessionIds ? key : undefined,
  };
  const events = JSON.parse(`[${json.toString()}]`) as unknown[];
  return {
    key,
    source,
    organizationId: setOrganization ?? organizationId,
    count,
    json: Buffer.from(events.map((event) => jsonText(withIds(event, ids))).join(',')),
    playedSeconds,
    endedAt,
  };
}

/** The namespace of new SessionIds; never to be changed, or the same input would give other ids. */
const NAMESPACE = Buffer.from('6d1f0c3b9a5e4f27b8c2e07d54a1936e', 'hex');

/** Another SessionId, the same for the same one: a version 5 UUID, or of a simulated session one that is marked so for ever. */
export function newSessionId(id: string): string {
  const bytes = hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(guidKey(id))]), 'buffer');
  const simulated = isSimulatedId(id);
  if (simulated) bytes.writeUInt16BE(0x5eed, 0);
  bytes[6] = (bytes[6]! & 0x0f) | (simulated ? 0x80 : 0x50);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
