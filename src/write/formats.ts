import { stringify } from 'csv-stringify/sync';
import { isJsonObject } from '../wire/shape.js';
import { EVENT_COLUMNS, eventJson, eventValue } from './events.js';
import { jsonText } from './json-text.js';
import type { WritableEvent } from './writable.js';

/** How a format writes a stream of events. */
export interface EventFormat {
  readonly head: string;
  /**
   * One event; null where the format has no room for it.
   * @param first Whether it is the first event that is written.
   */
  readonly event: (event: WritableEvent, defaultSource: string | undefined, first: boolean) => string | null;
  /** @param empty Whether no event was written. */
  readonly tail: (empty: boolean) => string;
}

const ndjson: EventFormat = {
  head: '',
  event: (event, defaultSource) => `${eventJson(event, defaultSource)}\n`,
  tail: () => '',
};

const json: EventFormat = {
  head: '[',
  event: (event, defaultSource, first) => `${first ? '\n' : ',\n'}${eventJson(event, defaultSource)}`,
  tail: (empty) => (empty ? ']\n' : '\n]\n'),
};

const csv: EventFormat = {
  head: stringify([[...EVENT_COLUMNS]]),
  event(event, defaultSource) {
    const value = eventValue(event, defaultSource);
    return isJsonObject(value) ? stringify([EVENT_COLUMNS.map((column) => cell(value[column]))]) : null;
  },
  tail: () => '',
};

/** The formats that write events one after the other. */
export const EVENT_FORMATS = { ndjson, json, csv } as const satisfies Record<string, EventFormat>;

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : jsonText(value);
}
