import { EVENT_FIELDS, toWire } from '../wire/event.js';
import { soundEventJson } from '../wire/event-json.js';
import { isJsonObject } from '../wire/shape.js';
import { jsonText } from './json-text.js';
import type { WritableEvent } from './writable.js';

/** The columns and properties of a written event: the seven fields, and the Source, which is ours. */
export const EVENT_COLUMNS = [...EVENT_FIELDS, 'Source'] as const;

/**
 * An event as a JSON value of its own: the seven fields, whatever else it carried, and its Source.
 * @param defaultSource For events that carry none; absent, they get none.
 */
export function eventValue(event: WritableEvent, defaultSource: string | undefined): unknown {
  const value = event.written ?? (event.sound && toWire(event.sound));
  const source = event.source ?? defaultSource;
  if (source === undefined || !isJsonObject(value) || Object.hasOwn(value, 'Source')) return value;
  return { ...value, Source: source };
}

/** `eventValue` as JSON text. */
export function eventJson(event: WritableEvent, defaultSource: string | undefined): string {
  if (!event.sound || event.written !== undefined) return jsonText(eventValue(event, defaultSource));
  const source = event.source ?? defaultSource;
  return soundEventJson(event.sound, source === undefined ? '' : `,"Source":${JSON.stringify(source)}`);
}
