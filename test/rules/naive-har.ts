import type { NaiveInput } from './naive.js';
import type { Json } from './naive-json.js';

/** The requests of a well-formed HAR, in the order in which they began. */
export function naiveHar(text: string): NaiveInput[] {
  const entries: Json[] = JSON.parse(text).log.entries;
  return entries
    .toSorted((a, b) => Date.parse(a.startedDateTime) - Date.parse(b.startedDateTime))
    .map(({ request, response, startedDateTime, time, pageref = null }) => {
      const url = new URL(request.url);
      const names = [...url.searchParams.keys()];
      const name = names.find((its) => its.toLowerCase() === 'organizationid');
      const header = request.headers.find((its: Json) => its.name.toLowerCase() === 'content-type');
      const type = header?.value ?? request.postData.mimeType ?? '';
      const beganAt = Date.parse(startedDateTime) / 1000;
      const isAnswered = response.status > 0;
      const enabled = response.status === 200 ? enabledOf(decoded(response.content)) : null;
      return {
        kind: 'request',
        value: JSON.parse(decoded(request.postData)),
        exchange: {
          host: url.host,
          path: url.pathname.slice(url.pathname.toLowerCase().indexOf('/api/consumption/events')),
          organizationParameter: name === undefined ? null : url.searchParams.get(name),
          mediaType: type.split(';')[0].trim().toLowerCase() || null,
          beganAt,
          fromMock: false,
          page: pageref,
          store: null,
          answer: isAnswered ? { at: beganAt + time / 1000, enabled } : null,
        },
      };
    });
}

function decoded({ text, encoding }: Json): string {
  return encoding === 'base64' ? Buffer.from(text, 'base64').toString() : text;
}

function enabledOf(text: string): boolean | null {
  try {
    const { Enabled: enabled } = JSON.parse(text);
    return typeof enabled === 'boolean' ? enabled : null;
  } catch {
    return null;
  }
}
