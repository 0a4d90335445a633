import type { MemoryBudget } from '../sessions/memory.js';
import { Records } from '../sessions/records.js';
import type { PackedSession } from '../write/packed.js';

/** A session that can be sent, as it stands in a request body. */
export interface SendableSession extends PackedSession {
  /** Seconds of audio played; null where that is not known. */
  readonly playedSeconds: number | null;
  /** Unix seconds of its last event; null where no event is sound. */
  readonly endedAt: number | null;
}

type Head = readonly [
  key: string,
  source: string | null,
  organizationId: string,
  count: number,
  playedSeconds: number | null,
  endedAt: number | null,
];

const LENGTH_BYTES = 4;

/** Sessions in the order in which they were added, in memory up to a budget, on disk beyond it. */
export class SendableSessions implements Iterable<SendableSession> {
  readonly #records: Records;

  constructor(budget?: MemoryBudget) {
    this.#records = new Records(budget);
  }

  /** @throws UserError of kind `output` where the disk cannot hold it. */
  add({ key, source, packed, playedSeconds, endedAt }: SendableSession): void {
    const { organizationId, count, json } = packed;
    const head: Head = [key, source ?? null, organizationId, count, playedSeconds, endedAt];
    const bytes = Buffer.from(JSON.stringify(head));
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32LE(bytes.length);
    this.#records.add(length, bytes, json);
  }

  *[Symbol.iterator](): Generator<SendableSession> {
    for (const record of this.#records) yield sessionOf(record);
  }

  /** Each session with its address, by which `at` gives it again. */
  *addressed(): Generator<readonly [number, SendableSession]> {
    for (const [address, record] of this.#records.entries()) yield [address, sessionOf(record)];
  }

  at(address: number): SendableSession {
    return sessionOf(this.#records.at(address));
  }

  /** Lets go of everything. */
  close(): void {
    this.#records.close();
  }
}

function sessionOf(record: Buffer): SendableSession {
  const from = LENGTH_BYTES + record.readUInt32LE(0);
  const head = JSON.parse(record.toString('utf8', LENGTH_BYTES, from)) as Head;
  const [key, source, organizationId, count, playedSeconds, endedAt] = head;
  const packed = { organizationId, count, json: record.subarray(from) };
  return { key, source: source ?? undefined, packed, playedSeconds, endedAt };
}
