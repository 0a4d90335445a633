import type { Finding } from '../domain/finding.js';
import { guidKey, isSimulatedId } from '../domain/guid.js';
import { isSimulatedGuid, readGuid } from '../domain/guid-words.js';
import type { InputRecord } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import type { RowTexts } from '../sessions/event-rows.js';
import { memoryBudget } from '../sessions/memory.js';
import { WORD } from '../sessions/rows.js';
import { FindingList } from '../validate/finding-list.js';
import { Inspector } from '../validate/inspect.js';
import type { Inspected, InspectedRows, InspectedSession } from '../validate/inspected.js';
import type { InspectOptions } from '../validate/options.js';
import { refuses } from '../validate/refuses.js';
import { type Summary, Tally } from '../validate/tally.js';
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

/** What the first pass of a delivery found: everything is read and checked before a byte is sent. */
export interface Prepared {
  /** The sessions of the shard that are to be sent, in input order, each once. */
  readonly sessions: PreparedSessions;
  /** The sessions of the shard with a finding of severity error, or in a request that has one; each part of a split one. */
  readonly invalid: Iterable<SendableSession>;
  /** How many sessions those are. */
  readonly invalidSessions: number;
  /** Events that join no session. */
  readonly strayEvents: number;
  /** Sessions of the shard that the host has already: the capture that they stand in shows that it answered them with `Enabled: true`. */
  readonly captured: number;
  /** Sessions of other shards, whatever they are. */
  readonly otherShard: number;
  /** How many sessions `within` keeps out: they are in no other count. */
  readonly keptOut: number;
  /** Of the whole input, in lower case and sorted. */
  readonly organizations: readonly string[];
  /** The findings of severity error that keep what they are about from being sent, in output order, at most so many. */
  readonly errors: readonly Finding[];
  /** How many more of them there are. */
  readonly errorsOmitted: number;
  /** How many findings of severity error are about how a capture's requests went: no reason not to send their sessions. */
  readonly transportErrors: number;
  readonly summary: Summary;
  /** Whether a sound session of the shard was made by `simulate`. */
  readonly simulated: boolean;
  /** Lets go of the sessions. */
  close(): void;
}

export interface PrepareOptions extends InspectOptions {
  /** Where the sessions go, name and port: what this host has already, by a capture, is not sent again. Absent: nothing is known. */
  readonly host?: string | undefined;
  /** Which part of the sessions is to be sent, by their SessionIds as read; absent: all. */
  readonly shard?: Shard | undefined;
  /** Waited for now and then, so that the caller can do something else; what it throws ends the work. */
  readonly between?: (() => Promise<void>) | undefined;
}

const MOST_ERRORS = 10_000;
/** So many things are taken before something else may be done. */
const TOGETHER = 128;

/** Of the memory there is, what grouping bare events takes; what is found is held in the rest. */
const GROUPING_SHARE = 0.75;

const FLAG = { invalid: 1, split: 2, delivered: 4, other: 8 } as const;

/** Reads and checks a whole input for `deliver`. Sessions are kept in memory up to `memory`, on disk beyond it. */
export async function prepare(
  records: AsyncIterable<readonly InputRecord[]>,
  options: PrepareOptions,
): Promise<Prepared> {
  const { between, memory = memoryBudget() } = options;
  const tally = new Tally();
  const errors = new FindingList(MOST_ERRORS);
  let strayEvents = 0;
  let transportErrors = 0;
  const grouping = { ...memory, bytes: memory.bytes * GROUPING_SHARE };
  const inspector = new Inspector({ ...options, memory: grouping, soundAsRows: true });
  const sorting = new Sorting(options, inspector.texts);
  const take = (inspected: Inspected): void => {
    tally.add(inspected);
    sorting.take(inspected);
    if (inspected.kind === 'stray') strayEvents += 1;
    if (inspected.kind !== 'finding' || inspected.finding.severity !== 'error') return;
    if (refuses(inspected.finding.rule)) errors.add(inspected.finding);
    else transportErrors += 1;
  };
  try {
    for await (const chunk of records) {
      await between?.();
      for (const record of chunk) for (const inspected of inspector.take(record)) take(inspected);
    }
    let taken = 0;
    for (const inspected of inspector.end()) {
      take(inspected);
      taken += 1;
      if (taken % TOGETHER === 0) await between?.();
    }
  } catch (error) {
    sorting.close();
    throw error;
  } finally {
    inspector.close();
  }
  return {
    ...sorting.result(),
    strayEvents,
    keptOut: tally.keptOut,
    errors: errors.sorted(),
    errorsOmitted: errors.omitted,
    transportErrors,
    summary: tally.summary(),
    close: () => sorting.close(),
  };
}

/** Sorts sessions into those to be sent and those not. */
class Sorting {
  readonly #options: PrepareOptions;
  readonly #shard: Shard;
  readonly #sound: SendableSessions;
  readonly #broken: SendableSessions;
  readonly #flags = new KeyFlags();
  readonly #organizations = new Set<string>();
  readonly #texts: RowTexts;
  /** What rows hold of the organization that was added last. */
  #lastOrganization = -1;
  #invalid = 0;
  #otherShard = 0;
  #simulated = false;

  /** @param texts Of the rows that it is given. */
  constructor(options: PrepareOptions, texts: RowTexts) {
    const { memory = memoryBudget(), shard = WHOLE } = options;
    const held = { ...memory, bytes: (memory.bytes * (1 - GROUPING_SHARE)) / 2 };
    this.#options = options;
    this.#texts = texts;
    this.#shard = shard;
    this.#sound = new SendableSessions(held);
    this.#broken = new SendableSessions(held);
  }

  take(inspected: Inspected): void {
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

  result(): Omit<
    Prepared,
    'strayEvents' | 'keptOut' | 'errors' | 'errorsOmitted' | 'transportErrors' | 'summary' | 'close'
  > {
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
