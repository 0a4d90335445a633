import type { Input, Place } from '../domain/place.js';
import type { Session } from '../domain/session.js';
import { KeyFlags } from '../sessions/key-table.js';
import { type MemoryBudget, memoryBudget, shareOf } from '../sessions/memory.js';
import { SpillLog } from '../sessions/spill-log.js';
import { jsonText } from '../wire/json.js';
import { eventValue, wireEvent } from '../wire/session-event.js';
import type { Fix } from './define.js';
import { SessionBuilder } from './judge.js';

/**
 * Sessions that end with a Start, where they are to be closed: a Stop at that Start's position and time, which are all that is known. It adds
 * nothing to what was heard.
 */
export const sessionOpen: Fix = {
  rule: 'session-open',
  fix({ events, fired, session }, { closeOpen }) {
    const { kept, keptCount, known } = session.listening;
    if (!closeOpen || !fired.has('session-open') || !known) return null;
    const last = kept[keptCount - 1]!;
    const source = session.sourceOf(last);
    const bare = session.request === null && source !== undefined;
    const fields = {
      ...wireEvent(session, last),
      Type: 'Stop',
      SeqNumber: session.seqNumbers[session.count - 1]! + 1,
      ...(bare && { Source: source }),
    };
    const place = session.placeOf(last);
    const sessionId = session.idOf(last, 'session');
    return {
      events: [...events, { fields, place }],
      changes: [{ rule: 'session-open', what: 'Stop added', place, sessionId, before: null, after: fields }],
    };
  },
};

/** A session as it is stored. */
interface StoredSession {
  readonly key: string;
  readonly request: number | null;
  readonly requestSource: string | undefined;
  readonly clipDuration: number | undefined;
  readonly unsound: boolean;
  readonly events: readonly {
    /** As JSON text. */
    readonly value: string;
    /** Null where there is none. */
    readonly original: string | null;
    readonly place: Omit<Place, 'input'> & { readonly input: number };
  }[];
}

interface OpenSession {
  /** Holds until the next. */
  readonly session: Session;
  readonly unsound: boolean;
  /** Whether a later request holds more of it, or this is that. */
  readonly wentOn: boolean;
}

/** Of the memory there is, what is known of SessionIds may take. */
const IDS_SHARE = 1 / 16;
const PART = { one: 1, several: 2 } as const;

/** Sessions of requests that end with a Start, held back until it is known whether a later request goes on with them. */
export class OpenSessions implements Iterable<OpenSession> {
  readonly #records: SpillLog;
  readonly #inputs = new Map<number, Input>();
  /** Whether one part of a session was added, and whether several were. */
  readonly #parts: KeyFlags;
  readonly #builder = new SessionBuilder();

  constructor(memory: MemoryBudget = memoryBudget()) {
    this.#records = new SpillLog(memory);
    this.#parts = new KeyFlags(shareOf(memory, IDS_SHARE));
  }

  has(key: string): boolean {
    return this.#parts.has(key, PART.one);
  }

  add(session: Session, unsound: boolean): void {
    const { key, request, requestSource, clipDuration } = session;
    this.#parts.add(key, this.has(key) ? PART.several : PART.one);
    const events = Array.from({ length: session.count }, (_, i) => {
      const { input, ...place } = session.placeOf(i);
      this.#inputs.set(input.index, input);
      const original = session.isRaw(i) ? session.raw(i).original : undefined;
      return {
        value: jsonText(eventValue(session, i)),
        original: original === undefined ? null : jsonText(original),
        place: { ...place, input: input.index },
      };
    });
    const stored: StoredSession = { key, request, requestSource, clipDuration, unsound, events };
    this.#records.add(Buffer.from(JSON.stringify(stored)));
  }

  /** In the order in which they were added. */
  *[Symbol.iterator](): Generator<OpenSession> {
    for (const record of this.#records) {
      const { key, unsound, events, ...of } = JSON.parse(record.toString()) as StoredSession;
      this.#builder.take(
        events.map(({ value, original, place }) => ({
          value: JSON.parse(value) as unknown,
          ...(original !== null && { original: JSON.parse(original) as unknown }),
          place: { ...place, input: this.#inputs.get(place.input)! },
        })),
        of.request === null,
      );
      const session = this.#builder.build([...events.keys()], of);
      yield { session, unsound, wentOn: this.#parts.has(key, PART.several) };
    }
  }

  close(): void {
    this.#records.close();
    this.#parts.close();
  }
}
