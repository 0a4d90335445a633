/** What happened: playback has started, or stopped, at the position (API-10). */
export type EventType = 'Start' | 'Stop';

/** One sound consumption event (API-8 to API-13). */
export interface ListeningEvent {
  readonly organizationId: string;
  readonly clipId: string;
  readonly sessionId: string;
  readonly type: EventType;
  /** Seconds along the audio timeline. */
  readonly position: number;
  /** From 1, one more for each event of the session. */
  readonly seqNumber: number;
  /** Unix time in seconds. */
  readonly timestamp: number;
}
