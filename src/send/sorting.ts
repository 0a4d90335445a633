import { guidKey, isSimulatedId } from '../domain/guid.js';
import { isSimulatedGuid, readGuid } from '../domain/guid-words.js';
import type { Session } from '../domain/session.js';
import type { RowTexts } from '../sessions/event-rows.js';
import { type MemoryBudget, memoryBudget, shareOf } from '../sessions/memory.js';
import { WORD } from '../sessions/rows.js';
import type { Inspected, InspectedRows, InspectedSession } from '../validate/inspected.js';
import { packedEvents } from '../write/packed.js';
import { KeyFlags } from './key-flags.js';
import { lastTimestamp } from './paced.js';
import { type SendableSession, SendableSessions } from './sendable.js';
import { isInShard, type Shard, WHOLE } from './shard.js';

/** Sessions to be gone through as often as one likes. */
export interface PreparedSessions extends Iterable<SendableSession> {
  /** Each with its address. */
  addressed(): Iterable<readonly [address: number, session: SendableSession]>;
  /** The session of an address. */
  at(address: number): SendableSession;
}

/** Sessions by what is to become of them. */
export interface Sorted {
  /** The sessions of the shard that are to be sent, in input order, each once. */
  readonly sessions: PreparedSessions;
  /** The sessions of the shard with a finding of severity error, or in a request that has one; each part of a split one. */
  readonly invalid: Iterable<SendableSession>;
  /** How many sessions those are. */
  readonly invalidSessions: number;
  /** Sessions of the shard that the host has already: the capture that they stand in shows that it answered them with `Enabled: true`. */
  readonly captured: number;
  /** Sessions of other shards, whatever they are. */
  readonly otherShard: number;
  /** Of the whole input, in lower case and sorted. */
  readonly organizations: readonly string[];
  /** Whether a sound session of the shard was made by `simulate`. */
  readonly simulated: boolean;
}

export interface SortingOptions {
  /** Where the sessions go, name and port: what this host has already, by a capture, is not sent again. Absent: nothing is known. */
  readonly host?: string | undefined;
  /** Which part of the sessions is to be sent, by their SessionIds as read; absent: all. */
  readonly shard?: Shard | undefined;
  /** Of the whole first pass. */
  readonly memory?: MemoryBudget;
}

/** Of the memory there is: for the sessions to be sent and those not, each, and for what is known of SessionIds. */
const SHARES = { sessions: 0.1, ids: 0.05 };

const FLAG = { invalid: 1, split: 2, delivered: 4, other: 8 } as const;

/** Sorts sessions into those to be sent and those not. */
export class Sorting {
  readonly #options: SortingOptions;
  readonly #shard: Shard;
  readonly #sound: SendableSessions;
  readonly #broken: SendableSessions;
  readonly #flags: KeyFlags;
  readonly #organizations = new Set<string>();
  readonly #texts: RowTexts;
  /** What rows hold of the organization that was added last. */
  #lastOrganization = -1;
  #invalid = 0;
  #otherShard = 0;
  #simulated = false;

  /** @param texts Of the rows that it is given. */
  constructor(options: SortingOptions, texts: RowTexts) {
    const { memory = memoryBudget(), shard = WHOLE } = options;
    const held = shareOf(memory, SHARES.sessions);
    this.#options = options;
    this.#texts = texts;
    this.#shard = shard;
    this.#sound = new SendableSessions(held);
    this.#broken = new SendableSessions(held);
    this.#flags = new KeyFlags(shareOf(memory, SHARES.ids));
  }

  take(inspected: Inspected | InspectedRows): void {
    if (inspected.kind === 'sound-rows' || inspected.kind === 'kept-out-rows') this.#takeRows(inspected);
    if (inspected.kind === 'session') this.#takeSession(inspected);
    // Of what does not count no more than this is known.
    if (inspected.kind === 'kept-out') this.#organizations.add(organizationOf(inspected.session));
  }

  #takeRows({ kind, rows, playedMs }: InspectedRows): void {
    const { words } = rows;
    if (words[WORD.organizationAndSource] !== this.#lastOrganization) {
      this.#lastOrganization = words[WORD.organizationAndSource]!;
      this.#organizations.add(guidKey(this.#texts.organizationIdOf(this.#lastOrganization)));
    }
    if (kind === 'kept-out-rows') return;
    if (this.#shard.count > 1 && !isInShard(readGuid(words, WORD.key), this.#shard)) {
      this.#otherShard += 1;
      return;
    }
    this.#simulated ||= isSimulatedGuid(words, WORD.key);
    this.#sound.addRows(rows, this.#texts, playedMs / 1000);
  }

  #takeSession(inspected: InspectedSession): void {
    const { session, standing, deliveredTo } = inspected;
    const { host } = this.#options;
    this.#organizations.add(organizationOf(session));
    const other = isInShard(session.key, this.#shard) ? 0 : FLAG.other;
    if (deliveredTo !== undefined && deliveredTo === host)
      this.#flags.add(session.key, FLAG.delivered | other);
    if (standing === 'resent') return;
    if (other !== 0) {
      if (standing === 'first') this.#otherShard += 1;
    } else if (inspected.invalid || standing === 'split') this.#refuse(inspected);
    else {
      this.#simulated ||= isSimulatedId(session.key);
      this.#sound.add(sendable(inspected));
    }
  }

  result(): Sorted {
    const [sound, broken, flags] = [this.#sound, this.#broken, this.#flags];
    const none = flags.count(0, 0) === 0;
    const goes = (session: SendableSession) => none || !flags.has(session.key, FLAG.split | FLAG.delivered);
    return {
      sessions: {
        *[Symbol.iterator]() {
          for (const session of sound) if (goes(session)) yield session;
        },
        *addressed() {
          for (const entry of sound.addressed()) if (goes(entry[1])) yield entry;
        },
        at: (address) => sound.at(address),
      },
      invalid: {
        *[Symbol.iterator]() {
          yield* broken;
          for (const session of sound) if (flags.has(session.key, FLAG.split)) yield session;
        },
      },
      invalidSessions: this.#invalid,
      captured: flags.count(FLAG.delivered, FLAG.delivered | FLAG.invalid | FLAG.other),
      otherShard: this.#otherShard,
      organizations: [...this.#organizations].toSorted(),
      simulated: this.#simulated,
    };
  }

  close(): void {
    this.#sound.close();
    this.#broken.close();
    this.#flags.close();
  }

  #refuse(inspected: InspectedSession): void {
    const { session, standing } = inspected;
    // A session of bare events comes once; those of requests may come again.
    const once = session.request === null && standing === 'first';
    const flags = FLAG.invalid | (standing === 'split' ? FLAG.split : 0);
    const known = !once && this.#flags.has(session.key, FLAG.invalid);
    if (!known) this.#invalid += 1;
    if (!once) this.#flags.add(session.key, flags);
    this.#broken.add(sendable(inspected));
  }
}

function sendable({ session, playedSeconds }: InspectedSession): SendableSession {
  const { key, source } = session;
  const ended = lastTimestamp(session);
  const endedAt = ended === Number.NEGATIVE_INFINITY ? null : ended;
  return { key, source, packed: packedEvents(session), playedSeconds, endedAt };
}

function organizationOf({ events }: Session): string {
  return guidKey(events.find(({ organizationId }) => organizationId !== null)?.organizationId ?? '');
}
