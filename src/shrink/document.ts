import { comparableName } from '../domain/text.js';
import { isJsonObject, type JsonObject } from '../wire/json.js';

export type DocumentFormat = 'json' | 'ndjson' | 'csv' | 'har';

/** How a request of a capture went over the wire: all of its entry that is kept. */
export interface CapturedExchange {
  readonly host: string;
  /** The part of the URL's path that is the endpoint's. */
  readonly path: string;
  /** The value of the URL's parameter organizationId; null where there is none. */
  readonly organization: string | null;
  readonly mediaType: string | null;
  readonly contentEncoding: string | null;
  /** Unix seconds; null where that is not known. */
  readonly beganAt: number | null;
  /** Seconds until the answer was there; null where that is not known. */
  readonly lasted: number | null;
  readonly page: string | null;
  readonly store: string | null;
  /** Of the answer; null where there is none. */
  readonly status: number | null;
  readonly enabled: boolean | null;
  /** What the recorder wrote instead of a text. */
  readonly unreadable: 'base64' | 'utf-8' | null;
}

/** One thing that an input holds, with nothing of how it was written. */
export type Part =
  | { readonly kind: 'body'; readonly body: unknown; readonly exchange: CapturedExchange | null }
  /** A bare event, or a row that came as an object. */
  | { readonly kind: 'event'; readonly event: JsonObject }
  | { readonly kind: 'row'; readonly cells: readonly string[] }
  /** What cannot be parsed. */
  | { readonly kind: 'text'; readonly text: string; readonly exchange: CapturedExchange | null };

/** An input, as the things that it holds. */
export interface Document {
  readonly format: DocumentFormat;
  readonly parts: readonly Part[];
  /** The header row of CSV. */
  readonly header: readonly string[];
  readonly delimiter: string;
  /** Headers by the column that they stand for, where `--map` says so. */
  readonly map: ReadonlyMap<string, string>;
  /** The durations of clips in seconds for the check, by ids in lower case. */
  readonly clips: ReadonlyMap<string, number>;
  /** Where its parts stood in the input: lines from 1, entries of a HAR and elements of an array from 0. Parts that were changed stand nowhere. */
  readonly places: ReadonlyMap<Part, number>;
  /** Whether it is a HAR that the mock recorded. */
  readonly fromMock: boolean;
  /** How its text becomes bytes: latin1 where those that were read are no UTF-8. */
  readonly encoding: 'utf8' | 'latin1';
}

/** An event with the names of its fields, or a row with its cells. */
export type Unit = JsonObject | readonly string[];

/** The events and rows, in order. */
export function unitsOf({ parts }: Pick<Document, 'parts'>): readonly Unit[] {
  return parts.flatMap((part): readonly Unit[] => {
    if (part.kind === 'event') return [part.event];
    if (part.kind === 'row') return [part.cells];
    return part.kind === 'body' ? eventsOf(part.body).filter(isJsonObject) : [];
  });
}

/** What a body's `Events` holds; nothing where that is no array. */
export function eventsOf(body: unknown): readonly unknown[] {
  return isJsonObject(body) && Array.isArray(body.Events) ? body.Events : [];
}

/**
 * The document with other events and rows.
 * @param change Returns the replacement of the n-th; null leaves it out. A body that loses all its events is removed.
 */
export function withUnits(document: Document, change: (unit: Unit, n: number) => Unit | null): Document {
  let n = -1;
  const next = (unit: Unit): Unit | null => {
    n += 1;
    return change(unit, n);
  };
  const parts = document.parts.flatMap((part): readonly Part[] => {
    if (part.kind === 'event') {
      const event = next(part.event);
      return event ? [{ kind: 'event', event: event as JsonObject }] : [];
    }
    if (part.kind === 'row') {
      const cells = next(part.cells);
      return cells ? [{ kind: 'row', cells: cells as readonly string[] }] : [];
    }
    if (part.kind === 'text') return [part];
    const before = eventsOf(part.body);
    if (before.length === 0) return [part];
    const events = before.flatMap((event): readonly unknown[] => {
      const kept = isJsonObject(event) ? next(event) : event;
      return kept === null && event !== null ? [] : [kept];
    });
    if (events.length === 0) return [];
    return [{ ...part, body: { ...(part.body as JsonObject), Events: events } }];
  });
  return { ...document, parts };
}

/** A field by its name, in any spelling that is read; undefined where the event or row has none. */
export function fieldOf(document: Document, unit: Unit, field: string): unknown {
  const name = nameIn(document, unit, field);
  return name === undefined ? undefined : (unit as Record<string | number, unknown>)[name];
}

/** The event or row with another value in a field; as it is where it has no such field. */
export function withField(document: Document, unit: Unit, field: string, value: unknown): Unit {
  const name = nameIn(document, unit, field);
  if (name === undefined) return unit;
  if (typeof name === 'number') return (unit as readonly string[]).with(name, String(value));
  return { ...(unit as JsonObject), [name]: value };
}

function nameIn({ header, map }: Document, unit: Unit, field: string): string | number | undefined {
  const wanted = [map.get(field), field].filter((name) => name !== undefined);
  if (isRow(unit)) {
    for (const name of wanted) {
      const key = comparableName(name);
      const at = header.findIndex((column) => comparableName(column) === key);
      if (at >= 0 && at < unit.length) return at;
    }
    return undefined;
  }
  for (const name of wanted) {
    if (Object.hasOwn(unit, name)) return name;
    const key = comparableName(name);
    const like = Object.keys(unit).find((other) => comparableName(other) === key);
    if (like !== undefined) return like;
  }
  return undefined;
}

/** The column of the i-th cell of a row, by the name that the rules use. */
export function columnOf({ header, map }: Document, i: number): string {
  const key = comparableName(header[i] ?? '');
  const mapped = [...map].find(([, name]) => comparableName(name) === key);
  return mapped ? mapped[0] : (header[i] ?? '');
}

export function isRow(unit: Unit): unit is readonly string[] {
  return Array.isArray(unit);
}

/** The form in which the SessionId of an event or row is compared; null where it has none. */
export function sessionKeyOf(document: Document, unit: Unit): string | null {
  const id = fieldOf(document, unit, 'SessionId');
  return typeof id === 'string' ? id.toLowerCase() : id === undefined ? null : JSON.stringify(id);
}

/** How much a document holds. */
export interface Size {
  /** Requests, and what cannot be parsed. */
  readonly requests: number;
  readonly sessions: number;
  /** Events, or rows. */
  readonly events: number;
}

export function sizeOf(document: Document): Size {
  const units = unitsOf(document);
  return {
    requests: document.parts.filter(({ kind }) => kind === 'body' || kind === 'text').length,
    sessions: new Set(units.map((unit, n) => sessionKeyOf(document, unit) ?? n)).size,
    events: units.length,
  };
}

/** Whether a size is below another: fewest requests, then sessions, then events. */
export function isSmaller(a: Size, b: Size): boolean {
  return (a.requests - b.requests || a.sessions - b.sessions || a.events - b.events) < 0;
}
