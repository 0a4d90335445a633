import type { ListeningEvent } from '../domain/event.js';

/** An event of a simulated session, as a writer takes it. */
export interface SimulatedEvent {
  /** Null where a fault broke the event. */
  readonly sound: ListeningEvent | null;
  /** The raw JSON value of an event that a fault broke, or gave a further property. */
  readonly written?: unknown;
  readonly source: string | undefined;
}

/** An event that no fault has touched. */
export interface SoundEvent {
  readonly sound: ListeningEvent;
  readonly source: string | undefined;
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
  readonly events: SoundEvent[] = [];
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

  protected emit(type: ListeningEvent['type']): void {
    const { organizationId, clipId, sessionId, source } = this.identity;
    this.events.push({
      sound: {
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
