import { guidKey, isGuid } from '../domain/guid.js';
import { clipDurationOf } from '../rules/define.js';
import { wireEvent } from '../wire/event-columns.js';
import type { JsonObject } from '../wire/json.js';
import { type Change, changeEach, type Fix, type FixEvent, sessionIdOf } from './define.js';

/** Events that say again just what one before says: each is kept once. */
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

/** The same text for the same event, whatever the order of its properties and the letter case of its ids. */
function canonical(fields: JsonObject): string {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    isGuid(value) ? guidKey(value) : value,
  ]);
  const sorted = entries.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  // JSON has no numbers past all bounds, as 1e999 is read: they must not look like null.
  return JSON.stringify(sorted, (_, value: unknown) => (isUnbounded(value) ? [String(value)] : value));
}

function isUnbounded(value: unknown): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}

/** Numbers that are gapless but begin at 0: each is SeqNumber raised by one. */
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

/** Positions less than a second before the beginning: some players report them after a seek to the start. */
export const positionRange: Fix = {
  rule: 'position-range',
  fix({ events, fired }) {
    if (!fired.has('position-range')) return null;
    const isNear = (position: unknown): boolean =>
      typeof position === 'number' && position >= MIN_POSITION && position < 0;
    if (!events.some(({ fields }) => isNear(fields.Position))) return null;
    return changeEach(
      'position-range',
      'Position from before the beginning to 0',
      'Position',
      events,
      (fields) => (isNear(fields.Position) ? 0 : (fields.Position as number)),
    );
  },
};

const TOLERANCE_SECONDS = 1;

/**
 * Positions that the rule finds to be in milliseconds. A seek that was not reported may look the same in one session, so a second one or the
 * clip's duration has to show it.
 */
export const positionUnit: Fix = {
  rule: 'position-unit',
  fix({ events, fired, session }, { milliseconds, clipDurations }) {
    if (!fired.has('position-unit')) return null;
    const farthest = Math.max(...events.map(({ fields }) => Number(fields.Position)));
    const clipDuration = clipDurationOf(session, { clipDurations });
    // Where the duration is known, the rule fires only for Positions past it.
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

/** Times that are all in milliseconds: each is a time between 2001 and now where it is divided by 1,000. */
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
 * Sessions that end with a Start, with `closeOpen`: adds a Stop at that Start's position and time, the only ones
 * known. This adds no listening.
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
