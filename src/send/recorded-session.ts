import { readGuid } from '../domain/guid.js';
import type { EncodedSession } from '../write/encoded-session.js';
import type { BatchKey, BatchKeys } from './batch-keys.js';
import { MARK_BYTES } from './ledger/session-mark.js';

/** A session that may be sent, before anything in it is rewritten. */
export interface SendableSession extends EncodedSession {
  /** Its mark, before rewriting (`ledger/session-mark.ts`). */
  readonly mark: Uint8Array;
}

/** What stands before a session's events in its record, in bytes from its beginning. */
export const HEAD = {
  key: 0,
  /** Not a number for null, as is `endedAt`. */
  playedSeconds: 16,
  endedAt: 24,
  /** Its number; -1 where the batch key follows the head as JSON. */
  batchKey: 32,
  count: 36,
  /** Bytes of that JSON. */
  batchKeyBytes: 40,
  mark: 44,
  bytes: 44 + MARK_BYTES,
} as const;

const key = new Uint32Array(4);

/** A session in its record: its values are read when they are asked for. */
export class RecordedSession implements SendableSession {
  readonly #record: Buffer;
  readonly #keys: BatchKeys;

  constructor(record: Buffer, keys: BatchKeys) {
    this.#record = record;
    this.#keys = keys;
  }

  get key(): string {
    for (let word = 0; word < 4; word += 1) key[word] = this.#record.readUInt32LE(HEAD.key + 4 * word);
    return readGuid(key, 0);
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
    return this.#record.subarray(HEAD.bytes + this.#record.readUInt32LE(HEAD.batchKeyBytes));
  }

  get playedSeconds(): number | null {
    return this.#real(HEAD.playedSeconds);
  }

  get endedAt(): number | null {
    return this.#real(HEAD.endedAt);
  }

  get mark(): Uint8Array {
    return this.#record.subarray(HEAD.mark, HEAD.bytes);
  }

  get #batchKey(): BatchKey {
    const number = this.#record.readInt32LE(HEAD.batchKey);
    if (number >= 0) return this.#keys.of(number);
    const end = HEAD.bytes + this.#record.readUInt32LE(HEAD.batchKeyBytes);
    const { organizationId, source } = JSON.parse(this.#record.toString('utf8', HEAD.bytes, end)) as BatchKey;
    return { organizationId, source };
  }

  #real(at: number): number | null {
    const value = this.#record.readDoubleLE(at);
    return Number.isNaN(value) ? null : value;
  }
}
