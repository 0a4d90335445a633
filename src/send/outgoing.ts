import type { WritableSession } from '../write/writable.js';

/** A session on its way out. */
export interface Outgoing<S extends WritableSession = WritableSession> extends WritableSession {
  /** The session as it was given. */
  readonly of: S;
  /** Its mark in the journal (`journal/session-mark.ts`); empty without a journal. */
  readonly mark: string;
  /** It may have been counted already: an earlier request, of this run or one before, is ambiguous. */
  doubtful: boolean;
}

/** A session that nothing is known of. */
export function outgoing<S extends WritableSession>(session: S): Outgoing<S> {
  const { key, source, events } = session;
  return { of: session, key, source, events, mark: '', doubtful: false };
}
