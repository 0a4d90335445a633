import type { Finding } from '../domain/finding.js';
import { guidKey } from '../domain/guid.js';
import { readGuid } from '../domain/guid-words.js';
import { ID_WORDS_AN_EVENT } from '../domain/plain-events.js';
import type { PlainEventsRecord } from '../domain/record.js';
import type { Session, SessionEvent } from '../domain/session.js';
import { EventRows, type RowTexts } from './event-rows.js';
import type { GroupedEvent } from './grouped-event.js';
import { HeldSessions } from './held-sessions.js';
import { MOST_EVENTS } from './largest.js';
import { type MemoryBudget, memoryBudget } from './memory.js';
import { bySeqNumber } from './order.js';
import { Rows, WORD } from './rows.js';
import type { Shortcut } from './shortcut.js';
import { Spill } from './spill.js';

/** A session that is whole, and whether one of its events has a finding of severity error. */
export interface WholeSession {
  readonly session: Session;
  readonly invalid: boolean;
  /** What was found in its events and is to be told with it. */
  readonly findings: readonly Finding[];
}

/**
 * Groups bare events by SessionId, whatever their order: in memory up to a budget, on disk beyond it. Sessions come in the order in which
 * each first appeared, whatever the budget. A single session is held whole. Takes up to 2^32 events.
 */
export class SessionGroups {
  readonly #budget: MemoryBudget;
  readonly #events: EventRows;
  readonly #held: HeldSessions;
  /** An event on its way to its session. */
  readonly #row = new Rows(1);
  /** The sessions that the plain events in hand are likely of. */
  #likely = new Int32Array(0);
  #ordinal = 0;
  #spill: Spill | undefined;

  constructor(
    budget: MemoryBudget = memoryBudget(),
    private readonly mostEvents = MOST_EVENTS,
  ) {
    this.#budget = budget;
    this.#events = new EventRows(budget);
    this.#held = new HeldSessions(budget.bytes, mostEvents);
  }

  /**
   * Takes an event whose SessionId is usable.
   * @throws UserError of kind `output` where the disk cannot hold it, of kind `data` where its session has too many.
   */
  add(sessionId: string, grouped: GroupedEvent): void {
    this.#row.clear();
    this.#events.write(this.#row, this.#ordinal, guidKey(sessionId), grouped);
    this.#held.add(this.#row, 0);
    this.#ordinal += 1;
    this.#keepToBudget();
  }

  /** Takes events that a reader found sound. */
  addPlain({ input, events, pointer, from, to }: PlainEventsRecord): void {
    if (this.#likely.length < to) this.#likely = new Int32Array(events.capacity);
    this.#held.lookAhead(events.ids, ID_WORDS_AN_EVENT, from, to, this.#likely);
    const origin = { input, pointer };
    for (let i = from; i < to; i += 1) {
      this.#row.clear();
      this.#events.writeRead(this.#row, this.#ordinal, origin, events, i);
      this.#held.add(this.#row, 0, this.#likely[i]);
      this.#ordinal += 1;
    }
    this.#keepToBudget();
  }

  /**
   * The whole sessions, in the order in which each first appeared.
   * @param shortcut Sessions for which it says true are not given.
   */
  *sessions(shortcut: Shortcut = () => false): Generator<WholeSession> {
    for (const rows of this.rows(shortcut)) yield this.whole(rows);
  }

  /** The rows of the same sessions, in the order in which they came; the same table is used again for the next. */
  rows(shortcut: Shortcut = () => false): Generator<Rows> {
    return this.#spill ? this.#onDisk(this.#spill, shortcut) : this.#held.each(shortcut);
  }

  /** The session of such rows. */
  whole(rows: Rows): WholeSession {
    const group = Array.from({ length: rows.count }, (_, row) => this.#events.read(rows, row));
    return wholeSession(readGuid(rows.words, WORD.key), group);
  }

  /** The texts behind the numbers that rows hold. */
  get texts(): RowTexts {
    return this.#events;
  }

  /** Lets go of what is in memory and on disk. */
  close(): void {
    this.#held.free();
    this.#spill?.close();
    this.#events.close();
  }

  #keepToBudget(): void {
    if (this.#held.heldBytes + this.#events.heldBytes > this.#budget.bytes) this.#toDisk();
  }

  #toDisk(): void {
    this.#spill ??= new Spill(this.#budget, this.mostEvents);
    this.#events.spill();
    this.#spill.write(this.#held);
    this.#held.clear();
  }

  #onDisk(spill: Spill, shortcut: Shortcut): Generator<Rows> {
    if (this.#held.heldBytes > 0) this.#toDisk();
    this.#held.free();
    return spill.sessions(shortcut);
  }
}

function wholeSession(key: string, group: readonly GroupedEvent[]): WholeSession {
  const events = bySeqNumber(numbered(group));
  return {
    session: {
      key,
      events,
      request: null,
      source: events.find((event) => event.source !== undefined)?.source,
      clipDuration: group.find(({ clipDuration }) => clipDuration !== undefined)?.clipDuration,
    },
    invalid: group.some(({ invalid }) => invalid),
    findings: group.flatMap(({ findings = [] }) => findings),
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
