import type { RuleId } from '../domain/finding.js';
import type { Session, SessionEvent } from '../domain/session.js';
import { bySeqNumber } from '../sessions/order.js';
import { inspectEvent, sessionKeyOf } from '../validate/event.js';
import { Found } from '../validate/found.js';
import type { InspectOptions } from '../validate/options.js';
import { inspectPart } from '../validate/session.js';
import type { FixEvent } from './define.js';

/** What the rules say of some events as one session. */
export interface Judged {
  readonly events: readonly FixEvent[];
  /** Every rule that fired. */
  readonly fired: ReadonlySet<RuleId>;
  /** The events that a session can be made of. */
  readonly session: Session;
  /** The others. */
  readonly strays: readonly SessionEvent[];
}

/** Applies the event and session rules to events as they would be written. */
export function judge(events: readonly FixEvent[], of: Session, options: InspectOptions): Judged {
  const found = new Found(options);
  const bare = of.request === null;
  const its: SessionEvent[] = [];
  const strays: SessionEvent[] = [];
  for (const { fields: value, place } of events) {
    const event = inspectEvent({ value, place, locate: () => place, bare, source: of.source }, found);
    (sessionKeyOf(value) === null ? strays : its).push(event);
  }
  const session = { ...of, events: bySeqNumber(its) };
  if (its.length > 0) {
    const part = { session, standing: 'first', delivered: false, leaks: [] } as const;
    inspectPart(part, found, ({ place }) => place, null);
  }
  return { events, fired: found.fired, session, strays };
}
