import { type BatchSession, type PackedEvents, type PackedSession, packedEvents } from '../write/packed.js';

/** A session on its way out. */
export interface Outgoing<S extends BatchSession = BatchSession> extends PackedSession {
  /** The session as it was given, before anything in it was changed. */
  readonly of: S;
  /** Its mark in the journal (`journal/session-mark.ts`); empty without a journal. */
  readonly mark: string;
  /** It may have been counted already: an earlier request, of this run or one before, is ambiguous. */
  doubtful: boolean;
}

/** A session that nothing is known of. */
export function outgoing<S extends BatchSession>(session: S): Outgoing<S> {
  return new Going(session, session, '', false);
}

/** A session of which `its` is sent. */
export function goingAs<S extends BatchSession>(
  session: S,
  its: BatchSession,
  { mark, doubtful }: Pick<Outgoing, 'mark' | 'doubtful'>,
): Outgoing<S> {
  return new Going(session, its, mark, doubtful);
}

class Going<S extends BatchSession> implements Outgoing<S> {
  readonly source: string | undefined;
  readonly packed: PackedEvents;

  constructor(
    readonly of: S,
    readonly its: BatchSession,
    readonly mark: string,
    public doubtful: boolean,
  ) {
    this.source = its.source;
    this.packed = packedEvents(its);
  }

  /** Made when it is asked for: without a journal it seldom is. */
  get key(): string {
    return this.its.key;
  }
}
