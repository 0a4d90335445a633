import { ABSENT_FLAG, type EventBatch, ID_WORDS, type IdName } from '../domain/event-batch.js';
import type { RuleId, Severity } from '../domain/finding.js';
import { readGuid } from '../domain/guid.js';
import type { Exchange } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import type { RuleGuide } from '../guide/guide.js';
import type { ShapeFault } from '../wire/event.js';
import type { JsonObject } from '../wire/json.js';
import { pointerTo, shown } from './words.js';

/** The settings that the rules' conditions use. */
export interface RuleSettings {
  /** The current time in unix seconds. */
  readonly now: number;
  /** A session with fewer seconds played is too short. */
  readonly minDuration: number;
  /** The highest playback speed to accept, as a factor. */
  readonly maxSpeed: number;
  /** Clip durations in seconds by ClipId in lower case. */
  readonly clipDurations: ReadonlyMap<string, number>;
}

/**
 * What a rule found: what was expected, what was received, and a hint if the rule's `mend` is not specific enough.
 */
export interface Problem {
  readonly expected: string;
  readonly received: string;
  readonly hint?: string;
  /** The point of the contract, if the rule is based on several: `API-11`. */
  readonly reference?: string;
}

/** A problem of a JSON value, with the JSON pointer inside the event or body. */
export interface ValueProblem extends Problem {
  readonly pointer: string;
}

/** Reports a problem of event `i` of a batch. The texts are made only if the finding is listed. */
export type ReportEvent = (i: number, pointer: string, problem: () => Problem) => void;

/** Reports a problem of a session at its event `i`. */
export type ReportSession = (i: number, problem: () => Problem) => void;

interface RuleBase {
  readonly id: RuleId;
  readonly severity: Severity;
  /** What the rule finds, in a few words: `Position is negative or not finite`. */
  readonly title: string;
  /** Why it matters, by the words of the document. What is inferred is marked as such. */
  readonly why: string;
  /** What usually causes it and how to fix the player. The hint of findings that have no own hint. */
  readonly mend: string;
  /** The points of the API contract, as `docs/rules.md` writes them; empty for `syntax`. */
  readonly reference: string;
  /** The rest of `omny-consume rules ID`. A function, because checking data does not need these texts. */
  readonly guide: () => RuleGuide;
}

/** An event with a raw JSON value, as the rules about its JSON see it. */
export interface RawEventUnderCheck {
  /** The JSON value, of any type. */
  readonly value: unknown;
  /** The value if it is an object, else null. */
  readonly fields: JsonObject | null;
  /** The faults in its seven fields, by the event's definition. */
  readonly faults: readonly ShapeFault[];
  /** Whether it is a bare event, which can have its own `Source`. */
  readonly bare: boolean;
}

/** Whether a request's part of a session is the first of its SessionId, repeats it, or holds other events. */
export type Occurrence = 'first' | 'resent' | 'split';

/** A Stop that an earlier session also has, at the same time and position. */
export interface Leak {
  /** The event of this session. */
  readonly at: number;
  /** The SessionId of the earlier session, in lower case. */
  readonly from: string;
}

/** The events of a session in one request, or a session of bare events. */
export interface SessionPart {
  readonly session: Session;
  readonly occurrence: Occurrence;
  /**
   * Whether an earlier request with the same events was answered `Enabled: true`; false if the input does not say.
   */
  readonly delivered: boolean;
  /** At most one per pair of sessions; none if the input is not one player's traffic. */
  readonly leaks: readonly Leak[];
}

/** A request body as the request rules see it. */
export interface RequestUnderCheck {
  /** The JSON value, of any type. */
  readonly value: unknown;
  /** The value if it is an object, else null. Its `Events` are in the sessions. */
  readonly body: JsonObject | null;
  /**
   * The request's organization: from the URL if it is known, else the first well-formed one of its events; null
   * without one.
   */
  readonly organizationId: string | null;
  /** The HTTP exchange; null if the input holds only bodies. */
  readonly exchange: Exchange | null;
  /**
   * When that organization was first answered `Enabled: false` on the same page, in unix seconds; null if it never
   * was.
   */
  readonly disabledAt: number | null;
}

export interface SyntaxRule extends RuleBase {
  readonly level: 'syntax';
}

/** A rule about values of single events in columns. */
export interface ColumnRule extends RuleBase {
  readonly level: 'event';
  readonly sees: 'columns';
  /** Checks the events of a batch from `from` up to `to`. */
  check(events: EventBatch, from: number, to: number, report: ReportEvent, settings: RuleSettings): void;
  /**
   * Checks a request's part of a session against the time the request started, in unix seconds; called only if that
   * is before now.
   */
  checkSent?(session: Session, beganAt: number, report: ReportSession): void;
}

/** A rule about the JSON of an event. It checks only events with a raw value. */
export interface RawRule extends RuleBase {
  readonly level: 'event';
  readonly sees: 'json';
  check(event: RawEventUnderCheck, report: (problem: ValueProblem) => void): void;
  /** The same check for the properties of a request body. */
  checkBody?(body: JsonObject, report: (problem: ValueProblem) => void): void;
}

export type EventRule = ColumnRule | RawRule;

export interface RequestRule extends RuleBase {
  readonly level: 'request';
  /** The rule is about the request itself, not its content: its sessions can still be sent in new requests. */
  readonly ofTransport?: true;
  /** Rules that suppress this one in the sessions where they fired. */
  readonly unless?: readonly RuleId[];
  /** The rule also applies to sessions of bare events. */
  readonly ofBareSessions?: true;
  /** Checks the body itself. */
  check?(request: RequestUnderCheck, report: (problem: ValueProblem) => void): void;
  /** Checks one session: its part in a request, or, if `request` is null, a session of bare events. */
  checkSession?(part: SessionPart, report: ReportSession, request: RequestUnderCheck | null): void;
}

/**
 * A rule about a session as a whole. `needs` says which sessions it can check: `ids`, all; `valid`, those whose events are all
 * valid; `order`, those whose events are all valid and have different SeqNumbers, so that `session.listening` is known.
 */
export interface SessionRule extends RuleBase {
  readonly level: 'session';
  readonly needs: 'ids' | 'valid' | 'order';
  /** Rules that suppress this one in the sessions where they fired. */
  readonly unless?: readonly RuleId[];
  check(session: Session, report: ReportSession, settings: RuleSettings): void;
}

/** A rule about a table as a whole. The table's reader checks it. */
export interface TableRule extends RuleBase {
  readonly level: 'table';
}

export type Rule = SyntaxRule | TableRule | EventRule | RequestRule | SessionRule;

/** Returns the rule unchanged. Checks its type, which keeps the exact id and level. */
export function defineRule<const R extends Rule>(rule: R): R {
  return rule;
}

/** The check of a rule about sessions that were already in an earlier request. */
export function occurrenceCheck(
  fires: (part: SessionPart) => boolean,
  problem: (sessionId: string) => Problem,
): NonNullable<RequestRule['checkSession']> {
  return (part, report) => {
    if (fires(part)) report(0, () => problem(part.session.idOf(0, 'session') ?? part.session.key));
  };
}

/** An id that changes within a session: the event, and both ids as written. */
export interface IdChange {
  readonly at: number;
  readonly first: () => string;
  readonly other: () => string;
}

/** The first event, by SeqNumber, whose id differs from the first known id. */
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

/** The checks of a rule about the Source: of a body, or of bare events (the first that fires). */
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
      // If all events have the same Source, the first stands for all of them.
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

/** The milliseconds of clock between a session's Starts and Stops that were not derived from the audio. */
export function observedClockMs(session: Session): number {
  const { intervalCount, intervalStops, kept, clockMs } = session.listening;
  let sumMs = 0;
  for (let n = 0; n < intervalCount; n += 1)
    if (!session.hasDerivedClock(kept[intervalStops[n]!]!)) sumMs += Math.max(0, clockMs[n]!);
  return sumMs;
}

/** The duration of a session's clip in seconds, from `--clips` or its row; NaN if it is unknown. */
export function clipDurationOf(
  session: Session,
  { clipDurations }: Pick<RuleSettings, 'clipDurations'>,
): number {
  if (clipDurations.size === 0) return session.clipDuration ?? Number.NaN;
  return clipDurations.get(readGuid(session.ids, ID_WORDS.clip)) ?? session.clipDuration ?? Number.NaN;
}
