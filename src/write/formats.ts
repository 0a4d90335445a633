import { stringify } from 'csv-stringify/sync';
import { isJsonObject } from '../wire/shape.js';
import { EVENT_COLUMNS } from './events.js';
import { jsonText } from './json-text.js';

/** How a format writes a stream of events. */
export interface EventFormat {
  readonly head: string;
  /** @param first Whether it is the first event that is written. */
  readonly event: (value: unknown, first: boolean) => string;
  /** @param empty Whether no event was written. */
  readonly tail: (empty: boolean) => string;
}

const ndjson: EventFormat = {
  head: '',
  event: (value) => `${jsonText(value)}\n`,
  tail: () => '',
};

const json: EventFormat = {
  head: '[',
  event: (value, first) => `${first ? '\n' : ',\n'}${jsonText(value)}`,
  tail: (empty) => (empty ? ']\n' : '\n]\n'),
};

const csv: EventFormat = {
  head: stringify([[...EVENT_COLUMNS]]),
  event: (value) =>
    stringify([EVENT_COLUMNS.map((column) => cell(isJsonObject(value) ? value[column] : undefined))]),
  tail: () => '',
};

/** The formats that write events one after the other. */
export const EVENT_FORMATS = { ndjson, json, csv } as const satisfies Record<string, EventFormat>;

export const OUTPUT_FORMATS = ['ndjson', 'json', 'csv', 'bodies'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : jsonText(value);
}
