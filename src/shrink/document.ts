import { comparableName } from '../domain/text.js';
import { isJsonObject, type JsonObject } from '../wire/json.js';

export type DocumentFormat = 'json' | 'ndjson' | 'csv' | 'har';

/** The HTTP exchange of a captured request: the parts of its HAR entry that are kept. */
export interface CapturedExchange {
  readonly host: string;
  /** The endpoint's part of the URL's path. */
  readonly path: string;
  /** The value of the URL's parameter organizationId; null without one. */
  readonly organization: string | null;
  readonly mediaType: string | null;
  readonly contentEncoding: string | null;
  /** The start in unix seconds; null if unknown. */
  readonly beganAt: number | null;
  /** Seconds until the answer was complete; null if unknown. */
  readonly lasted: number | null;
  readonly page: string | null;
  readonly store: string | null;
  /** The status of the answer; null without one. */
  readonly status: number | null;
  readonly enabled: boolean | null;
  /** Why the capture has no text of the body; null if it has. */
  readonly unreadable: 'base64' | 'utf-8' | null;
}

/** A body, event, row or unparsable text of an input, without its formatting. */
export type Part =
  | { readonly kind: 'body'; readonly body: unknown; readonly exchange: CapturedExchange | null }
  /** A bare event, or a row that is a JSON object. */
  | { readonly kind: 'event'; readonly event: JsonObject }
  | { readonly kind: 'row'; readonly cells: readonly string[] }
  /** Text that cannot be parsed. */
  | { readonly kind: 'text'; readonly text: string; readonly exchange: CapturedExchange | null };

/** The contents of an input. */
export interface Document {
  readonly format: DocumentFormat;
  readonly parts: readonly Part[];
  /** The header row of CSV. */
  readonly header: readonly string[];
  readonly delimiter: string;
  /** The headers that `--map` gives, by the name of the column. */
  readonly map: ReadonlyMap<string, string>;
  /** The durations of clips in seconds for the check, by ids in lower case. */
  readonly clips: ReadonlyMap<string, number>;
  /**
   * The place of each part in the input: lines count from 1, entries of a HAR and elements of an array from 0. Changed parts
   * have no place.
   */
  readonly places: ReadonlyMap<Part, number>;
  /** Whether it is a HAR that the mock recorded. */
  readonly fromMock: boolean;
  /** The encoding of the text: latin1 if the input was not valid UTF-8, so that its bytes are unchanged. */
  readonly encoding: 'utf8' | 'latin1';
}

/** An event with the names of its fields, or a row with its cells. */
export type Unit = JsonObject | readonly string[];

/** The events and rows of a document, in order. */
export function unitsOf({ parts }: Pick<Document, 'parts'>): readonly Unit[] {
  return parts.flatMap((part): readonly Unit[] => {
    if (part.kind === 'event') return [part.event];
    if (part.kind === 'row') return [part.cells];
    return part.kind === 'body' ? eventsOf(part.body).filter(isJsonObject) : [];
  });
}

/** The elements of a body's `Events`; empty if that is not an array. */
export function eventsOf(body: unknown): readonly unknown[] {
  return isJsonObject(body) && Array.isArray(body.Events) ? body.Events : [];
}

/**
 * The document with other events and rows.
 * @param change Returns the replacement of the n-th event or row, or null to leave it out. A body that loses all its events is
 * removed.
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

/** The value of a field, in any accepted spelling of its name; undefined if the event or row does not have the field. */
export function fieldOf(document: Document, unit: Unit, field: string): unknown {
  const name = nameIn(document, unit, field);
  return name === undefined ? undefined : (unit as Record<string | number, unknown>)[name];
}

/** The event or row with another value in a field; unchanged if it does not have the field. */
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

/** The SessionId of an event or row in the form used for comparison; null without one. */
export function sessionKeyOf(document: Document, unit: Unit): string | null {
  const id = fieldOf(document, unit, 'SessionId');
  return typeof id === 'string' ? id.toLowerCase() : id === undefined ? null : JSON.stringify(id);
}

/** The size of a document. */
export interface Size {
  /** The number of requests and of texts that cannot be parsed. */
  readonly requests: number;
  readonly sessions: number;
  /** The number of events or rows. */
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

/** Whether `a` is smaller than `b`: compares requests first, then sessions, then events. */
export function isSmaller(a: Size, b: Size): boolean {
  return (a.requests - b.requests || a.sessions - b.sessions || a.events - b.events) < 0;
}
