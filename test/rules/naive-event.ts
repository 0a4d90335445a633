import {
  FIELDS,
  has,
  IDS,
  isGuid,
  isObject,
  type Json,
  lower,
  type NaiveSettings,
  pointerTo,
  unknownProperties,
  ZEROS,
} from './naive-json.js';

/** An event where it stands. */
export interface NaiveEvent {
  readonly value: Json;
  readonly input: number;
  readonly request: number | null;
  /** JSON pointer of the event in its input. */
  readonly path: string;
  /** Not of a request body. */
  readonly bare: boolean;
}

/** The catalogue's event rules of default severity error: one met keeps the session rules from its session. */
const EVENT_ERRORS = [
  'missing-field',
  'field-type',
  'guid-format',
  'guid-empty',
  'session-id-shared',
  'clip-id-shared',
  'type-unknown',
  'position-range',
  'seq-range',
  'timestamp-unit',
];

/** What the Event table of the catalogue says of one event; paths are below the event. */
export function naiveEventRules(
  event: NaiveEvent,
  settings: { now: number },
): { rule: string; path: string }[] {
  const found: { rule: string; path: string }[] = [];
  const report = (rule: string, path: string) => found.push({ rule, path });
  const { value } = event;
  if (!isObject(value)) return [{ rule: 'field-type', path: '' }];

  for (const field of FIELDS) {
    const wanted = [...IDS, 'Type'].includes(field) ? 'string' : 'number';
    const isRight = typeof value[field] === wanted;
    if (!has(value, field)) report('missing-field', '');
    else if (!isRight) report('field-type', `/${field}`);
    else if (IDS.includes(field) && !isGuid(value[field])) report('guid-format', `/${field}`);
    else if (IDS.includes(field) && value[field] === ZEROS) report('guid-empty', `/${field}`);
  }
  if (event.bare && has(value, 'Source') && typeof value.Source !== 'string') report('field-type', '/Source');

  if (isGuid(value.SessionId)) {
    const others = [value.ClipId, value.OrganizationId].filter(isGuid).map(lower);
    if (others.includes(lower(value.SessionId))) report('session-id-shared', '/SessionId');
  }
  if (isGuid(value.ClipId) && isGuid(value.OrganizationId)) {
    if (lower(value.ClipId) === lower(value.OrganizationId)) report('clip-id-shared', '/ClipId');
  }
  const { Type: type, Position: position, SeqNumber: seqNumber, Timestamp: timestamp } = value;
  if (typeof type === 'string' && type !== 'Start' && type !== 'Stop') report('type-unknown', '/Type');
  if (typeof position === 'number' && !(position >= 0 && position < Number.POSITIVE_INFINITY)) {
    report('position-range', '/Position');
  }
  if (typeof seqNumber === 'number' && !(Number.isInteger(seqNumber) && seqNumber >= 1)) {
    report('seq-range', '/SeqNumber');
  }
  if (typeof timestamp === 'number') {
    if (timestamp < 1e9 || timestamp >= 1e11) report('timestamp-unit', '/Timestamp');
    else {
      if (!Number.isInteger(timestamp)) report('timestamp-fraction', '/Timestamp');
      if (timestamp > settings.now + 300) report('timestamp-future', '/Timestamp');
    }
  }
  for (const key of unknownProperties(value, FIELDS, event.bare ? ['Source'] : [])) {
    report('unknown-property', pointerTo(key));
  }
  return found;
}

/** Whether the event meets the condition of an event rule whose default severity is error. */
export function isBroken(event: NaiveEvent, settings: NaiveSettings): boolean {
  return naiveEventRules(event, settings).some(({ rule }) => EVENT_ERRORS.includes(rule));
}
