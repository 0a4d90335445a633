import type { WireBody } from './body.js';
import type { WireEvent } from './event.js';

/** The organization of the API document's example. */
export const EXAMPLE_ORGANIZATION = '126281f8-200e-4c9f-8378-a4870055423b';

const CLIPS = ['9b5c82f7-74cf-4841-a870-a670017cc8eb', 'e5a2f0cd-64a1-49b1-a57c-aa1c00b6a3d2'] as const;

type Moment = readonly [type: WireEvent['Type'], position: number, timestamp: number];

/** The session of the API document: a short listen, a jump ahead, four minutes more. */
const DOCUMENTED = session(CLIPS[0], 'a039f83d-1916-436b-a090-efbc08698506', [
  ['Start', 0, 1540270724],
  ['Stop', 4.554, 1540270728],
  ['Start', 308.053, 1540270728],
  ['Stop', 542.643, 1540270962],
]);

/** Another clip right after it: a session of its own. */
const NEXT = session(CLIPS[1], '2f6c1f0a-93ab-4d0c-b6de-7c1f4e8a2d35', [
  ['Start', 0, 1540270963],
  ['Stop', 61.25, 1540271024],
]);

/** The API document's example of a body, as a custom web player would send it. */
export const EXAMPLE_BODY = bodyOf(DOCUMENTED);

/** Several completed sessions in one request (API-5). */
export const EXAMPLE_BATCH = bodyOf([...DOCUMENTED, ...NEXT]);

function bodyOf(events: readonly WireEvent[]): WireBody {
  return { Source: 'CustomWeb', Events: [...events], Completed: true };
}

function session(clipId: string, sessionId: string, moments: readonly Moment[]): readonly WireEvent[] {
  return moments.map(([type, position, timestamp], i) => ({
    OrganizationId: EXAMPLE_ORGANIZATION,
    ClipId: clipId,
    SessionId: sessionId,
    Type: type,
    Position: position,
    SeqNumber: i + 1,
    Timestamp: timestamp,
  }));
}
