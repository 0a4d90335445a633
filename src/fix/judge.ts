import { EVENT_FLAG, EventBatch, type RawEvent } from '../domain/event-batch.js';
import { isEmptyWords } from '../domain/guid.js';
import type { Input, Place } from '../domain/place.js';
import { Session } from '../domain/session.js';
import { FindingCollector } from '../validate/findings.js';
import type { InspectOptions } from '../validate/options.js';
import { inspectEvents, SessionInspector } from '../validate/session.js';
import { addEvent } from '../wire/event-columns.js';
import type { FixEvent, Judged } from './define.js';

/** Applies the event and session rules to events as they would be written. */
export class Judge {
  readonly #builder = new SessionBuilder();
  readonly #found: FindingCollector;
  readonly #sessions: SessionInspector;

  constructor(readonly options: InspectOptions) {
    const { diagnoses: _, ...rules } = options;
    this.#found = new FindingCollector(rules);
    this.#sessions = new SessionInspector(rules, this.#found);
  }

  judge(events: readonly FixEvent[], of: Session): Judged {
    const found = this.#found;
    found.clear();
    const placed = events.map(({ fields, place }) => ({ value: fields, place }));
    const batch = this.#builder.take(placed, of.request === null);
    inspectEvents(batch, 0, batch.count, of.request === null, (rule) => found.fired.add(rule), this.options);
    const [rows, strays]: [number[], FixEvent[]] = [[], []];
    for (const [row, event] of events.entries()) {
      if ((batch.flags[row]! & EVENT_FLAG.noSession) !== 0 || isEmptyWords(batch.ids, row * 12))
        strays.push(event);
      else rows.push(row);
    }
    const session = this.#builder.build(rows, of);
    if (rows.length > 0)
      this.#sessions.inspect({ session, occurrence: 'first', delivered: false, leaks: [] }, null);
    return { events, fired: found.fired, session, strays };
  }
}

/** An event as a JSON value, and where it was read. */
export interface PlacedEvent extends RawEvent {
  readonly place: Place;
}

/** Makes sessions of JSON values; the same one is used again for the next. */
export class SessionBuilder {
  readonly batch = new EventBatch();
  readonly session = new Session();
  #events: readonly PlacedEvent[] = [];

  /** Takes events in place of those before. @param bare Whether they are bare events. */
  take(events: readonly PlacedEvent[], bare: boolean): EventBatch {
    const { batch } = this;
    this.#events = events;
    batch.clear();
    for (const { value, original, place } of events) {
      const i = addEvent(batch, value, { bare, original });
      batch.lines[i] = place.line;
      batch.columns[i] = place.column;
    }
    return batch;
  }

  /**
   * A session of some of the events that were taken.
   * @param rows Their places among those.
   */
  build(
    rows: readonly number[],
    { request, requestSource, clipDuration }: Pick<Session, 'request' | 'requestSource' | 'clipDuration'>,
  ): Session {
    const { batch, session } = this;
    const events = this.#events;
    const inputs: Input[] = [];
    session.begin(
      {
        raw: (row) => batch.raws.get(row)!,
        locate: (row) => events[row]!.place,
        pointer: (row) => events[row]!.place.pointer,
      },
      inputs,
      request,
      requestSource,
    );
    for (const row of rows) {
      const { input } = events[row]!.place;
      if (!inputs.includes(input)) inputs.push(input);
      session.add(batch, row, inputs.indexOf(input));
    }
    session.clipDuration = clipDuration;
    session.settle();
    return session;
  }

  /** Marks an event that was taken as one to which session rules do not apply. */
  markInvalid(row: number): void {
    this.batch.flags[row]! |= EVENT_FLAG.invalid;
  }
}
