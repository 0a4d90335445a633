import type { Finding } from '../domain/finding.js';
import type { Place } from '../domain/place.js';
import type { InputOpened, Loss, TableRecord } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import type { Occurrence } from '../rules/define.js';

/** A session with the verdict on it. */
export interface InspectedSession {
  readonly kind: 'session';
  /** Holds until the next thing is asked for. */
  readonly session: Session;
  /**
   * Whether it, or the request that holds it, has a finding of severity error (one about how the request went aside). A first part is told before
   * a later request turns out to split it: look at `occurrence` of later parts too.
   */
  readonly invalid: boolean;
  /** Whether it has an event- or session-level finding of severity error itself, whatever is wrong with its request. */
  readonly unsound: boolean;
  readonly occurrence: Occurrence;
  /** Whether the unit of its positions is right, as far as rules can tell: else what was played is in no sum. */
  readonly unitCertain: boolean;
  /** Milliseconds of audio played; null where the intervals are not known (an event is not valid, or a SeqNumber stands twice). */
  readonly playedMs: number | null;
  /** The host that answered its request with `Enabled: true`; undefined where the input does not tell of one. */
  readonly deliveredTo: string | undefined;
}

/** An event that joins no session, since its SessionId is unusable or it is no object. */
export interface StrayEvent {
  readonly kind: 'stray';
  /** The event, as a session of one. Holds until the next thing is asked for. */
  readonly event: Session;
}

/** A session that `within` keeps out: it is in no count, and nothing is told of what was found in it. */
export interface KeptOutSession {
  readonly kind: 'kept-out';
  /** Holds until the next thing is asked for. */
  readonly session: Session;
  readonly occurrence: Occurrence;
}

/** A document, line or row that could not be read. Its finding `syntax` comes besides, where the rule is not off. */
export interface UnreadablePlace {
  readonly kind: 'unreadable';
  readonly place: Place;
  readonly loss: Loss;
  /** The line or row as it stood; undefined where that is not known. */
  readonly text: string | undefined;
}

/** A table's header has been read; its rows follow. */
export interface InspectedTable {
  readonly kind: 'table';
  readonly table: TableRecord;
}

/** A request that has been read. */
export interface InspectedRequest {
  readonly kind: 'request';
  /** Which one of the run, from 0. */
  readonly number: number;
}

export interface InspectedFinding {
  readonly kind: 'finding';
  /** Holds until the next thing is asked for; `settle` makes it last. */
  readonly finding: Finding;
}

/** What inspection tells of an input, one thing at a time, in input order where it can: sessions of bare events come at the end. */
export type Inspected =
  | InputOpened
  | InspectedFinding
  | InspectedSession
  | KeptOutSession
  | StrayEvent
  | UnreadablePlace
  | InspectedTable
  | InspectedRequest;
