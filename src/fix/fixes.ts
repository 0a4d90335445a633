import type { RuleId } from '../domain/finding.js';
import { guidKey, isGuid } from '../domain/guid.js';
import type { Place } from '../domain/place.js';
import type { Session } from '../domain/session.js';
import { clipDurationOf } from '../rules/define.js';
import type { FiredRules } from '../validate/findings.js';
import { wireEvent } from '../wire/event-columns.js';
import type { JsonObject } from '../wire/json.js';

/** An event that is being fixed. */
export interface FixEvent {
  /** Its current JSON value, including Source. */
  readonly fields: JsonObject;
  readonly place: Place;
}

/** What the rules find in some events as one session. Valid until the judge's next call. */
export interface Judged {
  readonly events: readonly FixEvent[];
  /** Every rule that fired. */
  readonly fired: FiredRules;
  /** The events that can be in the session. */
  readonly session: Session;
  /** The other events, which have no usable SessionId. */
  readonly strays: readonly FixEvent[];
}

/** One change. */
export interface Change {
  /** The rule that found the fault. */
  readonly rule: RuleId;
  /** What was changed: `field renamed`, `exact repeat dropped`. */
  readonly what: string;
  readonly place: Place;
  readonly sessionId: string | null;
  /** The value before the change; null without one. */
  readonly before: unknown;
  /** The value after the change; null without one. */
  readonly after: unknown;
}

/** The events of a session after a fix, and the changes. */
export interface Fixed {
  readonly events: readonly FixEvent[];
  readonly changes: readonly Change[];
}

export interface FixSettings {
  /** The latest Timestamp that is not in the future, in unix seconds. */
  readonly latest: number;
  /** Whether to close sessions that end with a Start. */
  readonly closeOpen: boolean;
  /** The known durations of clips in seconds, by ClipId in lower case. */
  readonly clipDurations: ReadonlyMap<string, number>;
  /** Whether the sessions so far show that the input has Positions in milliseconds. */
  readonly milliseconds: 'shown' | 'unknown' | 'not-shown';
}

/** A fix for the findings of one rule in a session. It changes only what has one certain meaning. */
export interface Fix {
  readonly rule: RuleId;
  /**
   * Returns null where there is nothing to fix, or the meaning is not certain; `wait` where another session of the
   * input can make it certain.
   */
  fix(session: Judged, settings: FixSettings): Fixed | 'wait' | null;
}

/** Changes the number in a field of each event. */
function changeEach(
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

/** Drops events that exactly repeat an earlier event. */
export const seqDuplicate: Fix = {
  rule: 'seq-duplicate',
  fix({ events }) {
    const seen = new Set<string>();
    const changes: Change[] = [];
    const kept = events.filter(({ fields, place }) => {
      const text = canonical(fields);
      if (!seen.has(text)) {
        seen.add(text);
        return true;
      }
      const sessionId = sessionIdOf(fields);
      changes.push({
        rule: 'seq-duplicate',
        what: 'exact repeat dropped',
        place,
        sessionId,
        before: fields,
        after: null,
      });
      return false;
    });
    return changes.length === 0 ? null : { events: kept, changes };
  },
};

/** A text that is equal for equal events. The order of properties and the letter case of ids do not matter. */
function canonical(fields: JsonObject): string {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    isGuid(value) ? guidKey(value) : value,
  ]);
  const sorted = entries.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  // 1e999 is read as Infinity, which JSON cannot hold and would write as null.
  return JSON.stringify(sorted, (_, value: unknown) => (isUnbounded(value) ? [String(value)] : value));
}

function isUnbounded(value: unknown): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}

/** Raises each SeqNumber by one, if the numbers have no gap but begin at 0. */
export const seqRange: Fix = {
  rule: 'seq-range',
  fix({ events }) {
    const numbers = wholeNumbers(events);
    if (numbers === null || !isGaplessFromZero(numbers)) return null;
    return changeEach(
      'seq-range',
      'SeqNumber raised by one',
      'SeqNumber',
      events,
      ({ SeqNumber }) => Number(SeqNumber) + 1,
    );
  },
};

function wholeNumbers(events: readonly FixEvent[]): readonly number[] | null {
  const numbers = events.map(({ fields }) => fields.SeqNumber);
  return numbers.every((number): number is number => Number.isSafeInteger(number)) ? numbers : null;
}

function isGaplessFromZero(numbers: readonly number[]): boolean {
  return numbers.toSorted((a, b) => a - b).every((number, i) => number === i);
}

const MIN_POSITION = -1;

/** Sets Positions less than a second before the beginning to 0. Some players report them after a seek to the start. */
export const positionRange: Fix = {
  rule: 'position-range',
  fix({ events, fired }) {
    if (!fired.has('position-range')) return null;
    const isNear = (position: unknown): boolean =>
      typeof position === 'number' && position >= MIN_POSITION && position < 0;
    if (!events.some(({ fields }) => isNear(fields.Position))) return null;
    return changeEach('position-range', 'negative Position set to 0', 'Position', events, (fields) =>
      isNear(fields.Position) ? 0 : (fields.Position as number),
    );
  },
};

const TOLERANCE_SECONDS = 1;

/**
 * Converts Positions to seconds if the rule finds that they are in milliseconds. In a single session, a seek that was
 * not reported can look the same, so a second session or the clip's duration must confirm it.
 */
export const positionUnit: Fix = {
  rule: 'position-unit',
  fix({ events, fired, session }, { milliseconds, clipDurations }) {
    if (!fired.has('position-unit')) return null;
    const farthest = Math.max(...events.map(({ fields }) => Number(fields.Position)));
    const clipDuration = clipDurationOf(session, { clipDurations });
    // If the duration is known, the rule fires only for Positions beyond it.
    if (farthest / 1000 > clipDuration + TOLERANCE_SECONDS) return null;
    if (Number.isNaN(clipDuration) && milliseconds !== 'shown')
      return milliseconds === 'unknown' ? 'wait' : null;
    return changeEach(
      'position-unit',
      'Position from milliseconds to seconds',
      'Position',
      events,
      (fields) => Number(fields.Position) / 1000,
    );
  },
};

const EARLIEST = 1e9;

/** Converts Timestamps to seconds, if all are in milliseconds: divided by 1,000, each must be between 2001 and now. */
export const timestampUnit: Fix = {
  rule: 'timestamp-unit',
  fix({ events }, { latest }) {
    const certain = events.every(({ fields: { Timestamp: time } }) => {
      return typeof time === 'number' && time >= EARLIEST * 1000 && time <= latest * 1000;
    });
    if (!certain) return null;
    return changeEach(
      'timestamp-unit',
      'Timestamp from milliseconds to whole seconds',
      'Timestamp',
      events,
      (fields) => Math.floor(Number(fields.Timestamp) / 1000),
    );
  },
};

/**
 * With `closeOpen`, closes a session that ends with a Start: adds a Stop at the Start's position and time, because no
 * others are known. This adds no played time.
 */
export const sessionOpen: Fix = {
  rule: 'session-open',
  fix({ events, fired, session }, { closeOpen }) {
    const { kept, keptCount, known } = session.listening;
    if (!closeOpen || !fired.has('session-open') || !known) return null;
    const last = kept[keptCount - 1]!;
    const source = session.sourceOf(last);
    const bare = session.request === null && source !== undefined;
    const fields = {
      ...wireEvent(session, last),
      Type: 'Stop',
      SeqNumber: session.seqNumbers[session.count - 1]! + 1,
      ...(bare && { Source: source }),
    };
    const place = session.placeOf(last);
    const sessionId = session.idOf(last, 'session');
    return {
      events: [...events, { fields, place }],
      changes: [{ rule: 'session-open', what: 'Stop added', place, sessionId, before: null, after: fields }],
    };
  },
};
