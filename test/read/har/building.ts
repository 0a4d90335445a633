/** What differs from a sound request of a capture; `null` leaves a part out. */
export interface EntryParts {
  readonly method?: string;
  readonly url?: string;
  readonly at?: string;
  readonly time?: unknown;
  readonly page?: string;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly postData?: unknown;
  readonly response?: unknown;
}

export const BODY = '{"Source":"CustomWeb","Events":[],"Completed":true}';
export const URL =
  'https://traffic.omny.fm/api/consumption/events?organizationId=126281f8-200e-4c9f-8378-a4870055423b';
export const ENABLED = { status: 200, content: { text: '{"Enabled":true}' } };

/** An entry of a HAR: a POST to the endpoint, answered with Enabled: true, but for what is given. */
export function entry({
  method = 'POST',
  url = URL,
  at = '2024-12-01T11:00:00.000Z',
  time = 40,
  page = 'page_1',
  headers = [{ name: 'Content-Type', value: 'application/json' }],
  body = BODY,
  postData = { mimeType: 'application/json', text: body },
  response = ENABLED,
}: EntryParts = {}): object {
  return { pageref: page, startedDateTime: at, time, request: { method, url, headers, postData }, response };
}

/** A HAR with an entry a line, the first on line 2. */
export function har(...entries: readonly unknown[]): string {
  return `{"log":{"version":"1.2","pages":[],"entries":[\n${entries.map((it) => JSON.stringify(it)).join(',\n')}\n]}}`;
}
