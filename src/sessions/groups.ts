import { UserError } from '../domain/errors.js';
import { guidKey } from '../domain/guid.js';
import { readGuid } from '../domain/guid-words.js';
import type { PlainEventsRecord } from '../domain/record.js';
import type { Session, SessionEvent } from '../domain/session.js';
import { EventRows } from './event-rows.js';
import type { GroupedEvent } from './grouped-event.js';
import { type MemoryBudget, memoryBudget } from './memory.js';
import { bySeqNumber } from './order.js';
import { GROUPING_BYTES, groupRows } from './row-groups.js';
import { ROW_BYTES, Rows, WORD } from './rows.js';
import { Spill } from './spill.js';

/** A session that is whole, and whether one of its events has a finding of severity error. */
export interface WholeSession {
  readonly session: Session;
  readonly invalid: boolean;
}

/** Looks at a session's rows, from the first to the last of `rows`, before it is made of them: true where it need not be. */
export type Shortcut = (rows: Rows) => boolean;

const LEAST_ROWS = 8;

/** A session is held whole, in some 600 bytes an event. */
const MOST_EVENTS = 1_000_000;

/**
 * Groups bare events by SessionId, whatever their order: in memory up to a budget, on disk beyond it. Sessions come in the order in which
 * each first appeared, whatever the budget. A single session is held whole. Takes up to 2^32 events.
 */
export class SessionGroups {
  readonly #budget: MemoryBudget;
  readonly #events: EventRows;
  readonly #capacity: number;
  readonly #rows: Rows;
  #ordinal = 0;
  #spill: Spill | undefined;

  constructor(
    budget: MemoryBudget = memoryBudget(),
    private readonly mostEvents = MOST_EVENTS,
  ) {
    this.#budget = budget;
    this.#events = new EventRows(budget);
    this.#capacity = Math.max(LEAST_ROWS, Math.floor(budget.bytes / (ROW_BYTES + GROUPING_BYTES)));
    this.#rows = new Rows(this.#capacity);
  }

  /** Takes an event whose SessionId is usable. @throws UserError of kind `output` where the disk cannot hold it. */
  add(sessionId: string, grouped: GroupedEvent): void {
    this.#makeRoom();
    this.#events.write(this.#rows, this.#ordinal, guidKey(sessionId), grouped);
    this.#ordinal += 1;
  }

  /** Takes events that a reader found sound. */
  addPlain({ input, events, from, to }: PlainEventsRecord): void {
    for (let i = from; i < to; i += 1) {
      this.#makeRoom();
      this.#events.writeRead(this.#rows, this.#ordinal, input, events, i);
      this.#ordinal += 1;
    }
  }

  /**
   * The whole sessions, in the order in which each first appeared.
   * @param shortcut Sessions for which it says true are not given.
   */
  *sessions(shortcut: Shortcut = () => false): Generator<WholeSession> {
    for (const rows of this.#spill ? this.#onDisk(this.#spill) : this.#inMemory()) {
      if (!shortcut(rows)) yield this.#wholeSession(rows);
    }
  }

  /** Lets go of what is on disk. */
  close(): void {
    this.#spill?.close();
    this.#events.close();
  }

  get #heldBytes(): number {
    return this.#rows.count * (ROW_BYTES + GROUPING_BYTES) + this.#events.heldBytes;
  }

  #makeRoom(): void {
    const { count } = this.#rows;
    if (count === this.#capacity || (count > 0 && this.#heldBytes > this.#budget.bytes)) this.#toDisk();
  }

  #toDisk(): void {
    this.#spill ??= new Spill(this.#budget);
    this.#events.spill();
    this.#spill.write(this.#rows);
    this.#rows.clear();
  }

  /** The rows of one session after the other; the same table is used again for the next. */
  *#inMemory(): Generator<Rows> {
    const rows = this.#rows;
    const { sessions, first, next } = groupRows(rows);
    const its = new Rows(rows.count);
    for (let session = 0; session < sessions; session += 1) {
      its.clear();
      for (let row = first[session]!; row >= 0; row = next[row]!) its.copy(rows, row);
      yield its;
    }
  }

  *#onDisk(spill: Spill): Generator<Rows> {
    if (this.#rows.count > 0) this.#toDisk();
    yield* spill.sessions(this.#rows);
  }

  #wholeSession(rows: Rows): WholeSession {
    if (rows.count > this.mostEvents) {
      throw new UserError(
        'data',
        `session ${readGuid(rows.words, WORD.key)} has ${written(rows.count)} events: expected at most ${written(this.mostEvents)}, since a session is held whole`,
        'A session is one listening of one clip: look whether the player, or the query that made this file, gives all the same SessionId',
      );
    }
    const group = Array.from({ length: rows.count }, (_, row) => this.#events.read(rows, row));
    return wholeSession(readGuid(rows.words, WORD.key), group);
  }
}

function written(number: number): string {
  return number.toLocaleString('en-US');
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
