import { type EventBatch, WORDS_PER_EVENT } from '../domain/event-batch.js';
import type { Session } from '../domain/session.js';
import { BLOCK_BITS, BLOCK_EVENTS, EventColumns } from './event-columns.js';
import { HEAD_WORDS, SessionHeads } from './session-heads.js';

/** Of a table that is one block, however many events that has. */
const ONE_BLOCK_BITS = 31;
/** A segment begins with the numbers of its heads and events, and the layout of its columns. */
const PREAMBLE_WORDS = 4;
const WORD_BYTES = 4;

/** Events of many sessions in the order in which they came: in memory, or as one row of bytes (a segment). */
export class EventTable {
  heads = new SessionHeads();
  count = 0;
  #blocks: EventColumns[] = [];
  #lastBlock: EventColumns | null = null;
  #blockBytes = 0;
  #isGrouped = true;
  #lastHead = -1;
  #lastRoot = -1;
  #bits = BLOCK_BITS;
  #mask = BLOCK_EVENTS - 1;

  /** A segment as a table to be read; nothing is copied. Which of its heads are of one session is not known. */
  static ofSegment(bytes: ArrayBuffer): EventTable {
    const table = new EventTable();
    const { heads, columns } = partsOf(bytes);
    table.heads = heads;
    table.count = columns.count;
    table.#blocks = [columns];
    table.#bits = ONE_BLOCK_BITS;
    table.#mask = 2 ** ONE_BLOCK_BITS - 1;
    return table;
  }

  /** Bytes in memory. */
  get bytes(): number {
    const last = this.#lastBlock;
    return this.heads.bytes + this.#blockBytes + (last ? last.count * last.eventBytes : 0);
  }

  /**
   * Adds event `i` of a batch.
   * @param raw The address of its raw value, where it has one.
   */
  add(batch: EventBatch, i: number, head: number, raw: number): void {
    this.#block().add(batch, i, head, raw);
    this.count += 1;
    if (head !== this.#lastHead) this.#noteHead(head);
  }

  /** Whether the events of each session stand together, sessions in the order in which each first came. */
  get isGrouped(): boolean {
    return this.#isGrouped;
  }

  /**
   * The events by session: sessions in the order in which each first came, events of each in theirs.
   * @returns Of each head that stands for a session, where its events begin among `events`; they end where the next begin.
   */
  bySession(): { readonly events: Uint32Array; readonly starts: Uint32Array } {
    return this.#sorted(this.heads.count, (event) => this.heads.roots[this.#headOf(event)]!);
  }

  /** The events by part, each in its order. @param partOf The part of a session, by the head that stands for it. */
  byPart(
    parts: number,
    partOf: (root: number) => number,
  ): { readonly events: Uint32Array; readonly starts: Uint32Array } {
    const partOfRoot = new Uint16Array(this.heads.count);
    for (let head = 0; head < this.heads.count; head += 1) {
      if (this.heads.roots[head] === head) partOfRoot[head] = partOf(head);
    }
    return this.#sorted(parts, (event) => partOfRoot[this.heads.roots[this.#headOf(event)]!]!);
  }

  /**
   * Gives a session its events.
   * @param events The numbers of the events, `count` of them from `from` on; null where they are `from` and those that follow it.
   * @returns Whether all of them have that head.
   */
  giveTo(session: Session, head: number, events: Uint32Array | null, from: number, count: number): boolean {
    const { heads } = this;
    session.reserve(count);
    const { ids, flags, positions, seqNumbers, timestamps, sources, lines, columns, elements } = session;
    const { inputNumbers, rows } = session;
    let source = heads.sourceOf(head);
    let input = heads.inputOf(head);
    let words = heads.wordsOf(head);
    let first = heads.placeOf(head);
    let last = head;
    let alike = true;
    let to = 0;
    for (let at = 0; at < count; at += 1) {
      const event = events === null ? from + at : events[from + at]!;
      const block = this.#blocks[event >>> this.#bits]!;
      const i = event & this.#mask;
      const its = block.heads[i]!;
      if (its !== last) {
        source = heads.sourceOf(its);
        input = heads.inputOf(its);
        words = heads.wordsOf(its);
        first = heads.placeOf(its);
        last = its;
        alike = false;
      }
      for (let word = first; word < first + WORDS_PER_EVENT; word += 1) ids[to++] = words[word]!;
      flags[at] = block.flags[i]!;
      positions[at] = block.positionOf(i);
      seqNumbers[at] = block.seqNumbers[i]!;
      timestamps[at] = block.timestamps[i]!;
      sources[at] = source;
      lines[at] = block.lines[i]!;
      columns[at] = block.columns === null ? 1 : block.columns[i]!;
      elements[at] = block.elements === null ? -1 : block.elements[i]!;
      inputNumbers[at] = input;
      rows[at] = event;
    }
    session.count = count;
    return alike;
  }

  headOfEvent(event: number): number {
    return this.#headOf(event);
  }

  /** The address of an event's raw value; -1 where it has none. */
  rawOf(event: number): number {
    return this.#columnsOf(event).raws?.[event & this.#mask] ?? -1;
  }

  /** Some of the events as a segment. */
  segmentOf(events: Uint32Array): Uint8Array {
    const part = new EventTable();
    const heads = new Map<number, number>();
    const columns = new EventColumns(events.length);
    for (const event of events) {
      const from = this.#columnsOf(event);
      const i = event & this.#mask;
      let head = heads.get(from.heads[i]!);
      if (head === undefined) {
        head = part.heads.headLike(this.heads, from.heads[i]!);
        heads.set(from.heads[i]!, head);
      }
      columns.copy(from, i, head);
    }
    const { layout } = columns;
    const headBytes = part.heads.count * HEAD_WORDS * WORD_BYTES;
    const start = PREAMBLE_WORDS * WORD_BYTES;
    const bytes = new ArrayBuffer(start + headBytes + EventColumns.bytesOf(events.length, layout));
    new Uint32Array(bytes, 0, PREAMBLE_WORDS).set([part.heads.count, events.length, layout]);
    part.heads.writeTo(new Uint32Array(bytes, start, part.heads.count * HEAD_WORDS));
    columns.writeTo(bytes, start + headBytes);
    return new Uint8Array(bytes);
  }

  /** Adds the events of a segment. */
  appendSegment(bytes: ArrayBuffer): void {
    const { heads: theirs, columns } = partsOf(bytes);
    const heads = Uint32Array.from({ length: theirs.count }, (_, head) => this.heads.headLike(theirs, head));
    for (let i = 0; i < columns.count; i += 1) {
      const head = heads[columns.heads[i]!]!;
      this.#block().copy(columns, i, head);
      this.count += 1;
      if (head !== this.#lastHead) this.#noteHead(head);
    }
  }

  /** Forgets all events. */
  clear(): void {
    this.heads.clear();
    this.count = 0;
    this.#blocks = [];
    this.#lastBlock = null;
    this.#blockBytes = 0;
    this.#isGrouped = true;
    this.#lastHead = -1;
    this.#lastRoot = -1;
  }

  #noteHead(head: number): void {
    const root = this.heads.roots[head]!;
    if (root < this.#lastRoot) this.#isGrouped = false;
    this.#lastHead = head;
    this.#lastRoot = root;
  }

  #headOf(event: number): number {
    return this.#columnsOf(event).heads[event & this.#mask]!;
  }

  #columnsOf(event: number): EventColumns {
    return this.#blocks[event >>> this.#bits]!;
  }

  #block(): EventColumns {
    const last = this.#lastBlock;
    if (last !== null && last.count < BLOCK_EVENTS) return last;
    if (last !== null) this.#blockBytes += BLOCK_EVENTS * last.eventBytes;
    const block = new EventColumns(BLOCK_EVENTS);
    this.#blocks.push(block);
    this.#lastBlock = block;
    return block;
  }

  /** Sorts the events by a number of each, those of one number in their order. */
  #sorted(
    numbers: number,
    numberOf: (event: number) => number,
  ): { events: Uint32Array; starts: Uint32Array } {
    const starts = new Uint32Array(numbers + 1);
    for (let event = 0; event < this.count; event += 1) starts[numberOf(event) + 1]! += 1;
    for (let number = 0; number < numbers; number += 1) starts[number + 1]! += starts[number]!;
    const next = starts.slice(0, numbers);
    const events = new Uint32Array(this.count);
    for (let event = 0; event < this.count; event += 1) {
      const number = numberOf(event);
      events[next[number]!++] = event;
    }
    return { events, starts };
  }
}

/** What stands in a segment; nothing is copied. */
function partsOf(bytes: ArrayBuffer): { readonly heads: SessionHeads; readonly columns: EventColumns } {
  const [headCount = 0, count = 0, layout = 0] = new Uint32Array(bytes, 0, PREAMBLE_WORDS);
  const start = PREAMBLE_WORDS * WORD_BYTES;
  return {
    heads: SessionHeads.readFrom(bytes, start, headCount),
    columns: EventColumns.readFrom(bytes, start + headCount * HEAD_WORDS * WORD_BYTES, count, layout),
  };
}
