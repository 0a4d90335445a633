import type { EventTable } from './event-table.js';

/** Reads the complete sessions of a table, or of several tables, one by one. */
export interface SessionCursor {
  readonly table: EventTable;
  /** A head of the session at hand. */
  readonly head: number;
  /** Its events are the `count` of `events` from `from` on; where there are no `events`, those of the table. */
  readonly events: Uint32Array | null;
  readonly from: number;
  readonly count: number;
  /** Goes to the next session; false after the last. */
  next(): boolean;
}

/** The sessions of a table whose events came in any order, in the order in which each first appeared. */
export class GroupedCursor implements SessionCursor {
  readonly events: Uint32Array;
  head = -1;
  from = 0;
  count = 0;
  readonly #starts: Uint32Array;

  constructor(readonly table: EventTable) {
    const { events, starts } = table.bySession();
    this.events = events;
    this.#starts = starts;
  }

  next(): boolean {
    this.from += this.count;
    this.count = 0;
    while (this.count === 0 && this.head + 1 < this.table.heads.count) {
      this.head += 1;
      this.count = this.#starts[this.head + 1]! - this.from;
    }
    return this.count > 0;
  }
}

/** The sessions of tables in which the events of each are together. */
export class RunCursor implements SessionCursor {
  readonly events = null;
  table: EventTable;
  head = 0;
  from = 0;
  count = 0;
  readonly #tables: Iterator<EventTable>;

  /** @param tables At least one. */
  constructor(tables: Iterator<EventTable>) {
    this.#tables = tables;
    this.table = tables.next().value as EventTable;
  }

  next(): boolean {
    this.from += this.count;
    this.count = 0;
    if (this.from === this.table.count) {
      const { done, value } = this.#tables.next();
      if (done) return false;
      this.table = value;
      this.from = 0;
    }
    const { table } = this;
    this.head = table.headOfEvent(this.from);
    let end = this.from + 1;
    while (end < table.count) {
      const other = table.headOfEvent(end);
      if (other !== this.head && !table.heads.sameSession(other, this.head)) break;
      end += 1;
    }
    this.count = end - this.from;
    return true;
  }
}

/** The sessions of a table in memory, in the order in which each first appeared. */
export function cursorOf(table: EventTable): SessionCursor {
  return table.isGrouped && table.count > 0 ? new RunCursor([table].values()) : new GroupedCursor(table);
}
