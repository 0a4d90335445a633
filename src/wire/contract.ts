import type { WireBody } from './body.js';
import type { WireEvent } from './event.js';

/** A point of the API contract. */
export interface ContractPoint {
  readonly id: string;
  /** The document's own words, shortened with `…`; for an observation, this program's words. */
  readonly text: string;
  /** Whether the API document says it; false for an observation of public players and services. */
  readonly documented: boolean;
}

/** What the API document says at each point, quoted from Omny Studio’s “Consumption analytics API for third-party players (beta)”. */
const DOCUMENT: Readonly<Record<number, string>> = {
  1: 'POST https://traffic.omny.fm/api/consumption/events?organizationId={organizationId} … OrganizationId The GUID of the Omny Studio organization',
  2: 'Content-Type must be application/json',
  3: 'Source (string) … Events (TrackConsumptionEvent[]) An array of consumption events being submitted. Must have at least one event included. … Completed (boolean) If the session has completed. Must be true',
  4: 'The following sources are available for custom implementations: MobileApp … SmartSpeaker … CustomWeb … Custom … (By default the Omny embed player and Omny.fm website uses the Web source)',
  5: 'you may optionally send multiple completed sessions in one API request as long as each SessionId is guaranteed to be unique',
  6: 'If the response is false, the client should stop attempting to submit events for the web page/mobile app session.',
  7: 'Note sessions totalling less than 10 seconds in duration are filtered from consumption analytics.',
  8: 'OrganizationId (string) The GUID of the clip’s organization … ClipId (string) The GUID of the clip … SessionId (string) Client-side generated, globally unique ID (GUID/UUID)',
  9: 'A session is considered a single continuous play. Changing clips is considered a new session … The SessionId should not be reused for other sessions.',
  10: 'Type (string) The type of event emitted. … Start Playback has started at the current position … Stop Playback has stopped at the current position',
  11: 'Position (number) Time of the listen position in fractional seconds, such as 1.5 which represents 1,500 milliseconds along the audio timeline.',
  12: 'SeqNumber (number) A sequence number starting from 1 that must be incremented for each new event in the Session.',
  13: 'Timestamp (number) A unix timestamp (in seconds) representing the moment this event was emitted. … not when the event is being flushed to the API.',
  14: 'Events must only be flushed/sent to the server when the session is complete and no additional events for the session are possible … not when the user has just paused playback',
  15: 'For browsers, we recommend using Navigator.sendBeacon() to send events on page unload. For apps, we recommend a persisted local storage',
};

const OBSERVED: Readonly<Record<number, string>> = {
  1: 'Browsers send navigator.sendBeacon(url, text) as text/plain;charset=UTF-8; a Blob of type application/json sends the right header.',
  2: 'Public players send a second Stop after the last one, keep a SessionId over a replay, flush on pause, leave event listeners of ended sessions active.',
};

/**
 * The points on which a rule rests.
 * @param reference The reference in the form of rules: `API-9, API-14`, `API-8..13`, `API-2, OBS-1`; empty for no
 * point.
 */
export function pointsOf(reference: string): readonly ContractPoint[] {
  return reference
    .split(', ')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [, kind = '', from = '', to = from] = /^(API|OBS)-(\d+)(?:\.\.(\d+))?$/.exec(part) ?? [];
      const documented = kind === 'API';
      const texts = documented ? DOCUMENT : OBSERVED;
      return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => {
        const n = Number(from) + i;
        return { id: `${kind}-${n}`, text: texts[n] ?? '', documented };
      });
    });
}

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

/** Another clip right after it, which is another session. */
const NEXT = session(CLIPS[1], '2f6c1f0a-93ab-4d0c-b6de-7c1f4e8a2d35', [
  ['Start', 0, 1540270963],
  ['Stop', 61.25, 1540271024],
]);

/** The API document's example of a request body, as a custom web player would send it. */
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
