import { ENDPOINT_ORIGIN } from '../wire/body.js';
import { EVENT_FIELDS, type EventField } from '../wire/event.js';
import { isJsonObject, type JsonObject } from '../wire/json.js';
import { type Example, type ExampleExchange, type RuleGuide, STARTED_AT } from './guide.js';

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

/** An example for people, as lines: fields that do not matter and most of each id are left out as `…`. */
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
