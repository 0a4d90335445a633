import type { ListeningEvent } from '../domain/event.js';

/** An event that can be written: sound, or as it was read. A `SessionEvent` is one. */
export interface WritableEvent {
  readonly sound: ListeningEvent | null;
  /** The JSON value as read, where `sound` does not say it all. */
  readonly written?: unknown;
  readonly source: string | undefined;
}

/** A session that can be written. A `Session` is one, and so is what `simulate` makes. */
export interface WritableSession {
  /** Its SessionId in lower case. */
  readonly key: string;
  readonly source: string | undefined;
  /** In order of SeqNumber. */
  readonly events: readonly WritableEvent[];
}
