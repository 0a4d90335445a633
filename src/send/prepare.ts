import type { Finding } from '../domain/finding.js';
import { guidKey, isSimulatedId } from '../domain/guid.js';
import type { InputRecord } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import { SessionStore } from '../sessions/store.js';
import { FindingList } from '../validate/finding-list.js';
import { inspect } from '../validate/inspect.js';
import type { InspectOptions } from '../validate/options.js';
import { refuses } from '../validate/refuses.js';
import { type Summary, Tally } from '../validate/tally.js';

/** A session that can be sent. */
export interface SendableSession extends Session {
  /** Seconds of audio played. */
  readonly playedSeconds: number | null;
}

/** What the first pass of a delivery found: everything is read and checked before a byte is sent. */
export interface Prepared {
  /** The sessions to send, in input order, each once; to be gone through as often as one likes. */
  readonly sessions: Iterable<SendableSession>;
  /** The sessions with a finding of severity error, or in a request that has one; each part of a split one. */
  readonly invalid: Iterable<Session>;
  /** How many sessions those are. */
  readonly invalidSessions: number;
  /** Events that join no session. */
  readonly strayEvents: number;
  /** The keys of sessions that the host has already: the capture that they stand in shows that it answered them with `Enabled: true`. */
  readonly captured: readonly string[];
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
  /** Whether a sound session of the input was made by `simulate`. */
  readonly simulated: boolean;
  /** Lets go of the sessions. */
  close(): void;
}

export interface PrepareOptions extends InspectOptions {
  /** Where the sessions go, name and port: what this host has already, by a capture, is not sent again. Absent: nothing is known. */
  readonly host?: string | undefined;
}

const MOST_ERRORS = 10_000;

/** Reads and checks a whole input for `deliver`. Sessions are kept in memory up to `memory`, on disk beyond it. */
export async function prepare(
  records: AsyncIterable<readonly InputRecord[]>,
  options: PrepareOptions,
): Promise<Prepared> {
  const tally = new Tally();
  const errors = new FindingList(MOST_ERRORS);
  const outside = new Set<string>();
  const organizations = new Set<string>();
  const sound = new SessionStore<SendableSession>(options.memory);
  const broken = new SessionStore<Session>(options.memory);
  const invalidKeys = new Set<string>();
  const split = new Set<string>();
  const delivered = new Set<string>();
  let strayEvents = 0;
  let transportErrors = 0;
  let simulated = false;
  for await (const chunk of inspect(records, options)) {
    for (const inspected of chunk) {
      tally.add(inspected);
      if (inspected.kind === 'session' || inspected.kind === 'kept-out') {
        organizations.add(organizationOf(inspected.session));
      }
      if (inspected.kind === 'kept-out') outside.add(inspected.session.key);
      if (inspected.kind === 'finding' && inspected.finding.severity === 'error') {
        if (refuses(inspected.finding.rule)) errors.add(inspected.finding);
        else transportErrors += 1;
      }
      if (inspected.kind === 'stray') strayEvents += 1;
      if (inspected.kind !== 'session') continue;
      if (inspected.deliveredTo !== undefined && inspected.deliveredTo === options.host) {
        delivered.add(inspected.session.key);
      }
      if (inspected.standing === 'resent') continue;
      const { session, playedSeconds } = inspected;
      if (inspected.standing === 'split') split.add(session.key);
      if (inspected.invalid || inspected.standing === 'split') {
        invalidKeys.add(session.key);
        broken.add(session);
      } else {
        simulated ||= isSimulatedId(session.key);
        sound.add({ ...session, playedSeconds });
      }
    }
  }
  return {
    sessions: only(sound, ({ key }) => !split.has(key) && !delivered.has(key)),
    invalid: {
      *[Symbol.iterator]() {
        yield* broken;
        yield* only(sound, ({ key }) => split.has(key));
      },
    },
    invalidSessions: invalidKeys.size,
    captured: [...delivered].filter((key) => !invalidKeys.has(key)),
    keptOut: outside.size,
    organizations: [...organizations].toSorted(),
    strayEvents,
    errors: errors.sorted(),
    errorsOmitted: errors.omitted,
    transportErrors,
    summary: tally.summary(),
    simulated,
    close() {
      sound.close();
      broken.close();
    },
  };
}

/** Those of some sessions that a condition holds for, each time they are gone through. */
function only<S extends Session>(sessions: Iterable<S>, holds: (session: S) => boolean): Iterable<S> {
  return {
    *[Symbol.iterator]() {
      for (const session of sessions) if (holds(session)) yield session;
    },
  };
}

function organizationOf({ events }: Session): string {
  return guidKey(events.find(({ organizationId }) => organizationId !== null)?.organizationId ?? '');
}
