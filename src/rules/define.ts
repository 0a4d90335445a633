import type { RuleId, Severity } from '../domain/finding.js';
import type { Listening } from '../domain/listening.js';
import type { Exchange } from '../domain/record.js';
import type { Session, SessionEvent, SoundEvent, SoundSession } from '../domain/session.js';
import type { JsonObject, ShapeFault } from '../wire/shape.js';

/** What a user can set of the rules' conditions. */
export interface RuleSettings {
  /** Unix seconds that count as now. */
  readonly now: number;
  /** Seconds of played audio under which a session is filtered. */
  readonly minDuration: number;
  /** Fastest playback that is believed, as a factor. */
  readonly maxSpeed: number;
  /** Clip durations in seconds by ClipId in lower case. */
  readonly clipDurations: ReadonlyMap<string, number>;
}

/** A condition met: what was wanted, what was seen, and a hint where the rule's own `mend` does not say it best. */
export interface Problem {
  readonly expected: string;
  readonly received: string;
  readonly hint?: string;
  /** Where this problem rests on one point of several: `API-11`. */
  readonly reference?: string;
}

/** A problem of a value: the JSON pointer below the event or body that was checked. */
export interface ValueProblem extends Problem {
  readonly pointer: string;
}

/** A problem of a session: the event at which it stands. */
export interface SessionProblem extends Problem {
  readonly at: SessionEvent;
}

interface RuleBase {
  readonly id: RuleId;
  readonly severity: Severity;
  /** What the rule finds, in a few words: `Position is negative or not finite`. */
  readonly title: string;
  /** Why it matters, resting on what the document says; what is inferred is called so. */
  readonly why: string;
  /** What usually causes it and how to mend the player. The hint of a finding that has none of its own. */
  readonly mend: string;
  /** The points of the API contract that it rests on, as `rules.md` writes them; empty for `syntax`. */
  readonly reference: string;
}

/** An event as the event rules see it. */
export interface EventUnderCheck {
  /** The JSON value, whatever it is. */
  readonly value: unknown;
  /** The value where it is an object, else null. */
  readonly fields: JsonObject | null;
  /** What the event's definition says of its seven fields. */
  readonly faults: readonly ShapeFault[];
  /** A bare event, which may carry a `Source` of its own. */
  readonly bare: boolean;
}

/** How a session's part stands to what earlier requests of the input held of the same SessionId. */
export type Standing = 'first' | 'resent' | 'split';

/** A Stop that a session seen before has too, at the same time and place. */
export interface Leak {
  readonly at: SessionEvent;
  /** The SessionId of the session seen before, in lower case. */
  readonly from: string;
}

/** One session's part of a request. */
export interface RequestSession {
  readonly session: Session;
  readonly standing: Standing;
  /** Whether an earlier request that held the same of it was answered `Enabled: true`; false where the input does not tell. */
  readonly delivered: boolean;
  /** At most one for each pair of sessions; none where the input is no traffic of one player. */
  readonly leaks: readonly Leak[];
}

/** A request body as the request rules see it. */
export interface RequestUnderCheck {
  /** The JSON value, whatever it is. */
  readonly value: unknown;
  readonly body: JsonObject | null;
  /** The organization it is for: the URL's where that is known, else the first well-formed one of its events; null where there is none. */
  readonly organizationId: string | null;
  /** How it went over the wire; null where the input is bodies alone. */
  readonly exchange: Exchange | null;
  /** Unix seconds at which that organization was first answered `Enabled: false`, on the same page; null where it never was. */
  readonly disabledAt: number | null;
  readonly sessions: readonly RequestSession[];
}

/** A sound session whose order is known, with what was heard. */
export interface OrderedSession {
  readonly session: SoundSession;
  readonly listening: Listening<SoundEvent>;
}

export interface SyntaxRule extends RuleBase {
  readonly level: 'syntax';
}

export interface EventRule extends RuleBase {
  readonly level: 'event';
  check(event: EventUnderCheck, report: (problem: ValueProblem) => void, settings: RuleSettings): void;
  /** Where the same holds for the properties of a request body. */
  checkBody?(body: JsonObject, report: (problem: ValueProblem) => void): void;
}

export interface RequestRule extends RuleBase {
  readonly level: 'request';
  /** It is about how a request went, not about what it holds: no reason not to send the sessions again, in requests of our own. */
  readonly ofTransport?: true;
  /** Rules that, where they fired for a session, keep this one from it. */
  readonly unless?: readonly RuleId[];
  /** Problems of the body itself. */
  check?(request: RequestUnderCheck, report: (problem: ValueProblem) => void): void;
  /** Problems of one session: its part of a request, or (`request` null) a session of bare events. */
  checkSession?(
    part: RequestSession,
    report: (problem: SessionProblem) => void,
    request: RequestUnderCheck | null,
  ): void;
}

interface SessionRuleBase extends RuleBase {
  readonly level: 'session';
  /** Rules that, where they fired for the session, keep this one from it. */
  readonly unless?: readonly RuleId[];
}

/** A rule that compares what stands in single events: also applied where events of the session are broken. */
export interface IdentityRule extends SessionRuleBase {
  readonly needs: 'ids';
  check(session: Session, report: (problem: SessionProblem) => void): void;
}

/** A rule that needs sound events, in whatever order. */
export interface SequenceRule extends SessionRuleBase {
  readonly needs: 'sound';
  check(session: SoundSession, report: (problem: SessionProblem) => void): void;
}

/** A rule that needs sound events whose order is known (no `seq-duplicate`). */
export interface ListeningRule extends SessionRuleBase {
  readonly needs: 'order';
  check(session: OrderedSession, report: (problem: SessionProblem) => void, settings: RuleSettings): void;
}

export type SessionRule = IdentityRule | SequenceRule | ListeningRule;
export type Rule = SyntaxRule | EventRule | RequestRule | SessionRule;

/** Holds a rule to the contract, and keeps its own id and level in its type. */
export function defineRule<const R extends Rule>(rule: R): R {
  return rule;
}
