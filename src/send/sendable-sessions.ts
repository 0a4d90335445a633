import { ID_WORDS } from '../domain/event-batch.js';
import { readGuid } from '../domain/guid.js';
import type { Session } from '../domain/session.js';
import type { MemoryBudget } from '../sessions/memory.js';
import { SpillLog, START_BYTES } from '../sessions/spill-log.js';
import {
  type EncodedSession,
  endOf,
  type LargeJson,
  longestIntervalMs,
  organizationOf,
  SessionEncoder,
} from '../write/encoded-session.js';
import { KEY_BYTES } from './ledger/schema.js';
import { MARK_BYTES } from './rewriting.js';

const NO_KEY = Buffer.alloc(0);
/** A session with more events is encoded in pieces: one growing buffer would need several times its memory. */
const MANY_EVENTS = 10_000;

/** Encoded sessions, in the order in which they were added: in memory up to a budget, the others on disk. */
export class SendableSessions implements Iterable<SendableSession> {
  readonly #records: SpillLog;
  readonly #keys = new BatchKeys();
  readonly #encoder = new SessionEncoder();
  readonly #head = Buffer.alloc(HEAD.bytes);

  constructor(budget?: MemoryBudget) {
    this.#records = new SpillLog(budget);
  }

  /**
   * Adds a session.
   * @param playedMs Milliseconds of audio played; null if unknown.
   * @param mark The session's mark before rewriting.
   * @param isUnknown Whether no ledger knows it.
   * @throws UserError of kind `output` if the disk is full.
   */
  add(session: Session, playedMs: number | null, mark: Uint8Array, isUnknown = false): void {
    const { source } = session;
    const head = this.#head;
    putKey(session, head);
    head[HEAD.isUnknown] = Number(isUnknown);
    const longestMs = longestIntervalMs(session);
    head.writeDoubleLE(playedMs === null ? Number.NaN : playedMs / 1000, HEAD.playedSeconds);
    head.writeDoubleLE(longestMs === null ? Number.NaN : longestMs / 1000, HEAD.longestIntervalSeconds);
    head.writeDoubleLE(endOf(session) ?? Number.NaN, HEAD.endedAt);
    head.writeUInt32LE(session.count, HEAD.count);
    head.set(mark, HEAD.mark);
    const organizationId = organizationOf(session);
    const number = this.#keys.numberOf(organizationId, source);
    head.writeInt32LE(number, HEAD.batchKey);
    const key = number >= 0 ? NO_KEY : Buffer.from(JSON.stringify({ organizationId, source }));
    head.writeUInt32LE(key.length, HEAD.batchKeyBytes);
    if (session.count > MANY_EVENTS) this.#records.addPieces(this.#piecesOf(session, key));
    else this.#records.add(head, key, this.#encoder.jsonOf(session));
  }

  *#piecesOf(session: Session, key: Buffer): Generator<Uint8Array> {
    yield this.#head;
    yield key;
    yield* this.#encoder.piecesOf(session);
  }

  *[Symbol.iterator](): Generator<SendableSession> {
    for (const [, session] of this.addressed()) yield session;
  }

  /** Each session with its address; `at` returns the session of an address. */
  *addressed(): Generator<readonly [number, SendableSession]> {
    for (const [address, record] of this.#records.entries(true))
      yield [address, new RecordedSession(record, this.#keys, this.#records, address)];
  }

  at(address: number): SendableSession {
    const record = this.#records.at(address, START_BYTES);
    return new RecordedSession(record, this.#keys, this.#records, address);
  }

  /** Deletes temporary files. */
  close(): void {
    this.#records.close();
  }
}

/** A session that can be sent, before it is rewritten. */
export interface SendableSession extends EncodedSession {
  /** The bytes of its SessionId, before rewriting (`sessionKey`). */
  readonly keyBytes: Uint8Array;
  /** Its mark, before rewriting (`rewriting.ts`). */
  readonly mark: Uint8Array;
  /** No ledger knows the session, so it need not be looked up. */
  readonly isUnknown: boolean;
}

/** Writes the bytes of a session's SessionId (`sessionKey`) to the beginning of a buffer. */
export function putKey({ ids }: Pick<Session, 'ids'>, bytes: Buffer): void {
  for (let word = 0; word < 4; word += 1) bytes.writeUInt32BE(ids[ID_WORDS.session + word]!, 4 * word);
}

/** The layout of a record before a session's events, in bytes from its beginning. */
const HEAD = {
  key: 0,
  /** NaN stands for null, here and in the next two fields. */
  playedSeconds: 16,
  longestIntervalSeconds: 24,
  endedAt: 32,
  /** The number of the batch key; -1 if the key follows the head as JSON. */
  batchKey: 40,
  count: 44,
  /** The length of that JSON in bytes. */
  batchKeyBytes: 48,
  mark: 52,
  isUnknown: 52 + MARK_BYTES,
  bytes: 53 + MARK_BYTES,
} as const;

const key = new Uint32Array(4);

/** A session that reads its values from its record on demand. For a long record, only the beginning is in memory. */
class RecordedSession implements SendableSession {
  readonly #record: Buffer;
  readonly #keys: BatchKeys;
  readonly #records: SpillLog;
  readonly #address: number;

  constructor(record: Buffer, keys: BatchKeys, records: SpillLog, address: number) {
    this.#record = record;
    this.#keys = keys;
    this.#records = records;
    this.#address = address;
  }

  get key(): string {
    for (let word = 0; word < 4; word += 1) key[word] = this.#record.readUInt32BE(HEAD.key + 4 * word);
    return readGuid(key, 0);
  }

  get keyBytes(): Uint8Array {
    return this.#record.subarray(HEAD.key, HEAD.key + KEY_BYTES);
  }

  get isUnknown(): boolean {
    return this.#record[HEAD.isUnknown] === 1;
  }

  get source(): string | undefined {
    return this.#batchKey.source;
  }

  get organizationId(): string {
    return this.#batchKey.organizationId;
  }

  get count(): number {
    return this.#record.readUInt32LE(HEAD.count);
  }

  get json(): Buffer {
    const record = this.#isWhole ? this.#record : this.#records.at(this.#address);
    return record.subarray(this.#jsonFrom);
  }

  get large(): LargeJson | undefined {
    if (this.#isWhole) return undefined;
    const from = this.#jsonFrom;
    return {
      length: this.#records.lengthAt(this.#address) - from,
      pieces: () => this.#records.piecesAt(this.#address, from),
    };
  }

  get #isWhole(): boolean {
    return this.#record.length < START_BYTES || this.#record.length === this.#records.lengthAt(this.#address);
  }

  get #jsonFrom(): number {
    return HEAD.bytes + this.#record.readUInt32LE(HEAD.batchKeyBytes);
  }

  get playedSeconds(): number | null {
    return this.#real(HEAD.playedSeconds);
  }

  get longestIntervalSeconds(): number | null {
    return this.#real(HEAD.longestIntervalSeconds);
  }

  get endedAt(): number | null {
    return this.#real(HEAD.endedAt);
  }

  get mark(): Uint8Array {
    return this.#record.subarray(HEAD.mark, HEAD.mark + MARK_BYTES);
  }

  get #batchKey(): BatchKey {
    const number = this.#record.readInt32LE(HEAD.batchKey);
    if (number >= 0) return this.#keys.of(number);
    const end = HEAD.bytes + this.#record.readUInt32LE(HEAD.batchKeyBytes);
    const record = end <= this.#record.length ? this.#record : this.#records.at(this.#address);
    const { organizationId, source } = JSON.parse(record.toString('utf8', HEAD.bytes, end)) as BatchKey;
    return { organizationId, source };
  }

  #real(at: number): number | null {
    const value = this.#record.readDoubleLE(at);
    return Number.isNaN(value) ? null : value;
  }
}

/** What the sessions of one request have in common: their organization and their Source. */
interface BatchKey {
  readonly organizationId: string;
  readonly source: string | undefined;
}

/** The most batch keys to keep, and the longest: data from outside must not fill the memory. */
const MAX_KEYS = 4096;
const MAX_KEY_LENGTH = 256;

/** The batch keys of an input, which are usually few. Each is kept once, and has a number from 0. */
class BatchKeys {
  readonly #numbers = new Map<string, number>();
  readonly #keys: BatchKey[] = [];
  #last = 0;

  /** The number of a key; -1 if there is no room for it. */
  numberOf(organizationId: string, source: string | undefined): number {
    const last = this.#keys[this.#last];
    if (last !== undefined && last.organizationId === organizationId && last.source === source)
      return this.#last;
    const text = `${organizationId.length}:${organizationId}${source === undefined ? '' : `:${source}`}`;
    const known = this.#numbers.get(text);
    if (known !== undefined) {
      this.#last = known;
      return known;
    }
    if (this.#keys.length >= MAX_KEYS || text.length > MAX_KEY_LENGTH) return -1;
    this.#last = this.#keys.push({ organizationId, source }) - 1;
    this.#numbers.set(text, this.#last);
    return this.#last;
  }

  of(number: number): BatchKey {
    return this.#keys[number]!;
  }
}
