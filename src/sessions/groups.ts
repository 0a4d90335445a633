import type { Finding } from '../domain/finding.js';
import { guidKey } from '../domain/guid.js';
import { readGuid } from '../domain/guid-words.js';
import type { PlainEventsRecord } from '../domain/record.js';
import type { Session, SessionEvent } from '../domain/session.js';
import { EventRows, type RowTexts } from './event-rows.js';
import { EventStreams, PARTS } from './event-streams.js';
import type { GroupedEvent } from './grouped-event.js';
import { MOST_EVENTS } from './largest.js';
import { type MemoryBudget, memoryBudget } from './memory.js';
import { merged } from './merged.js';
import { bySeqNumber } from './order.js';
import { PartSessions } from './part-sessions.js';
import { partOf, RecentSessions, slotOf } from './recent-sessions.js';
import { FLAG, Rows, WORD } from './rows.js';
import type { Shortcut } from './shortcut.js';
import { Spill } from './spill.js';

/** Words of streams are numbered in 31 bits: whatever the budget, what is more goes to disk. */
const MOST_BYTES = 4 * 2 ** 30;

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
  readonly #streams: EventStreams;
  /** An event on its way to its session. */
  readonly #row = new Rows(1);
  readonly #recent: RecentSessions;
  #ordinal = 0;
  #spill: Spill | undefined;

  constructor(
    budget: MemoryBudget = memoryBudget(),
    private readonly mostEvents = MOST_EVENTS,
  ) {
    this.#budget = { ...budget, bytes: Math.min(budget.bytes, MOST_BYTES) };
    this.#events = new EventRows(budget);
    this.#streams = new EventStreams(this.#budget.bytes);
    this.#recent = new RecentSessions(this.#streams);
  }

  /**
   * Takes an event whose SessionId is usable.
   * @throws UserError of kind `output` where the disk cannot hold it.
   */
  add(sessionId: string, grouped: GroupedEvent): void {
    this.#row.clear();
    this.#events.write(this.#row, this.#ordinal, guidKey(sessionId), grouped);
    const place = this.#recent.placeOf(this.#row.words, WORD.key);
    this.#recent.forget(place);
    this.#addRow(place);
    this.#ordinal += 1;
    this.#keepToBudget();
  }

  /** Takes events that a reader found sound. */
  addPlain({ input, events, pointer, from, to }: PlainEventsRecord): void {
    const recent = this.#recent;
    const origin = { input, pointer };
    const read = readAs(this.#events.inputNumber(input), pointer);
    recent.lookAhead(events, from, to);
    for (let i = from; i < to; i += 1) {
      if (!recent.addLean(events, i, read)) {
        this.#row.clear();
        this.#events.writeRead(this.#row, this.#ordinal, origin, events, i);
        this.#addRow(recent.placeAhead(i));
        if ((this.#row.words[WORD.flags]! & FLAG.whole) === 0) recent.remember(events, i, read);
        else recent.forget(recent.placeAhead(i));
      }
      this.#ordinal += 1;
    }
    this.#keepToBudget();
  }

  /** The whole sessions, in the order in which each first appeared. */
  *sessions(): Generator<WholeSession> {
    for (const rows of this.rows()) yield this.whole(rows);
  }

  /**
   * The events of one whole session after the other, in the same order, as rows; the same table is used again for the next.
   * @param shortcut Sessions for which it says true are not given.
   * @throws UserError of kind `data` where a session has too many events.
   */
  rows(shortcut: Shortcut = () => false): Generator<Rows> {
    return this.#spill ? this.#onDisk(this.#spill, shortcut) : this.#inMemory(shortcut);
  }

  /** The session that rows hold. */
  whole(rows: Rows): WholeSession {
    const group = Array.from({ length: rows.count }, (_, row) => this.#events.read(rows, row));
    return wholeSession(readGuid(rows.words, WORD.key), group);
  }

  /** The event that a row holds, as far as its session does not change it. */
  eventOf(rows: Rows, row: number): SessionEvent {
    return this.#events.read(rows, row).event;
  }

  /** The texts behind the numbers that rows hold. */
  get texts(): RowTexts {
    return this.#events;
  }

  /** Lets go of what is in memory and on disk. */
  close(): void {
    this.#streams.free();
    this.#spill?.close();
    this.#events.close();
  }

  #addRow(place: number): void {
    this.#streams.addRow(this.#row, partOf(place), slotOf(place));
  }

  #keepToBudget(): void {
    if (this.#streams.heldBytes + this.#events.heldBytes > this.#budget.bytes) this.#toDisk();
  }

  #toDisk(): void {
    this.#spill ??= new Spill(this.#budget, this.mostEvents);
    this.#events.spill();
    this.#spill.write(this.#streams);
  }

  #onDisk(spill: Spill, shortcut: Shortcut): Generator<Rows> {
    this.#toDisk();
    this.#streams.free();
    this.#recent.free();
    return spill.sessions(shortcut);
  }

  /** Groups part by part, each in the place of its stream. */
  *#inMemory(shortcut: Shortcut): Generator<Rows> {
    const streams = this.#streams;
    const sessions = new PartSessions(this.mostEvents);
    for (let part = 0; part < PARTS; part += 1) {
      const words = streams.wordsOf(part);
      streams.take(part, sessions.room(words));
      sessions.sift(words, shortcut, (from, begin, end) => streams.append(part, from, begin, end));
    }
    yield* merged(Array.from({ length: PARTS }, (_, part) => streams.cursor(part)));
  }
}

/** Where events were read, as a number. */
function readAs(input: number, pointer: '' | null): number {
  return ((input << 1) | (pointer === null ? 0 : 1)) >>> 0;
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
