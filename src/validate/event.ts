import { guidKey, isEmptyGuid, isGuid } from '../domain/guid.js';
import type { Place } from '../domain/place.js';
import type { Locate } from '../domain/record.js';
import type { SessionEvent } from '../domain/session.js';
import type { EventUnderCheck } from '../rules/define.js';
import { EVENT_RULES, RULES } from '../rules/index.js';
import { EVENT_FIELDS, fromWire, type WireEvent } from '../wire/event.js';
import { isJsonObject, type JsonObject, shapeFaults } from '../wire/shape.js';
import type { Found } from './found.js';
import { placeBelow } from './place.js';
import { isPlainlySound } from './plain-value.js';

/** An event to be checked, and where it stands. */
export interface RawEvent {
  readonly value: unknown;
  readonly place: Place;
  /** Finds the text behind a pointer below the event. */
  readonly locate: Locate;
  /** A bare event: its `Source`, if it has one, is ours. */
  readonly bare: boolean;
  /** Its SeqNumber is given later, when its session is whole. */
  readonly unnumbered?: boolean | undefined;
  /** The Source of the request that holds it. */
  readonly source?: string | undefined;
  /** The value before it was mended on the way. */
  readonly was?: unknown;
}

/** Applies the event rules, and gives the event as a session holds it. */
export function inspectEvent(raw: RawEvent, found: Found): SessionEvent {
  const { place, locate, bare } = raw;
  const written = isJsonObject(raw.value) ? raw.value : null;
  const fields = written && raw.unnumbered ? { ...written, SeqNumber: 1 } : written;
  const sessionId = idOf(fields, 'SessionId');
  const seqNumber = typeof fields?.SeqNumber === 'number' && !raw.unnumbered ? fields.SeqNumber : null;
  let sound = fields !== null;
  if (!fields || !isPlainlySound(fields, found.options)) {
    const event: EventUnderCheck = {
      value: raw.value,
      fields,
      faults: fields ? shapeFaults(fields) : [],
      bare,
    };
    for (const rule of EVENT_RULES) {
      rule.check(
        event,
        (problem) => {
          if (RULES[rule.id].severity === 'error') sound = false;
          found.add(rule.id, problem, placeBelow(place, problem.pointer, locate), { sessionId, seqNumber });
        },
        found.options,
      );
    }
  }
  const inspected = {
    place,
    organizationId: idOf(fields, 'OrganizationId'),
    clipId: idOf(fields, 'ClipId'),
    sessionId,
    seqNumber,
    source: bare ? textOf(fields?.Source) : raw.source,
    sound: sound ? fromWire(fields as unknown as WireEvent) : null,
    written: sound && !hasMore(fields, bare) ? undefined : raw.value,
  };
  return raw.was === undefined ? inspected : { ...inspected, was: raw.was };
}

/** The form in which an event's SessionId is compared; null where it is unusable: no GUID, or all zeros. */
export function sessionKeyOf(value: unknown): string | null {
  const id = isJsonObject(value) ? idOf(value, 'SessionId') : null;
  return id === null || isEmptyGuid(id) ? null : guidKey(id);
}

function idOf(fields: JsonObject | null, field: 'OrganizationId' | 'ClipId' | 'SessionId'): string | null {
  const id = fields?.[field];
  return isGuid(id) ? id : null;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function hasMore(fields: JsonObject | null, bare: boolean): boolean {
  const names = Object.keys(fields ?? {});
  const ours = bare && names.includes('Source') ? 1 : 0;
  return names.length > EVENT_FIELDS.length + ours;
}
