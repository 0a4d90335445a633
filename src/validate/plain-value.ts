import { guidKey, isEmptyGuid, isGuid } from '../domain/guid.js';
import type { RuleSettings } from '../rules/define.js';
import { latestTimestamp } from '../rules/event/timestamp-future.js';
import { EVENT_FIELDS, TIMESTAMPS } from '../wire/event.js';
import type { JsonObject } from '../wire/shape.js';

/*
 * The fast path for an event that is a JSON value already. It only ever says "no event rule finds anything here" or "ask the rules"; a test
 * holds it to what they say. Without it everything is the same, and slower.
 */

/** Whether an event has the seven fields and no others, and plainly nothing is wrong with any. */
export function isPlainlySound(fields: JsonObject, settings: Pick<RuleSettings, 'now'>): boolean {
  const { OrganizationId, ClipId, SessionId, Type, Position, SeqNumber, Timestamp } = fields;
  return (
    Object.keys(fields).length === EVENT_FIELDS.length &&
    (Type === 'Start' || Type === 'Stop') &&
    isFrom(Position, 0) &&
    Number.isInteger(SeqNumber) &&
    isFrom(SeqNumber, 1) &&
    Number.isInteger(Timestamp) &&
    isFrom(Timestamp, TIMESTAMPS.from) &&
    Timestamp < TIMESTAMPS.below &&
    Timestamp <= latestTimestamp(settings) &&
    isId(OrganizationId) &&
    isId(ClipId) &&
    isId(SessionId) &&
    guidKey(SessionId) !== guidKey(ClipId) &&
    guidKey(SessionId) !== guidKey(OrganizationId)
  );
}

function isFrom(value: unknown, least: number): value is number {
  return typeof value === 'number' && value >= least && value < Number.POSITIVE_INFINITY;
}

function isId(value: unknown): value is string {
  return isGuid(value) && !isEmptyGuid(value);
}
