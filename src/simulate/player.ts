import type { WireEvent } from '../wire/event.js';

/** What a player reports (API-8 to API-13). */
export interface PlayedEvent {
  readonly organizationId: string;
  readonly clipId: string;
  readonly sessionId: string;
  readonly type: WireEvent['Type'];
  /** Seconds along the audio. */
  readonly position: number;
  readonly seqNumber: number;
  /** Unix seconds. */
  readonly timestamp: number;
}

/** An event of a simulated session. */
export interface SimulatedEvent {
  /** Null where a fault broke the event. */
  readonly played: PlayedEvent | null;
  /** The raw JSON value of an event that a fault broke, or gave a further property. */
  readonly raw?: unknown;
  readonly source: string | undefined;
}

/** An event that no fault has touched. */
export interface UntouchedEvent {
  readonly played: PlayedEvent;
  readonly source: string | undefined;
}

/** A played event as the API takes it. */
export function wireOf(event: PlayedEvent): WireEvent {
  return {
    OrganizationId: event.organizationId,
    ClipId: event.clipId,
    SessionId: event.sessionId,
    Type: event.type,
    Position: event.position,
    SeqNumber: event.seqNumber,
    Timestamp: event.timestamp,
  };
}

/** The ids that a session's events carry. */
export interface SessionIdentity {
  readonly organizationId: string;
  readonly clipId: string;
  readonly sessionId: string;
  readonly source: string | undefined;
}

/**
 * A player as the API document wants it: a Start where playback starts, a Stop where it stops, stamped with the whole second of the
 * moment (API-10 to API-13). Clock and position are whole milliseconds.
 */
export class Player {
  readonly events: UntouchedEvent[] = [];
  playing = false;

  constructor(
    readonly identity: SessionIdentity,
    /** Unix time in milliseconds. */
    public clockMs: number,
    /** Along the audio. */
    public positionMs: number,
    /** Seconds of audio a second. */
    public speed: number,
  ) {}

  /** Plays that much audio, starting playback where it is stopped. */
  play(audioMs: number, clockMs: number = Math.round(audioMs / this.speed)): void {
    if (!this.playing) this.emit('Start');
    this.playing = true;
    this.positionMs += audioMs;
    this.clockMs += clockMs;
  }

  stop(): void {
    if (this.playing) this.emit('Stop');
    this.playing = false;
  }

  /** Lets time pass without playing. */
  wait(clockMs: number): void {
    this.stop();
    this.clockMs += clockMs;
  }

  /** Goes to a position; playback goes on with the next `play`. */
  seek(positionMs: number): void {
    this.stop();
    this.positionMs = positionMs;
  }

  protected emit(type: PlayedEvent['type']): void {
    const { organizationId, clipId, sessionId, source } = this.identity;
    this.events.push({
      played: {
        organizationId,
        clipId,
        sessionId,
        type,
        position: this.positionMs / 1000,
        seqNumber: this.events.length + 1,
        timestamp: Math.floor(this.clockMs / 1000),
      },
      source,
    });
  }
}
