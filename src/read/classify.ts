import type { Place } from '../domain/place.js';
import type { InputRecord, Locate } from '../domain/record.js';
import { EVENT_FIELDS } from '../wire/event.js';
import { isJsonObject } from '../wire/shape.js';

const EVENT_NAMES: ReadonlySet<string> = new Set(EVENT_FIELDS.map((field) => field.toLowerCase()));

/**
 * Tells what a JSON value of an input stands for: an object with `Events` is a request body, else one with any of the seven event fields,
 * whatever their case, is an event; anything else counts as a body. The elements of an array are told apart the same way.
 */
export function classify(value: unknown, place: Place, locate: Locate): InputRecord[] {
  if (Array.isArray(value) && place.pointer === '') {
    return value.map((element: unknown, i) =>
      recordOf(element, { ...place, pointer: `/${i}`, ...locate(`/${i}`) }, (below) =>
        locate(`/${i}${below}`),
      ),
    );
  }
  return [recordOf(value, place, locate)];
}

function recordOf(value: unknown, place: Place, locate: Locate): InputRecord {
  return { kind: looksLikeEvent(value) ? 'event' : 'request', value, place, locate };
}

function looksLikeEvent(value: unknown): boolean {
  if (!isJsonObject(value) || Object.hasOwn(value, 'Events')) return false;
  return Object.keys(value).some((name) => EVENT_NAMES.has(name.toLowerCase()));
}
