import type { Finding } from '../domain/finding.js';
import type { InputOpened } from '../domain/record.js';
import type { Session, SessionEvent } from '../domain/session.js';
import type { Standing } from '../rules/define.js';
import type { Rows } from '../sessions/rows.js';

/** A session with the verdict on it. */
export interface InspectedSession {
  readonly kind: 'session';
  readonly session: Session;
  /**
   * Whether it, or the request that holds it, has a finding of severity error (one about how the request went aside). A first part is told before a later request turns out to
   * split it: look at `standing` of later parts too.
   */
  readonly invalid: boolean;
  /** Whether it has an event- or session-level finding of severity error itself, whatever is wrong with its request. */
  readonly unsound: boolean;
  readonly standing: Standing;
  /** Seconds of audio played; null where the intervals are not known (broken events, or a SeqNumber that stands twice). */
  readonly playedSeconds: number | null;
  /** The host that answered its request with `Enabled: true`; absent where the input does not tell of one. */
  readonly deliveredTo?: string | undefined;
}

/** An event that joins no session: its SessionId is unusable, or it is no object. */
export interface StrayEvent {
  readonly kind: 'stray';
  readonly event: SessionEvent;
}

/** A session that `within` keeps out: it is in no count, and nothing is told of what was found in it. */
export interface KeptOutSession {
  readonly kind: 'kept-out';
  readonly session: Session;
  readonly standing: Standing;
}

/** Sessions of bare events, or of a request, counted instead of told one by one. What was found in some of them is told. */
export interface CountedSessions {
  readonly kind: 'counted';
  /** How many more `within` keeps out. */
  readonly keptOut: number;
  readonly sessions: number;
  readonly events: number;
  readonly playedMs: number;
}

/** A session of bare events in which no error is found, or one that `within` keeps out, as its rows: they hold until the next thing is asked for. */
export interface InspectedRows {
  readonly kind: 'sound-rows' | 'kept-out-rows';
  /** In order of SeqNumber; those of a sound session have one ClipId, one OrganizationId and one Source, those of one kept out one OrganizationId. */
  readonly rows: Rows;
  /** Of a sound session. */
  readonly playedMs: number;
}

/** A request that has been read. */
export interface InspectedRequest {
  readonly kind: 'request';
  /** Which one of the run, from 0. */
  readonly number: number;
}

export interface InspectedFinding {
  readonly kind: 'finding';
  readonly finding: Finding;
}

/** What inspection tells of an input, one thing at a time, in input order where it can: sessions of bare events come at the end. */
export type Inspected =
  | InputOpened
  | InspectedFinding
  | InspectedSession
  | KeptOutSession
  | CountedSessions
  | StrayEvent
  | InspectedRequest;

/** Findings as part of what inspection tells. */
export function asInspected(findings: readonly Finding[]): InspectedFinding[] {
  return findings.map((finding) => ({ kind: 'finding', finding }));
}
