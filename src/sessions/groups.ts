import { UserError } from '../domain/errors.js';
import { EVENT_FLAG, OTHER_SOURCE, type RawEvent, WORDS_PER_EVENT } from '../domain/event-batch.js';
import { readGuid } from '../domain/guid.js';
import type { Input } from '../domain/place.js';
import type { EventsRecord } from '../domain/record.js';
import { pointerOf, Session, type SessionOrigin } from '../domain/session.js';
import { formatNumber } from '../domain/text.js';
import { EventTable } from './event-table.js';
import { type MemoryBudget, memoryBudget, shareOf } from './memory.js';
import { cursorOf, type SessionCursor, Spill } from './spill.js';
import { RawEvents } from './spill-log.js';

/** The most events of one session, which is held in memory as a whole, in about 150 bytes per event. */
export const MAX_SESSION_EVENTS = 1_000_000;

/**
 * Beyond these limits, disk is used even if the budget allows more memory: in memory, indexes of events have 32 bits,
 * and indexes of inputs have 16.
 */
const MAX_BYTES = 4 * 2 ** 30;
const MAX_INPUTS = 0xffff;

/** For how many events the heads are looked up ahead. */
const AHEAD = 256;

/** The share of the budget for the columns of events; raw values take the rest. */
const TABLE_SHARE = 0.8;

/**
 * Groups bare events by SessionId, whatever their order: in memory up to a budget, on disk beyond it. Sessions come in
 * the order in which each first appeared, whatever the budget. Accepts up to 2^32 events.
 */
export class SessionGroups {
  readonly #budget: MemoryBudget;
  readonly #table = new EventTable();
  readonly #raws: RawEvents;
  readonly #inputs: Input[] = [];
  readonly #session = new Session();
  #origin: TableOrigin;
  #spill: Spill | undefined;
  #ordinal = 0;

  constructor(
    budget: MemoryBudget = memoryBudget(),
    private readonly mostEvents = MAX_SESSION_EVENTS,
  ) {
    this.#budget = { ...budget, bytes: Math.min(budget.bytes, MAX_BYTES) };
    this.#raws = new RawEvents(shareOf(budget, 1 - TABLE_SHARE));
    this.#origin = new TableOrigin(this.#table, this.#raws);
  }

  /**
   * Adds bare events; those without a usable SessionId are skipped.
   * @param noteOf What to keep with an event until its session is complete; undefined for nothing.
   * @throws UserError of kind `output` if the disk is full
   */
  add({ input, pointers, events, from, to }: EventsRecord, noteOf?: (i: number) => unknown): void {
    const { ids, flags, sources, durations, raws } = events;
    const number = this.#inputNumber(input);
    const table = this.#table;
    let head = -1;
    for (let i = from; i < to; i += 1) {
      if ((i - from) % AHEAD === 0) table.heads.lookAhead(ids, i, Math.min(i + AHEAD, to));
      const source = sources[i]!;
      const duration = durations === null ? Number.NaN : durations[i]!;
      if (i === from || source !== sources[i - 1] || durations !== null || !sameIds(ids, i)) {
        head = table.heads.headOf(
          ids,
          i * WORDS_PER_EVENT,
          number,
          pointers,
          source,
          duration,
          this.#ordinal,
        );
      }
      if (head < 0) continue;
      let raw = -1;
      const note = noteOf?.(i);
      if ((flags[i]! & EVENT_FLAG.raw) !== 0 || note !== undefined) raw = this.#raws.add(raws.get(i), note);
      table.add(events, i, head, raw);
      this.#ordinal += 1;
    }
    if (table.bytes > this.#budget.bytes * TABLE_SHARE) this.#toDisk();
  }

  /**
   * Yields one whole session after the other, in the order in which each first appeared. The same object is reused for
   * the next session.
   * @param order `any` where the order does not matter: sessions on disk are then available sooner.
   * @throws UserError of kind `data` where a session has too many events.
   */
  *sessions(order: 'first-appearance' | 'any' = 'first-appearance'): Generator<Session> {
    if (this.#spill) {
      this.#toDisk();
      this.#table.dispose();
      for (const cursor of this.#spill.sessions(order)) yield this.#read(cursor);
      return;
    }
    const cursor = cursorOf(this.#table);
    while (cursor.next()) yield this.#read(cursor);
  }

  /** The notes that were kept with the events of the last session that `sessions` yielded. */
  notesOf(session: Session): readonly unknown[] {
    const { table } = this.#origin;
    return Array.from({ length: session.count }, (_, i) => {
      const address = table.rawOf(session.rows[i]!);
      return address < 0 ? undefined : this.#raws.noteOf(address);
    }).filter((note) => note !== undefined);
  }

  /** Releases memory and deletes temporary files. */
  close(): void {
    this.#table.dispose();
    this.#spill?.close();
    this.#raws.close();
  }

  #read({ table, head, events, from, count }: SessionCursor): Session {
    const { heads } = table;
    if (count > this.mostEvents) throw tooLarge(heads.wordsOf(head), heads.placeOf(head), this.mostEvents);
    if (this.#origin.table !== table) this.#origin = new TableOrigin(table, this.#raws);
    const session = this.#session;
    session.begin(this.#origin, this.#inputs);
    let duration = heads.durationOf(head);
    let severalInputs = false;
    const alike = table.giveTo(session, head, events, from, count);
    for (let n = from; !alike && n < from + count; n += 1) {
      const its = table.headOfEvent(events === null ? n : events[n]!);
      severalInputs ||= heads.inputOf(its) !== heads.inputOf(head);
      if (Number.isNaN(duration)) duration = heads.durationOf(its);
    }
    if (!Number.isNaN(duration)) session.clipDuration = duration;
    session.mixed = !alike || heads.sourceOf(head) === OTHER_SOURCE;
    if (severalInputs) session.leaveOutResent();
    session.settle();
    return session;
  }

  #toDisk(): void {
    this.#spill ??= new Spill(this.#budget);
    this.#spill.write(this.#table);
    this.#table.clear();
  }

  #inputNumber(input: Input): number {
    const last = this.#inputs.length - 1;
    if (this.#inputs[last] === input) return last;
    const known = this.#inputs.indexOf(input);
    if (known >= 0) return known;
    if (this.#inputs.length === MAX_INPUTS) {
      throw new UserError(
        'usage',
        `expected at most ${formatNumber(MAX_INPUTS)} inputs, received more`,
        'Join them first: cat *.ndjson | omny-consume validate',
      );
    }
    return this.#inputs.push(input) - 1;
  }
}

/** Finds where the events of a table's sessions were read. */
class TableOrigin implements SessionOrigin {
  constructor(
    readonly table: EventTable,
    readonly raws: RawEvents,
  ) {}

  raw(event: number): RawEvent {
    return this.raws.read(this.table.rawOf(event));
  }

  locate(): never {
    throw new Error('a bare event is stored without its column');
  }

  pointer(event: number, element: number): string | null {
    return this.table.heads.hasPointers(this.table.headOfEvent(event)) ? pointerOf(element) : null;
  }
}

function sameIds(ids: Uint32Array, i: number): boolean {
  const at = i * WORDS_PER_EVENT;
  for (let word = at; word < at + WORDS_PER_EVENT; word += 1)
    if (ids[word] !== ids[word - WORDS_PER_EVENT]) return false;
  return true;
}

/** The error about a session with too many events. @param row Where one of its heads begins. */
function tooLarge(words: Uint32Array, at: number, most: number): UserError {
  return new UserError(
    'data',
    `session ${readGuid(words, at)}: expected at most ${formatNumber(most)} events, because a whole session is held in memory, received more`,
    'A session is one play of one clip: check whether the player, or the query that made this file, gives every session the same SessionId',
  );
}
