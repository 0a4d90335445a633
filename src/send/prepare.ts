import type { Finding } from '../domain/finding.js';
import { guidKey, isSimulatedId } from '../domain/guid.js';
import type { InputRecord } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import { FindingList } from '../validate/finding-list.js';
import { inspect } from '../validate/inspect.js';
import type { InspectedSession } from '../validate/inspected.js';
import type { InspectOptions } from '../validate/options.js';
import { type Summary, Tally } from '../validate/tally.js';
import { lastTimestamp } from './paced.js';

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
  /** Sessions that `window` keeps out: they are in no other count. */
  readonly keptOut: number;
  /** Of the whole input, in lower case and sorted. */
  readonly organizations: readonly string[];
  /** Whether a session among those to send was made by `simulate`. */
  readonly simulated: boolean;
}

const MOST_ERRORS = 10_000;

/** Which sessions count, by the time of their last event, in unix seconds. */
export interface Window {
  readonly since: number;
  /** Later ones are kept out: they may still be open. */
  readonly until: number;
}

/** Reads and checks a whole input for `deliver`. */
export async function prepare(
  records: AsyncIterable<readonly InputRecord[]>,
  options: InspectOptions & { readonly window?: Window | undefined },
): Promise<Prepared> {
  const tally = new Tally();
  const { window } = options;
  const errors = new FindingList(window ? 0 : MOST_ERRORS);
  const outside = new Set<string>();
  const outsideInvalid = new Set<string>();
  const parts: InspectedSession[] = [];
  const split = new Set<string>();
  const organizations = new Set<string>();
  let strayEvents = 0;
  for await (const chunk of inspect(records, options)) {
    for (const inspected of chunk) {
      if (inspected.kind === 'session' && window && !isWithin(inspected.session, window)) {
        outside.add(inspected.session.key);
        if (inspected.invalid) outsideInvalid.add(inspected.session.key);
        organizations.add(organizationOf(inspected.session));
        continue;
      }
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
  const found = errors
    .sorted()
    .filter(({ sessionId }) => sessionId === null || !outsideInvalid.has(guidKey(sessionId)));
  const summary = tally.summary();
  return {
    sessions,
    invalid,
    invalidSessions: new Set(invalid.map(({ key }) => key)).size,
    strayEvents,
    errors: found,
    summary: window ? { ...summary, errors: found.length } : summary,
    keptOut: outside.size,
    organizations: [...organizations].toSorted(),
    simulated: sessions.some(({ key }) => isSimulatedId(key)),
  };
}

function organizationOf({ events }: Session): string {
  return guidKey(events.find(({ organizationId }) => organizationId !== null)?.organizationId ?? '');
}

function isWithin(session: Session, { since, until }: Window): boolean {
  const last = lastTimestamp(session);
  return last === Number.NEGATIVE_INFINITY || (last >= since && last <= until);
}
