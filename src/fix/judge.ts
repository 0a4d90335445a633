import { EVENT_FLAG } from '../domain/event-batch.js';
import { isEmptyWords } from '../domain/guid.js';
import type { Session } from '../domain/session.js';
import { inspectEvents } from '../validate/event.js';
import { FindingCollector } from '../validate/findings.js';
import type { InspectOptions } from '../validate/options.js';
import { SessionInspector } from '../validate/session.js';
import type { FixEvent, Judged } from './define.js';
import { SessionBuilder } from './session-builder.js';

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
