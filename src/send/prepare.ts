import type { Finding } from '../domain/finding.js';
import { guidKey, isSimulatedId } from '../domain/guid.js';
import type { InputRecord } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import { FindingList } from '../validate/finding-list.js';
import { inspect } from '../validate/inspect.js';
import type { InspectedSession } from '../validate/inspected.js';
import type { InspectOptions } from '../validate/options.js';
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
  /** The findings of severity error, in output order. */
  readonly errors: readonly Finding[];
  readonly summary: Summary;
  /** Of the whole input, in lower case and sorted. */
  readonly organizations: readonly string[];
  /** Whether a session among those to send was made by `simulate`. */
  readonly simulated: boolean;
}

const MOST_ERRORS = 10_000;

/** Reads and checks a whole input for `deliver`. */
export async function prepare(
  records: AsyncIterable<readonly InputRecord[]>,
  options: InspectOptions,
): Promise<Prepared> {
  const tally = new Tally();
  const errors = new FindingList(MOST_ERRORS);
  const parts: InspectedSession[] = [];
  const split = new Set<string>();
  const organizations = new Set<string>();
  let strayEvents = 0;
  for await (const chunk of inspect(records, options)) {
    for (const inspected of chunk) {
      tally.add(inspected);
      if (inspected.kind === 'finding' && inspected.finding.severity === 'error')
        errors.add(inspected.finding);
      if (inspected.kind === 'stray') strayEvents += 1;
      if (inspected.kind === 'session') organizations.add(organizationOf(inspected.session));
      if (inspected.kind !== 'session' || inspected.standing === 'resent') continue;
      parts.push(inspected);
      if (inspected.standing === 'split') split.add(inspected.session.key);
    }
  }
  const isInvalid = ({ invalid, session }: InspectedSession): boolean => invalid || split.has(session.key);
  const invalid = parts.filter(isInvalid).map(({ session }) => session);
  const sessions = parts
    .filter((part) => !isInvalid(part))
    .map(({ session, playedSeconds }) => ({ ...session, playedSeconds }));
  return {
    sessions,
    invalid,
    invalidSessions: new Set(invalid.map(({ key }) => key)).size,
    strayEvents,
    errors: errors.sorted(),
    summary: tally.summary(),
    organizations: [...organizations].toSorted(),
    simulated: sessions.some(({ key }) => isSimulatedId(key)),
  };
}

function organizationOf({ events }: Session): string {
  return guidKey(events.find(({ organizationId }) => organizationId !== null)?.organizationId ?? '');
}
