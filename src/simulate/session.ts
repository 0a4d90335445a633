import { EVENT_FLAG, EventBatch, ID_WORDS, type IdName, WORDS_PER_EVENT } from '../domain/event-batch.js';
import { writeGuid } from '../domain/guid.js';
import { Session, type SessionOrigin } from '../domain/session.js';
import { addEvent, sourceNumber } from '../wire/event-columns.js';
import type { InjectedFault } from './faults/inject.js';
import { type PlayedEvent, type SimulatedEvent, wireOf } from './listener.js';
import type { Profile } from './profiles.js';

/** A synthetic listening session. */
export interface SimulatedSession {
  /** Its SessionId in lower case. */
  readonly key: string;
  /** In order of SeqNumber. */
  readonly events: readonly SimulatedEvent[];
  /** How its listener behaves; `script` where a script says it. */
  readonly profile: Profile | 'script';
  /** What is wrong with it, where a fault was asked for. */
  readonly fault: InjectedFault | null;
}

const ID_PROPERTIES = { session: 'sessionId', clip: 'clipId', organization: 'organizationId' } as const;
const ID_NAMES = Object.keys(ID_PROPERTIES) as readonly IdName[];

/** Turns simulated events into sessions as writers and rules take them; one session is used again for the next. */
export class SessionMaker {
  readonly #batch = new EventBatch();
  readonly #session = new Session();
  readonly #origin: SessionOrigin = {
    raw: (i) => this.#batch.raws.get(i)!,
    locate: () => ({ line: 1, column: 1 }),
    pointer: () => '',
  };
  #last: PlayedEvent | null = null;

  /** Events as a session of bare events. A broken one counts as not valid, whatever is wrong with it. */
  sessionOf(events: readonly SimulatedEvent[]): Session {
    const batch = this.#batch;
    batch.clear();
    this.#last = null;
    for (const { played, raw, source } of events) {
      const i = played && raw === undefined ? this.#addPlayed(played) : addEvent(batch, raw, { bare: true });
      if (played === null) batch.flags[i]! |= EVENT_FLAG.invalid;
      if (source !== undefined) batch.sources[i] = sourceNumber(source);
      batch.lines[i] = 1;
      batch.columns[i] = 1;
    }
    const session = this.#session;
    session.begin(this.#origin, []);
    for (let i = 0; i < batch.count; i += 1) session.add(batch, i);
    session.settle();
    return session;
  }

  #addPlayed(event: PlayedEvent): number {
    const batch = this.#batch;
    const i = batch.push();
    const at = i * WORDS_PER_EVENT;
    const last = this.#last;
    for (const name of ID_NAMES) {
      const property = ID_PROPERTIES[name];
      const word = at + ID_WORDS[name];
      const id = event[property];
      if (last?.[property] === id) {
        const before = word - WORDS_PER_EVENT;
        batch.ids.copyWithin(word, before, before + 4);
        continue;
      }
      if (id !== id.toLowerCase()) {
        this.#last = null;
        batch.count -= 1;
        return addEvent(batch, wireOf(event), { bare: true });
      }
      writeGuid(id, batch.ids, word);
    }
    this.#last = event;
    batch.flags[i] = event.type === 'Stop' ? EVENT_FLAG.stop : 0;
    batch.positions[i] = event.position;
    batch.seqNumbers[i] = event.seqNumber;
    batch.timestamps[i] = event.timestamp;
    return i;
  }
}

/** Synthetic sessions as `send` takes them. Each holds until the next is asked for. */
export function* toSessions(simulated: Iterable<SimulatedSession>): Generator<Session> {
  const maker = new SessionMaker();
  for (const { events } of simulated) yield maker.sessionOf(events);
}
