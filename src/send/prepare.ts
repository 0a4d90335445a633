import type { Finding } from '../domain/finding.js';
import { isSimulatedId } from '../domain/guid.js';
import type { InputRecord } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import { FindingList } from '../validate/finding-list.js';
import { inspect } from '../validate/inspect.js';
import type { InspectedSession } from '../validate/inspected.js';
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
  /** The sessions to send, in input order, each once. */
  readonly sessions: readonly SendableSession[];
  /** The sessions with a finding of severity error, or in a request that has one; each part of a split one. */
  readonly invalid: readonly Session[];
  /** How many sessions those are. */
  readonly invalidSessions: number;
  /** Events that join no session. */
  readonly strayEvents: number;
  /** How many sessions the host has already: the capture that they stand in shows that it answered them with `Enabled: true`. */
  readonly alreadyDelivered: number;
  /** The findings of severity error that keep what they are about from being sent, in output order, at most so many. */
  readonly errors: readonly Finding[];
  /** How many more of them there are. */
  readonly errorsOmitted: number;
  /** How many findings of severity error are about how a capture's requests went: no reason not to send their sessions. */
  readonly transportErrors: number;
  readonly summary: Summary;
  /** Whether a session among those to send was made by `simulate`. */
  readonly simulated: boolean;
}

export interface PrepareOptions extends InspectOptions {
  /** Where the sessions go, name and port: what this host has already, by a capture, is not sent again. Absent: nothing is known. */
  readonly host?: string | undefined;
}

const MOST_ERRORS = 10_000;

/** Reads and checks a whole input for `deliver`. */
export async function prepare(
  records: AsyncIterable<readonly InputRecord[]>,
  options: PrepareOptions,
): Promise<Prepared> {
  const tally = new Tally();
  const errors = new FindingList(MOST_ERRORS);
  const parts: InspectedSession[] = [];
  const split = new Set<string>();
  const delivered = new Set<string>();
  let strayEvents = 0;
  let transportErrors = 0;
  for await (const chunk of inspect(records, options)) {
    for (const inspected of chunk) {
      tally.add(inspected);
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
      parts.push(inspected);
      if (inspected.standing === 'split') split.add(inspected.session.key);
    }
  }
  const isInvalid = ({ invalid, session }: InspectedSession): boolean => invalid || split.has(session.key);
  const invalid = parts.filter(isInvalid).map(({ session }) => session);
  const valid = parts.filter((part) => !isInvalid(part));
  const sessions = valid
    .filter(({ session }) => !delivered.has(session.key))
    .map(({ session, playedSeconds }) => ({ ...session, playedSeconds }));
  return {
    sessions,
    invalid,
    invalidSessions: new Set(invalid.map(({ key }) => key)).size,
    alreadyDelivered: valid.length - sessions.length,
    strayEvents,
    errors: errors.sorted(),
    errorsOmitted: errors.omitted,
    transportErrors,
    summary: tally.summary(),
    simulated: sessions.some(({ key }) => isSimulatedId(key)),
  };
}
