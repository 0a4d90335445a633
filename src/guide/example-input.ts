import { ENDPOINT_ORIGIN, ENDPOINT_PATH } from '../wire/body.js';
import { BEGAN } from './data.js';
import type { Example, ExampleExchange } from './define.js';

/** An example as a file that every command reads. */
export interface ExampleInput {
  readonly format: 'json' | 'ndjson' | 'csv' | 'har';
  readonly text: string;
}

/** The example as the text of an input: an event a line, a body a line, a capture. */
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
      entries: exchanges.map(({ body, at, query, contentType, enabled }) => ({
        pageref: 'page_1',
        startedDateTime: new Date((BEGAN + at) * 1000).toISOString(),
        time: 40,
        request: {
          method: 'POST',
          url: `${ENDPOINT_ORIGIN}${ENDPOINT_PATH}${query}`,
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
