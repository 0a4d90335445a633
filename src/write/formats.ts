import { stringify } from 'csv-stringify/sync';
import { EVENT_FIELDS } from '../wire/event.js';
import { isJsonObject, jsonText } from '../wire/json.js';
import type { OutputFormat } from './output-formats.js';

/** The columns and properties of a written event: the seven fields, and the Source, which this program adds. */
export const EVENT_COLUMNS = [...EVENT_FIELDS, 'Source'] as const;

/** The formats that write events one after the other. */
export type EventFormat = Exclude<OutputFormat, 'bodies'>;

/** How events are written: the text around their values. */
export interface EventLayout {
  /** The text before the first event, and before each other event. */
  readonly first: string;
  readonly between: string;
  /** The texts before the OrganizationId, the ClipId and the SessionId. */
  readonly ids: readonly [string, string, string];
  /** The texts between the SessionId and the Position, with the Type in them. */
  readonly start: string;
  readonly stop: string;
  readonly seqNumber: string;
  readonly timestamp: string;
  /** The text after the Timestamp, with the Source of the event if it has one. */
  end(source: string | undefined): string;
  /** The text of an event that is given as a JSON value; null where the format cannot hold it. */
  value(value: unknown): string | null;
  /** Whether a Source is written with each event; in a request body it is next to the events. */
  readonly sourced: boolean;
}

/** A file of events. */
export interface EventFile extends EventLayout {
  readonly head: string;
  /** @param empty Whether no event was written. */
  tail(empty: boolean): string;
}

const json = {
  ids: ['{"OrganizationId":"', '","ClipId":"', '","SessionId":"'],
  start: '","Type":"Start","Position":',
  stop: '","Type":"Stop","Position":',
  seqNumber: ',"SeqNumber":',
  timestamp: ',"Timestamp":',
  value: jsonText,
  end: (source) => (source === undefined ? '}' : `,"Source":${JSON.stringify(source)}}`),
  sourced: true,
} as const satisfies Partial<EventLayout>;

/** The events of a request body. */
export const BODY_EVENTS: EventLayout = { ...json, first: '', between: ',', sourced: false };

/** The files that hold events one after the other. */
export const EVENT_FILES: Readonly<Record<EventFormat, EventFile>> = {
  ndjson: {
    ...json,
    first: '',
    between: '',
    end: (source) => `${json.end(source)}\n`,
    value: (value) => `${jsonText(value)}\n`,
    head: '',
    tail: () => '',
  },
  json: { ...json, first: '\n', between: ',\n', head: '[', tail: (empty) => (empty ? ']\n' : '\n]\n') },
  csv: {
    first: '',
    between: '',
    ids: ['', ',', ','],
    start: ',Start,',
    stop: ',Stop,',
    seqNumber: ',',
    timestamp: ',',
    end: (source) => stringify([['', source]]),
    value: (value) =>
      isJsonObject(value) ? stringify([EVENT_COLUMNS.map((column) => cell(value[column]))]) : null,
    sourced: true,
    head: stringify([[...EVENT_COLUMNS]]),
    tail: () => '',
  },
};

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : jsonText(value);
}
