import type { Session } from '../domain/session.js';
import type { MemoryBudget } from '../sessions/memory.js';
import { SessionStore } from '../sessions/store.js';

/** A session as it is stored: what its events were is no part of what a store keeps of them. */
interface StoredSession extends Session {
  readonly were: readonly unknown[];
  readonly unsound: boolean;
}

interface OpenSession {
  readonly session: Session;
  readonly unsound: boolean;
  /** Whether a later request holds more of it, or this is that. */
  readonly wentOn: boolean;
}

/** Sessions of requests that end with a Start, held back until it is known whether a later request goes on with them. */
export class OpenSessions implements Iterable<OpenSession> {
  readonly #store: SessionStore<StoredSession>;
  readonly #parts = new Map<string, number>();

  constructor(memory: MemoryBudget | undefined) {
    this.#store = new SessionStore(memory);
  }

  has(key: string): boolean {
    return this.#parts.has(key);
  }

  add(session: Session, unsound: boolean): void {
    this.#parts.set(session.key, (this.#parts.get(session.key) ?? 0) + 1);
    this.#store.add({ ...session, were: session.events.map(({ was }) => was), unsound });
  }

  /** In the order in which they were added. */
  *[Symbol.iterator](): Generator<OpenSession> {
    for (const { were, unsound, ...stored } of this.#store) {
      const events = stored.events.map((event, i) =>
        were[i] === undefined ? event : { ...event, was: were[i] },
      );
      yield { session: { ...stored, events }, unsound, wentOn: this.#parts.get(stored.key) !== 1 };
    }
  }

  close(): void {
    this.#store.close();
  }
}
