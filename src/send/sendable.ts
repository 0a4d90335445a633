import { writeGuid } from '../domain/guid-words.js';
import type { RowTexts } from '../sessions/event-rows.js';
import type { MemoryBudget } from '../sessions/memory.js';
import { Records } from '../sessions/records.js';
import { REAL, ROW_WORDS, type Rows, WORD } from '../sessions/rows.js';
import type { PackedSession } from '../write/packed.js';
import { Owners } from './owners.js';
import { HEAD, RecordedSession } from './recorded-session.js';
import { RowBytes } from './row-bytes.js';

/** A session that can be sent, as it stands in a request body. */
export interface SendableSession extends PackedSession {
  /** Seconds of audio played; null where that is not known. */
  readonly playedSeconds: number | null;
  /** Unix seconds of its last event; null where no event is sound. */
  readonly endedAt: number | null;
}

/** Sessions in the order in which they were added, in memory up to a budget, on disk beyond it. */
export class SendableSessions implements Iterable<SendableSession> {
  readonly #records: Records;
  readonly #owners = new Owners();
  readonly #rowBytes = new RowBytes();
  readonly #head = Buffer.alloc(HEAD.bytes);
  readonly #key = new Uint32Array(4);

  constructor(budget?: MemoryBudget) {
    this.#records = new Records(budget);
  }

  /** @throws UserError of kind `output` where the disk cannot hold it. */
  add({ key, source, packed, playedSeconds, endedAt }: SendableSession): void {
    const { organizationId, count, json } = packed;
    writeGuid(key, this.#key, 0);
    this.#putHead(this.#key, count, playedSeconds ?? Number.NaN, endedAt ?? Number.NaN);
    this.#add(organizationId, source, json);
  }

  /**
   * Adds a session that is plainly sound, from its rows.
   * @throws UserError of kind `output` where the disk cannot hold it.
   */
  addRows(rows: Rows, texts: RowTexts, playedSeconds: number): void {
    const { words, reals, count } = rows;
    let endedAt = Number.NEGATIVE_INFINITY;
    for (let at = 0; at < count * ROW_WORDS; at += ROW_WORDS) {
      endedAt = Math.max(endedAt, reals[(at >> 1) + REAL.timestamp]!);
    }
    this.#putHead(words, count, playedSeconds, endedAt);
    const owner = words[WORD.organizationAndSource]!;
    const end = this.#rowBytes.write(rows, texts);
    this.#add(texts.organizationIdOf(owner), texts.sourceOf(owner), this.#rowBytes.bytes.subarray(0, end));
  }

  *[Symbol.iterator](): Generator<SendableSession> {
    for (const record of this.#records) yield new RecordedSession(record, this.#owners);
  }

  /** Each session with its address, by which `at` gives it again. */
  *addressed(): Generator<readonly [number, SendableSession]> {
    for (const [address, record] of this.#records.entries())
      yield [address, new RecordedSession(record, this.#owners)];
  }

  at(address: number): SendableSession {
    return new RecordedSession(this.#records.at(address), this.#owners);
  }

  /** Lets go of everything. */
  close(): void {
    this.#records.close();
  }

  #putHead(key: Uint32Array, count: number, playedSeconds: number, endedAt: number): void {
    const head = this.#head;
    for (let word = 0; word < 4; word += 1) head.writeUInt32LE(key[word]!, HEAD.key + 4 * word);
    head.writeDoubleLE(playedSeconds, HEAD.playedSeconds);
    head.writeDoubleLE(endedAt, HEAD.endedAt);
    head.writeUInt32LE(count, HEAD.count);
  }

  /** Adds the session that the head is of. */
  #add(organizationId: string, source: string | undefined, json: Uint8Array): void {
    const number = this.#owners.numberOf(organizationId, source);
    this.#head.writeInt32LE(number, HEAD.owner);
    if (number >= 0) {
      this.#head.writeUInt32LE(0, HEAD.ownerBytes);
      this.#records.add(this.#head, json);
      return;
    }
    const owner = Buffer.from(JSON.stringify({ organizationId, source }));
    this.#head.writeUInt32LE(owner.length, HEAD.ownerBytes);
    this.#records.add(this.#head, owner, json);
  }
}
