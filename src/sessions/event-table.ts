import { type EventBatch, WORDS_PER_EVENT } from '../domain/event-batch.js';
import type { Session } from '../domain/session.js';
import { BLOCK_BITS, BLOCK_EVENTS, EventColumns } from './event-columns.js';
import { HEAD_WORDS, SessionHeads } from './session-heads.js';

/** The block number's shift for a table that is one block of any size. */
const ONE_BLOCK_BITS = 31;
/** A segment begins with the numbers of its heads and events, and the layout of its columns. */
const PREAMBLE_WORDS = 4;
const WORD_BYTES = 4;
const PREAMBLE_BYTES = PREAMBLE_WORDS * WORD_BYTES;
/** How many of the 256 parts are collected at once. */
const PARTS_AT_ONCE = 32;

/** Events of many sessions in the order in which they were added: in memory, or as one array of bytes (a segment). */
export class EventTable {
  heads = new SessionHeads();
  count = 0;
  #blocks: EventColumns[] = [];
  #lastBlock: EventColumns | null = null;
  #blockBytes = 0;
  #isGrouped = true;
  #lastHead = -1;
  #lastRoot = -1;
  /** Cleared blocks, which are reused: allocating memory is slow. */
  #spare: EventColumns[] = [];
  /** The memory in which segments are made. */
  #segments = new ArrayBuffer(0);
  #bits = BLOCK_BITS;
  #mask = BLOCK_EVENTS - 1;

  /** A segment as a table for reading; nothing is copied. It does not know which of its heads belong to one session. */
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

  /** Whether the events of each session are together, with sessions in order of first appearance. */
  get isGrouped(): boolean {
    return this.#isGrouped;
  }

  /**
   * The events by session: sessions in order of first appearance, events in their order.
   * @returns For each head that represents a session, the index in `events` where its events start; they end where
   * the next start.
   */
  bySession(): { readonly events: Uint32Array; readonly starts: Uint32Array } {
    return this.#sorted(this.heads.count, (event) => this.heads.roots[this.#headOf(event)]!);
  }

  /**
   * The events as segments, one for each part that has any. Only a few parts are collected at a time, so that not all
   * events are copied at once. Each time, all events are read in their own order, because jumping to the events of one
   * part would wait for memory at every value.
   * @param partOf The part of a session, by its representative head.
   * @param order The indexes of all events in another order, by part.
   * @returns Bytes that are valid until the next are requested
   */
  *segmentsByPart(
    parts: number,
    partOf: (root: number) => number,
    order: Uint32Array | null = null,
  ): Generator<{ readonly part: number; readonly bytes: Uint8Array }> {
    const { heads } = this;
    const partOfHead = new Uint32Array(heads.count);
    const numbers = new Uint32Array(heads.count);
    const headsOf = new Uint32Array(parts);
    const eventsOf = new Uint32Array(parts);
    const layouts = new Uint8Array(parts);
    for (let head = 0; head < heads.count; head += 1) {
      const root = heads.roots[head]!;
      const part = root === head ? partOf(head) : partOfHead[root]!;
      partOfHead[head] = part;
      numbers[head] = headsOf[part]!++;
    }
    for (const block of this.#blocks) {
      for (let i = 0; i < block.count; i += 1) {
        const part = partOfHead[block.heads[i]!]!;
        eventsOf[part]! += 1;
        layouts[part]! |= block.layout;
      }
    }
    let ordered = 0;
    for (let first = 0; first < parts; first += PARTS_AT_ONCE) {
      const last = Math.min(first + PARTS_AT_ONCE, parts);
      let bytes = 0;
      let events = 0;
      for (let part = first; part < last; part += 1) {
        if (eventsOf[part] === 0) continue;
        bytes += segmentBytes(headsOf[part]!, eventsOf[part]!, layouts[part]!);
        events += eventsOf[part]!;
      }
      if (this.#segments.byteLength < bytes) this.#segments = new ArrayBuffer(Math.ceil(bytes * 1.25));
      if (bytes === 0) continue;
      const some: (NewSegment | null)[] = [];
      let from = 0;
      for (let part = first; part < last; part += 1) {
        if (eventsOf[part] === 0) {
          some.push(null);
          continue;
        }
        const segment = newSegment(headsOf[part]!, eventsOf[part]!, layouts[part]!, this.#segments, from);
        some.push(segment);
        from += segment.bytes.length;
      }
      for (let head = 0; head < heads.count; head += 1) {
        const n = partOfHead[head]! - first;
        if (n >= 0 && n < some.length) heads.copyTo(head, some[n]!.words, numbers[head]! * HEAD_WORDS);
      }
      if (order === null) {
        for (const block of this.#blocks) {
          for (let i = 0; i < block.count; i += 1) {
            const head = block.heads[i]!;
            const n = partOfHead[head]! - first;
            if (n >= 0 && n < some.length) some[n]!.columns.copy(block, i, numbers[head]!);
          }
        }
      } else {
        for (const event of order.subarray(ordered, ordered + events)) {
          const head = this.#headOf(event);
          some[partOfHead[head]! - first]!.columns.copy(
            this.#columnsOf(event),
            event & this.#mask,
            numbers[head]!,
          );
        }
        ordered += events;
      }
      for (const [n, segment] of some.entries()) if (segment) yield { part: first + n, bytes: segment.bytes };
    }
  }

  /**
   * Fills a session with its events.
   * @param events The numbers of the events, at indexes `from` up to `from + count`; null if the numbers themselves are
   * `from` up to `from + count`.
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

  /** The address of an event's raw value; -1 without one. */
  rawOf(event: number): number {
    return this.#columnsOf(event).raws?.[event & this.#mask] ?? -1;
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

  /** Removes all events, but keeps their memory. */
  clear(): void {
    this.heads.clear();
    this.count = 0;
    for (const block of this.#blocks) {
      if (block.layout !== 0) continue;
      block.count = 0;
      this.#spare.push(block);
    }
    this.#blocks = [];
    this.#lastBlock = null;
    this.#blockBytes = 0;
    this.#isGrouped = true;
    this.#lastHead = -1;
    this.#lastRoot = -1;
  }

  /** Removes all events, and releases their memory. */
  dispose(): void {
    this.clear();
    this.heads = new SessionHeads();
    this.#spare = [];
    this.#segments = new ArrayBuffer(0);
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
    const block = this.#spare.pop() ?? new EventColumns(BLOCK_EVENTS);
    this.#blocks.push(block);
    this.#lastBlock = block;
    return block;
  }

  /** Sorts the events by a number that each has. Events with the same number stay in their order. */
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

function segmentBytes(heads: number, events: number, layout: number): number {
  return PREAMBLE_BYTES + heads * HEAD_WORDS * WORD_BYTES + EventColumns.bytesOf(events, layout);
}

/** An empty segment for a number of heads and events. */
interface NewSegment {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly columns: EventColumns;
}

function newSegment(
  heads: number,
  events: number,
  layout: number,
  buffer: ArrayBuffer,
  from: number,
): NewSegment {
  const start = from + PREAMBLE_BYTES;
  const headWords = heads * HEAD_WORDS;
  new Uint32Array(buffer, from, PREAMBLE_WORDS).set([heads, events, layout]);
  const columns = EventColumns.readFrom(buffer, start + headWords * WORD_BYTES, events, layout);
  columns.count = 0;
  return {
    bytes: new Uint8Array(buffer, from, segmentBytes(heads, events, layout)),
    words: new Uint32Array(buffer, start, headWords),
    columns,
  };
}

/** The parts of a segment; nothing is copied. */
function partsOf(bytes: ArrayBuffer): { readonly heads: SessionHeads; readonly columns: EventColumns } {
  const [headCount = 0, count = 0, layout = 0] = new Uint32Array(bytes, 0, PREAMBLE_WORDS);
  const start = PREAMBLE_BYTES;
  return {
    heads: SessionHeads.readFrom(bytes, start, headCount),
    columns: EventColumns.readFrom(bytes, start + headCount * HEAD_WORDS * WORD_BYTES, count, layout),
  };
}
