/** What the shell lines need: the URL, an organization, clip and session of their own, and a time just past. */
export interface TryOptions {
  readonly endpoint: string;
  /** Unix seconds. */
  readonly now: number;
  /** A new GUID. */
  readonly sessionId: string;
}

const ORGANIZATION = '9f6c2a51-3b7e-4d0c-8a14-5e2f7b9c1d30';
const CLIP = 'c1d2e3f4-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
const HEARD = 42;

/** One sound session, as one line of curl. */
export function curlLine({ endpoint, now, sessionId }: TryOptions): string {
  const event = (Type: string, Position: number, SeqNumber: number, Timestamp: number) => ({
    OrganizationId: ORGANIZATION,
    ClipId: CLIP,
    SessionId: sessionId,
    Type,
    Position,
    SeqNumber,
    Timestamp,
  });
  const stop = Math.floor(now);
  const body = {
    Source: 'CustomWeb',
    Events: [event('Start', 0, 1, stop - HEARD), event('Stop', HEARD, 2, stop)],
    Completed: true,
  };
  return `curl -H 'Content-Type: application/json' --data '${JSON.stringify(body)}' '${endpoint}?organizationId=${ORGANIZATION}'`;
}

/** Simulated listeners, as one line. */
export function simulateLine({ endpoint }: Pick<TryOptions, 'endpoint'>): string {
  return `omny-consume simulate --sessions 20 | omny-consume send --endpoint ${endpoint}`;
}

/** A GUID as players make them; pages without TLS on another host than loopback have no randomUUID. */
export function newGuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
