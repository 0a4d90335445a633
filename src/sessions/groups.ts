import { guidKey } from '../domain/guid.js';
import type { Session, SessionEvent } from '../domain/session.js';
import { bySeqNumber } from './order.js';

/** A bare event on its way to its session. */
export interface GroupedEvent {
  readonly event: SessionEvent;
  /** Has no SeqNumber of its own: numbered by Timestamp, then in the order of arrival. */
  readonly unnumbered: boolean;
  /** Seconds, where a row told it. */
  readonly clipDuration: number | undefined;
}

/**
 * Groups bare events by SessionId, whatever their order. Everything is kept in memory until `sessions()`; this class is the seam at which
 * grouping can spill to disk.
 */
export class SessionGroups {
  readonly #groups = new Map<string, GroupedEvent[]>();

  /** Takes an event whose SessionId is usable. */
  add(sessionId: string, grouped: GroupedEvent): void {
    const key = guidKey(sessionId);
    const group = this.#groups.get(key);
    if (group) group.push(grouped);
    else this.#groups.set(key, [grouped]);
  }

  /** The whole sessions, in the order in which each first appeared. Lets go of each as it is given. */
  *sessions(): Generator<Session> {
    for (const [key, group] of this.#groups) {
      this.#groups.delete(key);
      yield sessionOf(key, group);
    }
  }
}

function sessionOf(key: string, group: readonly GroupedEvent[]): Session {
  const events = bySeqNumber(numbered(group));
  return {
    key,
    events,
    request: null,
    source: events.find((event) => event.source !== undefined)?.source,
    clipDuration: group.find(({ clipDuration }) => clipDuration !== undefined)?.clipDuration,
  };
}

function numbered(group: readonly GroupedEvent[]): readonly SessionEvent[] {
  if (!group.some(({ unnumbered }) => unnumbered)) return group.map(({ event }) => event);
  const order = group
    .filter(({ unnumbered }) => unnumbered)
    .toSorted((a, b) => (a.event.sound?.timestamp ?? 0) - (b.event.sound?.timestamp ?? 0));
  const numbers = new Map(order.map((grouped, i) => [grouped, i + 1]));
  return group.map((grouped) => {
    const seqNumber = numbers.get(grouped);
    if (seqNumber === undefined) return grouped.event;
    const { event } = grouped;
    return { ...event, seqNumber, sound: event.sound && { ...event.sound, seqNumber } };
  });
}
