import { ABSENT_FLAG, type EventBatch, ID_WORDS, type IdName } from '../domain/event-batch.js';
import type { RuleId, Severity } from '../domain/finding.js';
import { readGuid } from '../domain/guid.js';
import type { Exchange } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import type { RuleGuide } from '../guide/guide.js';
import type { ShapeFault } from '../wire/event.js';
import type { JsonObject } from '../wire/json.js';
import { pointerTo, shown } from './words.js';

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

/** A problem of a JSON value: the JSON pointer below the event or body that was checked. */
export interface ValueProblem extends Problem {
  readonly pointer: string;
}

/** Reports a problem of event `i` of a batch: where it stands below the event, and what is wrong, made only where it is told. */
export type ReportEvent = (i: number, pointer: string, problem: () => Problem) => void;

/** Reports a problem of a session at its event `i`. */
export type ReportSession = (i: number, problem: () => Problem) => void;

interface RuleBase {
  readonly id: RuleId;
  readonly severity: Severity;
  /** What the rule finds, in a few words: `Position is negative or not finite`. */
  readonly title: string;
  /** Why it matters, resting on what the document says; what is inferred is called so. */
  readonly why: string;
  /** What usually causes it and how to fix the player. The hint of a finding that has none of its own. */
  readonly mend: string;
  /** The points of the API contract that it rests on, as `docs/rules.md` writes them; empty for `syntax`. */
  readonly reference: string;
  /** What `omny-consume rules ID` says besides. A function: nothing that checks data needs these texts and examples. */
  readonly guide: () => RuleGuide;
}

/** An event that columns do not say whole, as the rules about its JSON value see it. */
export interface RawEventUnderCheck {
  /** The JSON value, whatever it is. */
  readonly value: unknown;
  /** The value where it is an object, else null. */
  readonly fields: JsonObject | null;
  /** What the event's definition says of its seven fields. */
  readonly faults: readonly ShapeFault[];
  /** A bare event, which may carry a `Source` of its own. */
  readonly bare: boolean;
}

/** How what a request holds of a session stands to what earlier requests of the input held of the same SessionId. */
export type Occurrence = 'first' | 'resent' | 'split';

/** A Stop that a session seen before has too, at the same time and place. */
export interface Leak {
  /** The event of this session. */
  readonly at: number;
  /** The SessionId of the session seen before, in lower case. */
  readonly from: string;
}

/** What one request holds of a session, or a session of bare events. */
export interface SessionPart {
  readonly session: Session;
  readonly occurrence: Occurrence;
  /** Whether an earlier request that held the same of it was answered `Enabled: true`; false where the input does not tell. */
  readonly delivered: boolean;
  /** At most one for each pair of sessions; none where the input is no traffic of one player. */
  readonly leaks: readonly Leak[];
}

/** A request body as the request rules see it. */
export interface RequestUnderCheck {
  /** The JSON value, whatever it is. */
  readonly value: unknown;
  /** The value where it is an object, else null. What its `Events` hold is in the sessions. */
  readonly body: JsonObject | null;
  /** The organization it is for: the URL's where that is known, else the first well-formed one of its events; null where there is none. */
  readonly organizationId: string | null;
  /** How it went over the wire; null where the input is bodies alone. */
  readonly exchange: Exchange | null;
  /** Unix seconds at which that organization was first answered `Enabled: false`, on the same page; null where it never was. */
  readonly disabledAt: number | null;
}

export interface SyntaxRule extends RuleBase {
  readonly level: 'syntax';
}

/** A rule about the values of single events, as columns hold them. */
export interface ColumnRule extends RuleBase {
  readonly level: 'event';
  readonly sees: 'columns';
  /** Looks at the events of a batch from `from`, up to `to`. */
  check(events: EventBatch, from: number, to: number, report: ReportEvent, settings: RuleSettings): void;
  /** Looks at what a request holds of a session, by when the request began, in unix seconds before now. */
  checkSent?(session: Session, beganAt: number, report: ReportSession): void;
}

/** A rule about how an event is written: it looks only at those that columns do not say whole. */
export interface RawRule extends RuleBase {
  readonly level: 'event';
  readonly sees: 'json';
  check(event: RawEventUnderCheck, report: (problem: ValueProblem) => void): void;
  /** Where the same holds for the properties of a request body. */
  checkBody?(body: JsonObject, report: (problem: ValueProblem) => void): void;
}

export type EventRule = ColumnRule | RawRule;

export interface RequestRule extends RuleBase {
  readonly level: 'request';
  /** It is about how a request went, not about what it holds: no reason not to send the sessions again, in requests of our own. */
  readonly ofTransport?: true;
  /** Rules that, where they fired for a session, keep this one from it. */
  readonly unless?: readonly RuleId[];
  /** It may also find something in a session of bare events, whether or not a request holds more of it. */
  readonly ofBareSessions?: true;
  /** Problems of the body itself. */
  check?(request: RequestUnderCheck, report: (problem: ValueProblem) => void): void;
  /** Problems of one session: what a request holds of it, or (`request` null) a session of bare events. */
  checkSession?(part: SessionPart, report: ReportSession, request: RequestUnderCheck | null): void;
}

/**
 * A rule about a session as a whole. `needs` says which sessions it can judge: `ids`, all; `valid`, those whose events are all valid; `order`,
 * those of them in which no SeqNumber stands twice, so that `session.listening` is known.
 */
export interface SessionRule extends RuleBase {
  readonly level: 'session';
  readonly needs: 'ids' | 'valid' | 'order';
  /** Rules that, where they fired for the session, keep this one from it. */
  readonly unless?: readonly RuleId[];
  check(session: Session, report: ReportSession, settings: RuleSettings): void;
}

/** A rule about a table as a whole, which its reader judges. */
export interface TableRule extends RuleBase {
  readonly level: 'table';
}

export type Rule = SyntaxRule | TableRule | EventRule | RequestRule | SessionRule;

/** Holds a rule to the contract, and keeps its own id and level in its type. */
export function defineRule<const R extends Rule>(rule: R): R {
  return rule;
}

/** The check of a rule about sessions that already stood in an earlier request. */
export function occurrenceCheck(
  fires: (part: SessionPart) => boolean,
  problem: (sessionId: string) => Problem,
): NonNullable<RequestRule['checkSession']> {
  return (part, report) => {
    if (fires(part)) report(0, () => problem(part.session.idOf(0, 'session') ?? part.session.key));
  };
}

/** An id that changes within a session: at which event, and both ids as written. */
export interface IdChange {
  readonly at: number;
  readonly first: () => string;
  readonly other: () => string;
}

/** The first event, in order of SeqNumber, whose id is another than that of the first event that has one. */
export function firstChange(session: Session, name: IdName): IdChange | undefined {
  if (!session.mixed) return undefined;
  let first = -1;
  for (let at = 0; at < session.count; at += 1) {
    if ((session.flags[at]! & ABSENT_FLAG[name]) !== 0) continue;
    if (first < 0) first = at;
    if (session.hasSameId(first, at, name)) continue;
    const of = first;
    return { at, first: () => session.idOf(of, name)!, other: () => session.idOf(at, name)! };
  }
  return undefined;
}

/** The checks of a rule about the Source: a body's, or the first that fires of those a bare session carries. */
export function sourceChecks(
  fires: (source: string) => boolean,
  expected: string,
): Required<Pick<RequestRule, 'check' | 'checkSession' | 'ofBareSessions'>> {
  return {
    ofBareSessions: true,
    check({ body }, report) {
      const source = body?.Source;
      if (typeof source === 'string' && fires(source)) {
        report({ pointer: pointerTo('Source'), expected, received: shown(source) });
      }
    },
    checkSession({ session }, report, request) {
      if (request) return;
      // Where the events do not differ, the first says it of all.
      const last = session.mixed ? session.count : 1;
      for (let at = 0; at < last; at += 1) {
        const source = session.sourceOf(at);
        if (source === undefined || !fires(source)) continue;
        report(at, () => ({ expected, received: shown(source) }));
        return;
      }
    },
  };
}

/** Milliseconds of clock between a session's Starts and Stops, where that was not derived from the audio. */
export function observedClockMs(session: Session): number {
  const { intervalCount, intervalStops, kept, clockMs } = session.listening;
  let sumMs = 0;
  for (let n = 0; n < intervalCount; n += 1)
    if (!session.hasDerivedClock(kept[intervalStops[n]!]!)) sumMs += Math.max(0, clockMs[n]!);
  return sumMs;
}

/** Seconds that a session's clip lasts, by `--clips` or its row; NaN where that is not known. */
export function clipDurationOf(
  session: Session,
  { clipDurations }: Pick<RuleSettings, 'clipDurations'>,
): number {
  if (clipDurations.size === 0) return session.clipDuration ?? Number.NaN;
  return clipDurations.get(readGuid(session.ids, ID_WORDS.clip)) ?? session.clipDuration ?? Number.NaN;
}
