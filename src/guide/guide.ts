import { ENDPOINT_ORIGIN, ENDPOINT_PATH } from '../wire/body.js';
import { EXAMPLE_ORGANIZATION } from '../wire/contract.js';
import { EVENT_FIELDS, type EventField, type WireEvent } from '../wire/event.js';
import { isJsonObject, type JsonObject } from '../wire/json.js';

/** A request as a browser's network panel would record it. */
interface ExampleExchange {
  readonly body: JsonObject;
  /** Seconds after the first event of the examples. */
  readonly at: number;
  /** The path of the request's URL. */
  readonly path: string;
  readonly query: string;
  readonly contentType: string;
  /** The Enabled flag of the response. */
  readonly enabled: boolean;
}

/** Data that breaks a rule, or the same data fixed. */
export type Example =
  | { readonly kind: 'events'; readonly events: readonly JsonObject[] }
  | { readonly kind: 'bodies'; readonly bodies: readonly JsonObject[] }
  | { readonly kind: 'capture'; readonly exchanges: readonly ExampleExchange[] }
  | {
      readonly kind: 'text';
      readonly format: 'json' | 'csv';
      readonly text: string;
      /** The text to print: `…` replaces the parts that do not matter for the rule. */
      readonly shown: string;
    };

/** The explanation of a rule beyond its findings. Code that checks data does not load it. */
export interface RuleGuide {
  /** The rule's condition, as the catalogue writes it. */
  readonly firesWhen: string;
  /** The part of the rule that we inferred or chose; null when the API document says the whole rule. */
  readonly inferred: string | null;
  /** Data that breaks this rule and no other rule. */
  readonly broken: Example;
  /** The same data, fixed: it breaks no rule. */
  readonly fixed: Example;
  /** The event fields that show the problem; other documented fields are left out of the printed examples. */
  readonly shows: readonly EventField[];
  /** The first words of the statements in the recorder’s code that follow the rule. */
  readonly cites?: readonly string[];
}

/** The fields that say what was played, and when. */
export const LISTENING_FIELDS = [
  'Type',
  'Position',
  'SeqNumber',
  'Timestamp',
] as const satisfies readonly EventField[];

export const ORGANIZATION = EXAMPLE_ORGANIZATION;
export const OTHER_ORGANIZATION = '5c20e0a4-7d3f-4b46-8a54-a8f001743e6f';
export const CLIP = '9b5c82f7-74cf-4841-a870-a670017cc8eb';
export const OTHER_CLIP = 'e5a2f0cd-64a1-49b1-a57c-aa1c00b6a3d2';
export const SESSION = 'a039f83d-1916-436b-a090-efbc08698506';
export const OTHER_SESSION = '2f6c1f0a-93ab-4d0c-b6de-7c1f4e8a2d35';

/** 2025-11-04T04:01:11Z: the time of the first event of the examples. */
export const STARTED_AT = 1762228871;

type Moment = readonly [type: WireEvent['Type'], position: number, seconds: number];

/**
 * Returns the events of a session.
 * @param moments For each event: its type, its position, and its seconds after `STARTED_AT`.
 * @param same Fields that have the same value in all events and replace the default values.
 */
export function exampleSession(
  moments: readonly Moment[],
  same: Partial<WireEvent> & JsonObject = {},
): readonly JsonObject[] {
  return moments.map(([Type, Position, seconds], i) => ({
    OrganizationId: ORGANIZATION,
    ClipId: CLIP,
    SessionId: SESSION,
    Type,
    Position,
    SeqNumber: i + 1,
    Timestamp: STARTED_AT + seconds,
    ...same,
  }));
}

/** A minute of listening. */
export const MINUTE = exampleSession([
  ['Start', 0, 0],
  ['Stop', 61.25, 61],
]);

/** The part of a guide whose fixed example is `MINUTE`. */
export const FIXED_AS_MINUTE = { fixed: eventsExample(MINUTE), shows: LISTENING_FIELDS } as const;

/** A minute of listening, a jump ahead, and two more minutes of listening. */
export const WITH_JUMP = exampleSession([
  ['Start', 0, 0],
  ['Stop', 61.25, 61],
  ['Start', 300, 61],
  ['Stop', 420.5, 182],
]);

/** Returns the events, with other values in the event at index `at`. */
export function changeOne(
  events: readonly JsonObject[],
  at: number,
  values: JsonObject,
): readonly JsonObject[] {
  return events.map((event, i) => (i === at ? { ...event, ...values } : event));
}

/** Returns the events, with other values in each event. */
export function changeAll(
  events: readonly JsonObject[],
  values: (event: JsonObject, i: number) => JsonObject,
): readonly JsonObject[] {
  return events.map((event, i) => ({ ...event, ...values(event, i) }));
}

export function eventsExample(events: readonly JsonObject[]): Example {
  return { kind: 'events', events };
}

export function exampleBody(events: readonly JsonObject[], values: JsonObject = {}): JsonObject {
  return { Source: 'CustomWeb', Events: events, Completed: true, ...values };
}

export function bodiesExample(...bodies: readonly JsonObject[]): Example {
  return { kind: 'bodies', bodies };
}

export function captureExample(...exchanges: readonly ExampleExchange[]): Example {
  return { kind: 'capture', exchanges };
}

/** Returns a request with these events for an example. Without `values`, the request is valid. */
export function exampleExchange(
  events: readonly JsonObject[],
  values: Partial<Omit<ExampleExchange, 'body'>> = {},
): ExampleExchange {
  return {
    body: exampleBody(events),
    at: 200,
    path: ENDPOINT_PATH,
    query: `?organizationId=${ORGANIZATION}`,
    contentType: 'application/json',
    enabled: true,
    ...values,
  };
}

/** An example as a file that every command reads. */
export interface ExampleInput {
  readonly format: 'json' | 'ndjson' | 'csv' | 'har';
  readonly text: string;
}

/** The example as input text: one event or body per line, or a capture. */
export function inputOf(example: Example): ExampleInput {
  switch (example.kind) {
    case 'events':
      return { format: 'ndjson', text: lines(example.events) };
    case 'bodies':
      return { format: 'ndjson', text: lines(example.bodies) };
    case 'capture':
      return { format: 'har', text: lines([har(example.exchanges)]) };
    case 'text':
      return { format: example.format, text: example.text };
  }
}

function lines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

function har(exchanges: readonly ExampleExchange[]): object {
  return {
    log: {
      version: '1.2',
      creator: { name: 'omny-consume', version: '1' },
      pages: [],
      entries: exchanges.map(({ body, at, path, query, contentType, enabled }) => ({
        pageref: 'page_1',
        startedDateTime: new Date((STARTED_AT + at) * 1000).toISOString(),
        time: 40,
        request: {
          method: 'POST',
          url: `${ENDPOINT_ORIGIN}${path}${query}`,
          headers: [{ name: 'content-type', value: contentType }],
          postData: { mimeType: contentType, text: JSON.stringify(body) },
        },
        response: {
          status: 200,
          content: { mimeType: 'application/json', text: JSON.stringify({ Enabled: enabled }) },
        },
      })),
    },
  };
}

const LEFT_OUT = '…';
const GUID_TAIL = /\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/** Returns the lines of an example for people: `…` replaces the fields that do not matter and most of each id. */
export function exampleLines(example: Example, { shows }: Pick<RuleGuide, 'shows'>): readonly string[] {
  return linesOf(example, shows).map((line) => line.replaceAll(GUID_TAIL, `$1-${LEFT_OUT}`));
}

function linesOf(example: Example, shows: readonly EventField[]): readonly string[] {
  switch (example.kind) {
    case 'events':
      return example.events.map((event) => eventText(event, shows));
    case 'bodies':
      return example.bodies.flatMap((body) => bodyLines(body, shows));
    case 'capture':
      return example.exchanges.flatMap(({ body, path, query, contentType, enabled }) => [
        `POST ${path}${query}`,
        `Content-Type: ${contentType}`,
        ...bodyLines(body, shows),
        `→ {"Enabled": ${enabled}}`,
      ]);
    case 'text':
      return example.shown.trimEnd().split('\n');
  }
}

function bodyLines(body: JsonObject, shows: readonly EventField[]): readonly string[] {
  const events = Array.isArray(body.Events) ? body.Events.filter(isJsonObject) : [];
  const whole = Object.entries(body).map(([name, value]) =>
    name === 'Events' && events.length > 0 ? `"Events": [${LEFT_OUT}]` : propertyText(name, value),
  );
  const text = `{${whole.join(', ')}}`;
  if (shows.length === 0 || events.length === 0) return [text];
  const [head, tail] = text.split(LEFT_OUT);
  return [
    `${head}`,
    ...events.map((event, i) => `  ${eventText(event, shows)}${i < events.length - 1 ? ',' : ''}`),
    `${tail}`,
  ];
}

function eventText(event: JsonObject, shows: readonly EventField[]): string {
  const hidden = new Set<string>(EVENT_FIELDS.filter((field) => !shows.includes(field)));
  const parts: string[] = [];
  for (const [name, value] of Object.entries(event)) {
    if (value === undefined) continue;
    if (!hidden.has(name)) parts.push(propertyText(name, value));
    else if (parts.at(-1) !== LEFT_OUT) parts.push(LEFT_OUT);
  }
  return `{${parts.join(', ')}}`;
}

function propertyText(name: string, value: unknown): string {
  return `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
}
