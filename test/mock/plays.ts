export const ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';
export const CLIP = '9b5c82f7-74cf-4841-a870-a670017cc8eb';
export const OTHER_CLIP = '0a1b2c3d-74cf-4841-a870-a670017cc8eb';

/** Unix seconds, long past, so that no Timestamp is in the future. */
const STARTED_AT = 1_700_000_000;

/** A part heard: from and to in seconds, and the seconds of pause before it. */
export type Part = readonly [from: number, to: number, pause?: number];

interface PlayOptions {
  readonly clip?: string;
  readonly sessionId?: string;
}

/** The events of a session in which those parts were heard at normal speed, as a player writes them. */
export function play(
  number: number,
  parts: readonly Part[],
  { clip = CLIP, sessionId = guid(number) }: PlayOptions = {},
): object[] {
  let clock = STARTED_AT;
  let seqNumber = 0;
  const event = (Type: 'Start' | 'Stop', Position: number) => {
    seqNumber += 1;
    const ids = { OrganizationId: ORGANIZATION, ClipId: clip, SessionId: sessionId };
    return { ...ids, Type, Position, SeqNumber: seqNumber, Timestamp: Math.ceil(clock) };
  };
  return parts.flatMap(([from, to, pause = 0]) => {
    clock += pause;
    const start = event('Start', from);
    clock += to - from;
    return [start, event('Stop', to)];
  });
}

/** A SessionId that begins with the number, in hexadecimal. */
export function guid(number: number): string {
  return `${number.toString(16).padStart(8, '0')}-1916-436b-a090-a039f83d17cc`;
}

/** Posts events as one completed request, as a sound player does. */
export function post(endpoint: string, events: readonly object[], body: object = {}): Promise<Response> {
  return fetch(`${endpoint}?organizationId=${ORGANIZATION}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ Source: 'CustomWeb', Events: events, Completed: true, ...body }),
  });
}
