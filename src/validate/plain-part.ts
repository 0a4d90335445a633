import { sameGuid } from '../domain/guid-words.js';
import type { Place } from '../domain/place.js';
import {
  ID_WORDS,
  ID_WORDS_AN_EVENT,
  type PlainEvents,
  readPlainEvent,
  readPlainId,
} from '../domain/plain-events.js';
import type { PlainRequestRecord } from '../domain/record.js';
import type { SessionEvent } from '../domain/session.js';

const EVENTS = '/Events/';

/** The events of a request that a reader found sound, as what they are on the general path. */
export class PlainRequestEvents {
  readonly #ids = { session: '', clip: '', organization: '' };
  #last = -1;

  /** @param place Of the request. */
  constructor(
    readonly record: PlainRequestRecord,
    readonly place: Place,
  ) {}

  /** Event `i` of its columns. */
  event(i: number): SessionEvent {
    const { events, from, source } = this.record;
    const ids = {
      organizationId: this.#id(i, 'organization'),
      clipId: this.#id(i, 'clip'),
      sessionId: this.#id(i, 'session'),
    };
    this.#last = i;
    return {
      place: { ...this.place, pointer: `${this.place.pointer ?? ''}${EVENTS}${i - from}` },
      ...ids,
      seqNumber: events.seqNumbers[i]!,
      source,
      sound: readPlainEvent(events, i, ids),
      written: undefined,
    };
  }

  /** The full place of an event that was made here. */
  placeOf({ place }: SessionEvent): Place {
    const { events, from } = this.record;
    const i = from + Number(place.pointer?.slice((this.place.pointer ?? '').length + EVENTS.length));
    return { ...place, line: events.lines[i]!, column: events.columns[i]! };
  }

  /** An id as it was written; most are those of the event before. */
  #id(i: number, id: keyof typeof ID_WORDS): string {
    const { events } = this.record;
    if (this.#last < 0 || !isSameId(events, i, this.#last, id)) this.#ids[id] = readPlainId(events, i, id);
    return this.#ids[id];
  }
}

function isSameId({ ids, upper }: PlainEvents, i: number, other: number, id: keyof typeof ID_WORDS): boolean {
  const word = ID_WORDS[id];
  return (
    upper[i] === upper[other] &&
    sameGuid(ids, i * ID_WORDS_AN_EVENT + word, ids, other * ID_WORDS_AN_EVENT + word)
  );
}
