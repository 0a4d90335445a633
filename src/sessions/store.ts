import { deserialize, serialize } from 'node:v8';
import type { Input } from '../domain/place.js';
import type { Session } from '../domain/session.js';
import type { MemoryBudget } from './memory.js';
import { type PackedEvent, packEvent, Texts, unpackEvent } from './packed-event.js';
import { Records } from './records.js';

/** So many sessions are packed together: texts that repeat among them stand once. */
const TOGETHER = 64;

/** Sessions packed together. */
interface Pack {
  readonly texts: readonly string[];
  readonly sessions: readonly {
    readonly rest: Omit<Session, 'events'>;
    readonly events: readonly PackedEvent[];
  }[];
}

/**
 * Whole sessions in the order in which they were added, to be gone through as often as one likes: in memory up to a budget, on disk beyond
 * it. What else a session carries comes back too, as far as it can be cloned (`structuredClone`).
 */
export class SessionStore<S extends Session> implements Iterable<S> {
  readonly #packs: Records;
  readonly #inputs: Input[] = [];
  #open: S[] = [];
  #size = 0;

  constructor(budget?: MemoryBudget) {
    this.#packs = new Records(budget);
  }

  /** How many sessions there are. */
  get size(): number {
    return this.#size;
  }

  /** @throws UserError of kind `output` where the disk cannot hold it. */
  add(session: S): void {
    this.#open.push(session);
    this.#size += 1;
    if (this.#open.length < TOGETHER) return;
    this.#packs.add(serialize(this.#pack(this.#open)));
    this.#open = [];
  }

  /** The sessions so far, from the first. */
  *[Symbol.iterator](): Generator<S> {
    for (const pack of this.#packs) yield* this.#unpack(deserialize(pack) as Pack);
    yield* this.#open;
  }

  /** Lets go of everything. */
  close(): void {
    this.#packs.close();
  }

  #pack(sessions: readonly S[]): Pack {
    const texts = new Texts();
    const packed = sessions.map(({ events, ...rest }) => ({
      rest,
      events: events.map((event) => packEvent(event, texts, this.#inputNumber(event.place.input))),
    }));
    return { texts: texts.all, sessions: packed };
  }

  *#unpack({ texts, sessions }: Pack): Generator<S> {
    for (const { rest, events } of sessions) {
      const session: Session = {
        ...rest,
        events: events.map((event) => unpackEvent(event, texts, this.#inputs)),
      };
      yield session as S;
    }
  }

  #inputNumber(input: Input): number {
    const known = this.#inputs.lastIndexOf(input);
    return known >= 0 ? known : this.#inputs.push(input) - 1;
  }
}
