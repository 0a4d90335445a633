import { ID_WORDS } from '../domain/event-batch.js';
import type { Session } from '../domain/session.js';
import type { MemoryBudget } from '../sessions/memory.js';
import { Records } from '../sessions/records.js';
import { endOf, organizationOf, SessionEncoder } from '../write/encoded-session.js';
import { BatchKeys } from './batch-keys.js';
import { sessionMark } from './ledger/session-mark.js';
import { HEAD, RecordedSession, type SendableSession } from './recorded-session.js';

/** Sessions in the order in which they were added, as they will be sent: in memory up to a budget, on disk beyond it. */
export class SendableSessions implements Iterable<SendableSession> {
  readonly #records: Records;
  readonly #keys = new BatchKeys();
  readonly #encoder = new SessionEncoder();
  readonly #head = Buffer.alloc(HEAD.bytes);

  readonly #movedMs: number;

  /** @param movedMs Milliseconds that all times have been moved by. */
  constructor(budget?: MemoryBudget, movedMs = 0) {
    this.#movedMs = movedMs;
    this.#records = new Records(budget);
  }

  /**
   * Adds a session.
   * @param playedMs Milliseconds of audio played; null where that is not known.
   * @throws UserError of kind `output` where the disk cannot hold it.
   */
  add(session: Session, playedMs: number | null): void {
    const { ids, source } = session;
    const head = this.#head;
    for (let word = 0; word < 4; word += 1)
      head.writeUInt32LE(ids[ID_WORDS.session + word]!, HEAD.key + 4 * word);
    head.writeDoubleLE(playedMs === null ? Number.NaN : playedMs / 1000, HEAD.playedSeconds);
    head.writeDoubleLE(endOf(session) ?? Number.NaN, HEAD.endedAt);
    head.writeUInt32LE(session.count, HEAD.count);
    head.set(sessionMark(session, this.#movedMs), HEAD.mark);
    const organizationId = organizationOf(session);
    const number = this.#keys.numberOf(organizationId, source);
    head.writeInt32LE(number, HEAD.batchKey);
    const json = this.#encoder.jsonOf(session);
    if (number >= 0) {
      head.writeUInt32LE(0, HEAD.batchKeyBytes);
      this.#records.add(head, json);
      return;
    }
    const key = Buffer.from(JSON.stringify({ organizationId, source }));
    head.writeUInt32LE(key.length, HEAD.batchKeyBytes);
    this.#records.add(head, key, json);
  }

  *[Symbol.iterator](): Generator<SendableSession> {
    for (const record of this.#records) yield new RecordedSession(record, this.#keys);
  }

  /** Each session with its address, by which `at` gives it again. */
  *addressed(): Generator<readonly [number, SendableSession]> {
    for (const [address, record] of this.#records.entries())
      yield [address, new RecordedSession(record, this.#keys)];
  }

  at(address: number): SendableSession {
    return new RecordedSession(this.#records.at(address), this.#keys);
  }

  /** Lets go of everything. */
  close(): void {
    this.#records.close();
  }
}
