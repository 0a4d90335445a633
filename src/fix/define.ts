import type { RuleId } from '../domain/finding.js';
import type { Place } from '../domain/place.js';
import type { JsonObject } from '../wire/shape.js';
import type { Judged } from './judge.js';

/** An event on its way to be mended. */
export interface FixEvent {
  /** As it stands now: its JSON value, Source and all. */
  readonly fields: JsonObject;
  readonly place: Place;
}

/** One thing that was changed. */
export interface Change {
  /** The rule that found it wrong. */
  readonly rule: RuleId;
  /** What was done: `field renamed`, `exact repeat dropped`. */
  readonly what: string;
  readonly place: Place;
  readonly sessionId: string | null;
  /** The value that was there; null where there was none. */
  readonly before: unknown;
  /** The value that is there now; null where there is none. */
  readonly after: unknown;
}

/** A session after something was changed in it. */
export interface Mended {
  readonly events: readonly FixEvent[];
  readonly changes: readonly Change[];
}

export interface MendSettings {
  /** The latest Timestamp that is none of the future, in unix seconds. */
  readonly latest: number;
  /** Whether sessions that end with a Start are to be closed. */
  readonly closeOpen: boolean;
  /** Whether the numbers of an earlier part of the session were raised by one. */
  readonly raised: boolean;
}

/** Mends what one rule finds wrong with a session, where what was meant is certain. */
export interface Mend {
  readonly rule: RuleId;
  /** Null where there is nothing to mend, or it is not certain. */
  mend(session: Judged, settings: MendSettings): Mended | null;
}

/** Mends how an event is written, before it is known which session it belongs to. */
export interface Spelling {
  readonly rule: RuleId;
  /** Null where there is nothing to mend. */
  spell(event: JsonObject): { readonly event: JsonObject; readonly changes: readonly Respelled[] } | null;
}

/** A word that is written as it is documented now. */
export interface Respelled {
  readonly rule: RuleId;
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** Holds a mend to the contract. */
export function defineMend<const M extends Mend | Spelling>(mend: M): M {
  return mend;
}

/** Each event with another number in a field. */
export function changeEach(
  rule: RuleId,
  what: string,
  field: string,
  events: readonly FixEvent[],
  newValue: (fields: JsonObject) => number,
): Mended {
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
