import { type BatchSession, type PackedEvents, type PackedSession, packedEvents } from '../write/packed.js';

/** A session on its way out. */
export interface Outgoing<S extends BatchSession = BatchSession> extends PackedSession {
  /** The session as it was given, before anything in it was changed. */
  readonly of: S;
  /** Its mark in the ledger (`ledger/session-mark.ts`); empty without one. */
  readonly mark: Uint8Array;
  /** Milliseconds that `--shift-to now` moved its times by; null where it did not. */
  readonly shift: number | null;
  /** It may have been counted already: an earlier request, of this run or one before, is ambiguous. */
  doubtful: boolean;
}

/** A session that nothing is known of. */
export function outgoing<S extends BatchSession>(session: S): Outgoing<S> {
  return new Going(session, session, noMark, null, false);
}

/** A session of which `its` is sent. @param markOf Called when the mark is first asked for. */
export function goingAs<S extends BatchSession>(
  session: S,
  its: BatchSession,
  { markOf, shift, doubtful }: { readonly markOf: () => Uint8Array } & Pick<Outgoing, 'shift' | 'doubtful'>,
): Outgoing<S> {
  return new Going(session, its, markOf, shift, doubtful);
}

const NO_MARK = new Uint8Array();
const noMark = () => NO_MARK;

class Going<S extends BatchSession> implements Outgoing<S> {
  readonly source: string | undefined;
  readonly packed: PackedEvents;
  readonly #markOf: () => Uint8Array;
  #mark: Uint8Array | null = null;

  constructor(
    readonly of: S,
    readonly its: BatchSession,
    markOf: () => Uint8Array,
    readonly shift: number | null,
    public doubtful: boolean,
  ) {
    this.source = its.source;
    this.packed = packedEvents(its);
    this.#markOf = markOf;
  }

  /** Made when it is asked for: without a ledger it seldom is. */
  get key(): string {
    return this.its.key;
  }

  get mark(): Uint8Array {
    this.#mark ??= this.#markOf();
    return this.#mark;
  }
}
