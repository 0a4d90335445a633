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

/** Sessions to be gone through as often as one likes. */
export interface PreparedSessions extends Iterable<SendableSession> {
  /** Each with its address. */
  addressed(): Iterable<readonly [address: number, session: SendableSession]>;
  /** The session of an address. */
  at(address: number): SendableSession;
}

/** Sessions by what is to become of them. */
export interface Classified {
  /** The sessions of the shard to send, in input order, each once. */
  readonly sessions: PreparedSessions;
  /** The sessions of the shard with a finding of severity error, or in a request that has one; each part of a split one. */
  readonly invalid: Iterable<SendableSession>;
  /** How many sessions those are. */
  readonly invalidSessions: number;
  /**
   * Sessions of clips that the clip map does not hold. Those of which a part has another clip, or an error, are invalid instead: what
   * the map holds of them must not go alone.
   */
  readonly unmappedSessions: number;
  /** How many places held, or could have held, events of unknown sessions; and the first of them. */
  readonly unknownSessions: { readonly count: number; readonly first: readonly Place[] };
  /** Sessions of the shard that the host has already: in the capture they were answered with `Enabled: true`. */
  readonly captured: number;
  /** Sessions of the shard that ledgers were found to know as delivered when they were read: they are not among `sessions`. */
  readonly alreadyDelivered: number;
  /** Sessions of other shards, whatever they are. */
  readonly otherShard: number;
  /** Of the whole input, in lower case and sorted. */
  readonly organizations: readonly string[];
  /** Whether `simulate` made a session that this shard sends. */
  readonly simulated: boolean;
}

export interface ClassifyOptions {
  /** Where the sessions go, name and port: what this host has already, by a capture, is not sent again. Absent: nothing is known. */
  readonly host?: string | undefined;
  /** The part of the sessions to send, by their SessionIds as read; absent for all. */
  readonly shard?: Shard | undefined;
  /** Milliseconds that all times have been moved by; absent: none. */
  readonly movedMs?: number | undefined;
  /** Looks sessions up in the ledgers; absent without ledgers. */
  readonly firstLook?: FirstLook | undefined;
  /** Of the whole first pass. */
  readonly memory?: MemoryBudget;
}

/** Of the memory there is: for the sessions to be sent and those not, each, and for what is known of SessionIds. */
const SHARES = { sessions: 0.1, ids: 0.05 };

/** More organizations than there can be: an input that has them is broken, and each is remembered. */
const MAX_ORGANIZATIONS = 10_000;

const UNKNOWN_SHOWN = 5;

/** Of a session that is not sent: no ledger is asked for it. */
const NO_MARK = new Uint8Array(MARK_BYTES);

const FLAG = { invalid: 1, split: 2, delivered: 4, other: 8, lost: 16, unmapped: 32 } as const;

/** Separates the sessions to send from the others, and keeps both in the form to send. */
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
  /** The inputs whose SessionIds are made of what the rows say. */
  readonly #keyed = new Set<Input>();
  /**
   * The request of the last event without a usable SessionId. Such events come before the sessions of their request.
   */
  #strayRequest: number | null = null;
  /** Rows that are whole sessions. */
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
    // Of what does not count no more than this is known.
    if (inspected.kind === 'kept-out') this.#noteOrganization(inspected.session);
  }

  result(): Classified {
    const [sendable, refused, flags] = [this.#sendable, this.#refused, this.#flags];
    const none = flags.count(0, 0) === 0;
    const goes = (session: SendableSession) =>
      none || !flags.has(session.key, FLAG.split | FLAG.delivered | FLAG.lost);
    return {
      sessions: {
        *[Symbol.iterator]() {
          for (const session of sendable) if (goes(session)) yield session;
        },
        *addressed() {
          for (const entry of sendable.addressed()) if (goes(entry[1])) yield entry;
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

  /** These sessions lost an event in a place that could not be read: none of them is sent. */
  #noteLoss({ loss, place }: UnreadablePlace): void {
    if (loss === 'unknown') this.#noteUnknownSession(place);
    if (typeof loss === 'string') return;
    for (const key of loss.sessions) this.#flags.add(key, FLAG.lost);
    this.#anyLost ||= loss.sessions.length > 0;
  }

  /** An event without a usable SessionId is missing from its session: one of its request's, or of bare events any. */
  #noteStray({ event }: StrayEvent): void {
    if (event.request === null) this.#noteUnknownSession(event.placeOf(0));
    else this.#strayRequest = event.request;
  }

  /** An event whose organization or clip is no id has a SessionId that was made of it: nobody knows the right one. */
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

  /** How many sessions are whole but for what could not be read. */
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
        'Look whether OrganizationId holds another id, such as that of the listener.',
      );
    }
    this.#organizations.add(key);
  }

  #addSession(inspected: InspectedSession): void {
    const { session, occurrence, deliveredTo, playedMs } = inspected;
    this.#noteOrganization(session);
    // Its key is a text to be made: with one shard nobody asks for it.
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
    // A session of bare events comes once; those of requests may come again.
    const once = session.request === null && occurrence === 'first';
    const flags = FLAG.invalid | (occurrence === 'split' ? FLAG.split : 0);
    const known = !once && this.#flags.has(session.key, FLAG.invalid);
    if (!known) this.#invalid += 1;
    if (!once) this.#flags.add(session.key, flags);
    this.#refused.add(session, playedMs, NO_MARK);
  }
}

/** The organization by which a session counts, in lower case; empty where no event has a well-formed one. */
function organizationKey(session: Session): string {
  return guidKey(session.firstId('organization') ?? '');
}
