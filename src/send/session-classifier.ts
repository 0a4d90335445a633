import { UserError } from '../domain/errors.js';
import { EVENT_FLAG, ID_WORDS } from '../domain/event-batch.js';
import { guidKey, isSimulatedGuid } from '../domain/guid.js';
import type { Input, Place } from '../domain/place.js';
import type { UnmappedRecord } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import { formatNumber } from '../domain/text.js';
import { KeyFlags } from '../sessions/key-table.js';
import { type MemoryBudget, memoryBudget, shareOf } from '../sessions/memory.js';
import type { Inspected, InspectedSession, StrayEvent, UnreadablePlace } from '../validate/inspected.js';
import { KEY_BYTES } from './ledger/schema.js';
import { MARK_BYTES, sessionMark } from './rewriting.js';
import type { FirstLook } from './selection.js';
import { putKey, type SendableSession, SendableSessions } from './sendable-sessions.js';
import { ALL_SHARDS, isInShard, type Shard } from './shard.js';

/** Sessions that can be iterated more than once. */
export interface PreparedSessions extends Iterable<SendableSession> {
  /** Each session with its address. */
  addressed(): Iterable<readonly [address: number, session: SendableSession]>;
  /** The session with this address. */
  at(address: number): SendableSession;
}

/** The sessions of an input, by what happens to them. */
export interface Classified {
  /** The sessions of the shard to send, in input order, each once. */
  readonly sessions: PreparedSessions;
  /**
   * The sessions of the shard that have a finding of severity error, or are in a request that has one. A split session appears
   * once per part.
   */
  readonly invalid: Iterable<SendableSession>;
  /** How many sessions those are. */
  readonly invalidSessions: number;
  /**
   * Sessions of clips that are not in the clip map. A session that has only some such events, or an error, is invalid
   * instead: it must not be sent in part.
   */
  readonly unmappedSessions: number;
  /** How many places held, or could have held, events of unknown sessions; and the first of them. */
  readonly unknownSessions: { readonly count: number; readonly first: readonly Place[] };
  /** Sessions of the shard that the host already has: in the capture, they were answered with `Enabled: true`. */
  readonly captured: number;
  /** Sessions of the shard that the first look in the ledgers found delivered: they are not in `sessions`. */
  readonly alreadyDelivered: number;
  /** All sessions of other shards, valid or not. */
  readonly otherShard: number;
  /** The organizations of the whole input, in lower case and sorted. */
  readonly organizations: readonly string[];
  /** Whether `simulate` made a session that this shard sends. */
  readonly simulated: boolean;
}

export interface ClassifyOptions {
  /**
   * The name and port to send to. Sessions that this host already has, according to a capture, are not sent again. Absent: no
   * session counts as captured.
   */
  readonly host?: string | undefined;
  /** The shard to send, by the SessionIds as read; absent: all sessions. */
  readonly shard?: Shard | undefined;
  /** Milliseconds by which all times were moved; absent: they were not moved. */
  readonly movedMs?: number | undefined;
  /** Looks sessions up in the ledgers; absent without ledgers. */
  readonly firstLook?: FirstLook | undefined;
  /** The memory of the whole first pass. */
  readonly memory?: MemoryBudget;
}

/** Shares of the memory: `sessions` for the sessions to send, and again for the others; `ids` for the flags of SessionIds. */
const SHARES = { sessions: 0.1, ids: 0.05 };

/** The most organizations to accept. Each is kept in memory, and an input with more is almost certainly wrong. */
const MAX_ORGANIZATIONS = 10_000;

const UNKNOWN_SHOWN = 5;

/** For a session that is not sent: no ledger looks it up. */
const NO_MARK = new Uint8Array(MARK_BYTES);

const FLAG = { invalid: 1, split: 2, delivered: 4, other: 8, lost: 16, unmapped: 32 } as const;

/** Separates the sessions to send from the others, and keeps both kinds in encoded form. */
export class SessionClassifier {
  readonly #host: string | undefined;
  readonly #shard: Shard;
  readonly #sendable: SendableSessions;
  readonly #refused: SendableSessions;
  readonly #flags: KeyFlags;
  readonly #organizations = new Set<string>();
  readonly #movedMs: number;
  readonly #firstLook: FirstLook | undefined;
  readonly #keyBytes = Buffer.alloc(KEY_BYTES);
  #invalid = 0;
  #alreadyDelivered = 0;
  #otherShard = 0;
  #anyLost = false;
  /** The inputs whose SessionIds are computed from values in their rows. */
  readonly #keyed = new Set<Input>();
  /** The request of the last event without a usable SessionId. These events arrive before the sessions of their request. */
  #strayRequest: number | null = null;
  /** The number of unmapped rows that are whole sessions. */
  #unmappedRows = 0;
  readonly #unknownSessions = { count: 0, first: [] as Place[] };
  #simulated = false;

  constructor({
    host,
    shard = ALL_SHARDS,
    movedMs = 0,
    firstLook,
    memory = memoryBudget(),
  }: ClassifyOptions) {
    const held = shareOf(memory, SHARES.sessions);
    this.#host = host;
    this.#shard = shard;
    this.#movedMs = movedMs;
    this.#firstLook = firstLook;
    this.#sendable = new SendableSessions(held);
    this.#refused = new SendableSessions(held);
    this.#flags = new KeyFlags(shareOf(memory, SHARES.ids));
  }

  add(inspected: Inspected): void {
    if (inspected.kind === 'session') this.#addSession(inspected);
    if (inspected.kind === 'unreadable') this.#noteLoss(inspected);
    if (inspected.kind === 'stray') this.#noteStray(inspected);
    if (inspected.kind === 'table' && inspected.table.keyed) this.#keyed.add(inspected.table.input);
    if (inspected.kind === 'unmapped') this.#noteUnmapped(inspected);
    // A session outside `within` counts for nothing except the organizations.
    if (inspected.kind === 'kept-out') this.#noteOrganization(inspected.session);
  }

  result(): Classified {
    const [sendable, refused, flags] = [this.#sendable, this.#refused, this.#flags];
    const none = flags.count(0, 0) === 0;
    const isSent = (session: SendableSession) =>
      none || !flags.has(session.key, FLAG.split | FLAG.delivered | FLAG.lost);
    return {
      sessions: {
        *[Symbol.iterator]() {
          for (const session of sendable) if (isSent(session)) yield session;
        },
        *addressed() {
          for (const entry of sendable.addressed()) if (isSent(entry[1])) yield entry;
        },
        at: (address) => sendable.at(address),
      },
      invalid: {
        *[Symbol.iterator]() {
          yield* refused;
          for (const session of sendable) if (flags.has(session.key, FLAG.split | FLAG.lost)) yield session;
        },
      },
      invalidSessions: this.#invalid + this.#lostSessions(),
      unmappedSessions: this.#unmappedSessions(),
      unknownSessions: this.#unknownSessions,
      captured: flags.count(FLAG.delivered, FLAG.delivered | FLAG.invalid | FLAG.other),
      alreadyDelivered: this.#alreadyDelivered,
      otherShard: this.#otherShard,
      organizations: [...this.#organizations].toSorted(),
      simulated: this.#simulated,
    };
  }

  close(): void {
    this.#sendable.close();
    this.#refused.close();
    this.#flags.close();
  }

  /** An unreadable place lost events of these sessions: none of them is sent. */
  #noteLoss({ loss, place }: UnreadablePlace): void {
    if (loss === 'unknown') this.#noteUnknownSession(place);
    if (typeof loss === 'string') return;
    for (const key of loss.sessions) this.#flags.add(key, FLAG.lost);
    this.#anyLost ||= loss.sessions.length > 0;
  }

  /**
   * An event without a usable SessionId is missing from its session. In a request, that is one of the request's sessions; for
   * bare events, it can be any session.
   */
  #noteStray({ event }: StrayEvent): void {
    if (event.request === null) this.#noteUnknownSession(event.placeOf(0));
    else this.#strayRequest = event.request;
  }

  /**
   * If the SessionId is computed from the organization and the clip, an event with an invalid one has a wrong SessionId, and
   * its real session is unknown.
   */
  #noteWrongKeys(session: Session): void {
    for (let i = 0; i < session.count; i += 1) {
      const wrong = (session.flags[i]! & (EVENT_FLAG.noOrganization | EVENT_FLAG.noClip)) !== 0;
      if (wrong && this.#keyed.has(session.inputs[session.inputNumbers[i]!]!)) {
        this.#noteUnknownSession(session.placeOf(i));
        return;
      }
    }
  }

  #noteUnknownSession(place: Place): void {
    this.#unknownSessions.count += 1;
    if (this.#unknownSessions.first.length < UNKNOWN_SHOWN) this.#unknownSessions.first.push(place);
  }

  #noteUnmapped({ loss, place }: UnmappedRecord): void {
    if (loss === 'unknown') this.#noteUnknownSession(place);
    if (loss === 'whole-session') this.#unmappedRows += 1;
    if (typeof loss === 'string') return;
    for (const key of loss.sessions) this.#flags.add(key, FLAG.lost | FLAG.unmapped);
    this.#anyLost ||= loss.sessions.length > 0;
  }

  /** How many sessions are unmapped as a whole. */
  #unmappedSessions(): number {
    const some = this.#flags.count(FLAG.unmapped, FLAG.unmapped);
    if (some === 0) return this.#unmappedRows;
    const partly = new Set<string>();
    for (const sessions of [this.#sendable, this.#refused])
      for (const { key } of sessions) if (this.#flags.has(key, FLAG.unmapped)) partly.add(key);
    return this.#unmappedRows + some - partly.size;
  }

  /** How many sessions are valid except for events that could not be read. */
  #lostSessions(): number {
    let count = 0;
    if (!this.#anyLost) return count;
    for (const { key } of this.#sendable)
      if (this.#flags.has(key, FLAG.lost) && !this.#flags.has(key, FLAG.invalid)) count += 1;
    return count;
  }

  #noteOrganization(session: Session): void {
    const key = organizationKey(session);
    if (this.#organizations.size >= MAX_ORGANIZATIONS && !this.#organizations.has(key)) {
      const place = session.placeOf(0);
      throw new UserError(
        'data',
        `${place.input.name}:${place.line}: expected sessions of at most ${formatNumber(MAX_ORGANIZATIONS)} organizations, received more`,
        'Check whether OrganizationId holds another id, such as the listener’s.',
      );
    }
    this.#organizations.add(key);
  }

  #addSession(inspected: InspectedSession): void {
    const { session, occurrence, deliveredTo, playedMs } = inspected;
    this.#noteOrganization(session);
    // With one shard, the key is not needed: making its text takes time.
    const mine = this.#shard.count === 1 || isInShard(session.key, this.#shard);
    if (deliveredTo !== undefined && deliveredTo === this.#host)
      this.#flags.add(session.key, FLAG.delivered | (mine ? 0 : FLAG.other));
    if (session.request !== null && session.request === this.#strayRequest) {
      this.#flags.add(session.key, FLAG.lost);
      this.#anyLost = true;
    }
    if (occurrence === 'resent') return;
    if (this.#keyed.size > 0 && !session.valid) this.#noteWrongKeys(session);
    if (!mine) {
      if (occurrence === 'first') this.#otherShard += 1;
    } else if (inspected.invalid || occurrence === 'split') this.#refuse(inspected);
    else this.#keep(session, playedMs);
  }

  #keep(session: Session, playedMs: number | null): void {
    const mark = sessionMark(session, this.#movedMs);
    const look = this.#firstLook?.({ keyBytes: this.#keyOf(session), mark }) ?? 'other';
    // A later request can still split an earlier session, so its result is known only then.
    if (look === 'delivered' && session.request === null && !this.#flags.has(session.key, FLAG.lost)) {
      this.#alreadyDelivered += 1;
      return;
    }
    this.#simulated ||= isSimulatedGuid(session.ids, ID_WORDS.session);
    this.#sendable.add(session, playedMs, mark, look === 'unknown');
  }

  #keyOf(session: Session): Buffer {
    putKey(session, this.#keyBytes);
    return this.#keyBytes;
  }

  #refuse({ session, occurrence, playedMs }: InspectedSession): void {
    // A session of bare events arrives once; a session of requests can arrive again.
    const once = session.request === null && occurrence === 'first';
    const flags = FLAG.invalid | (occurrence === 'split' ? FLAG.split : 0);
    const known = !once && this.#flags.has(session.key, FLAG.invalid);
    if (!known) this.#invalid += 1;
    if (!once) this.#flags.add(session.key, flags);
    this.#refused.add(session, playedMs, NO_MARK);
  }
}

/** The organization to which a session belongs, in lower case; empty if no event has a well-formed one. */
function organizationKey(session: Session): string {
  return guidKey(session.firstId('organization') ?? '');
}
