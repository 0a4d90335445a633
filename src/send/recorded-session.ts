import { readGuid } from '../domain/guid-words.js';
import type { PackedEvents } from '../write/packed.js';
import type { Owner, Owners } from './owners.js';
import type { SendableSession } from './sendable.js';

/** What stands before a session's events in its record, in bytes from its beginning. */
export const HEAD = {
  key: 0,
  /** Not a number for null, as is `endedAt`. */
  playedSeconds: 16,
  endedAt: 24,
  /** Its number; -1 where the owner follows the head as JSON. */
  owner: 32,
  count: 36,
  /** Bytes of that JSON. */
  ownerBytes: 40,
  bytes: 44,
} as const;

const key = new Uint32Array(4);

/** A session in its record: its values are read when they are asked for. */
export class RecordedSession implements SendableSession {
  readonly #record: Buffer;
  readonly #owners: Owners;

  constructor(record: Buffer, owners: Owners) {
    this.#record = record;
    this.#owners = owners;
  }

  get key(): string {
    for (let word = 0; word < 4; word += 1) key[word] = this.#record.readUInt32LE(HEAD.key + 4 * word);
    return readGuid(key, 0);
  }

  get source(): string | undefined {
    return this.#owner.source;
  }

  get packed(): PackedEvents {
    const record = this.#record;
    return {
      organizationId: this.#owner.organizationId,
      count: record.readUInt32LE(HEAD.count),
      json: record.subarray(HEAD.bytes + record.readUInt32LE(HEAD.ownerBytes)),
    };
  }

  get playedSeconds(): number | null {
    return this.#real(HEAD.playedSeconds);
  }

  get endedAt(): number | null {
    return this.#real(HEAD.endedAt);
  }

  get #owner(): Owner {
    const number = this.#record.readInt32LE(HEAD.owner);
    if (number >= 0) return this.#owners.of(number);
    const end = HEAD.bytes + this.#record.readUInt32LE(HEAD.ownerBytes);
    const { organizationId, source } = JSON.parse(this.#record.toString('utf8', HEAD.bytes, end)) as Owner;
    return { organizationId, source };
  }

  #real(at: number): number | null {
    const value = this.#record.readDoubleLE(at);
    return Number.isNaN(value) ? null : value;
  }
}
