import type { RuleId } from '../domain/finding.js';
import type { Place } from '../domain/place.js';
import type { Session } from '../domain/session.js';
import type { FiredRules } from '../validate/findings.js';
import type { JsonObject } from '../wire/json.js';

/** An event on its way to be fixed. */
export interface FixEvent {
  /** Its current JSON value, including Source. */
  readonly fields: JsonObject;
  readonly place: Place;
}

/** What the rules say of some events as one session. Holds until the same judge is asked again. */
export interface Judged {
  readonly events: readonly FixEvent[];
  /** Every rule that fired. */
  readonly fired: FiredRules;
  /** The events that a session can be made of. */
  readonly session: Session;
  /** The others: they have no usable SessionId. */
  readonly strays: readonly FixEvent[];
}

/** One thing that was changed. */
export interface Change {
  /** The rule that found it wrong. */
  readonly rule: RuleId;
  /** What was done: `field renamed`, `exact repeat dropped`. */
  readonly what: string;
  readonly place: Place;
  readonly sessionId: string | null;
  /** The value before; null without one. */
  readonly before: unknown;
  /** The value after; null without one. */
  readonly after: unknown;
}

/** A session after something was changed in it. */
export interface Fixed {
  readonly events: readonly FixEvent[];
  readonly changes: readonly Change[];
}

export interface FixSettings {
  /** The latest Timestamp that is not in the future, in unix seconds. */
  readonly latest: number;
  /** Whether to close sessions that end with a Start. */
  readonly closeOpen: boolean;
  /** Seconds that clips last, by ClipId in lower case, as far as they are known beforehand. */
  readonly clipDurations: ReadonlyMap<string, number>;
  /** Whether the input counts Positions in milliseconds, as far as its sessions show. */
  readonly milliseconds: 'shown' | 'unknown' | 'not-shown';
}

/** Fixes what one rule finds wrong with a session, where what was meant is certain. */
export interface Fix {
  readonly rule: RuleId;
  /** Null where there is nothing to fix, or it is not certain; `wait` where another session of the input may make it certain. */
  fix(session: Judged, settings: FixSettings): Fixed | 'wait' | null;
}

/** Each event with another number in a field. */
export function changeEach(
  rule: RuleId,
  what: string,
  field: string,
  events: readonly FixEvent[],
  newValue: (fields: JsonObject) => number,
): Fixed {
  const changes: Change[] = [];
  const changed = events.map(({ fields, place }) => {
    const [before, after] = [fields[field], newValue(fields)];
    if (before !== after) changes.push({ rule, what, place, sessionId: sessionIdOf(fields), before, after });
    return { place, fields: { ...fields, [field]: after } };
  });
  return { events: changed, changes };
}

export function sessionIdOf({ SessionId: id }: JsonObject): string | null {
  return typeof id === 'string' ? id : null;
}
