import { type BatchSession, type PackedSession, packedEvents } from '../write/packed.js';

/** A session on its way out. */
export interface Outgoing<S extends BatchSession = BatchSession> extends PackedSession {
  /** The session as it was given. */
  readonly of: S;
  /** Its mark in the journal (`journal/session-mark.ts`); empty without a journal. */
  readonly mark: string;
  /** It may have been counted already: an earlier request, of this run or one before, is ambiguous. */
  doubtful: boolean;
}

/** A session that nothing is known of. */
export function outgoing<S extends BatchSession>(session: S): Outgoing<S> {
  const { key, source } = session;
  return { of: session, key, source, packed: packedEvents(session), mark: '', doubtful: false };
}
