import type { WireEvent } from '../wire/event.js';
import type { Clip } from './catalogue.js';
import {
  type Behaviour,
  MAX_PAUSED_SECONDS,
  OUTRO,
  PAUSES,
  REPLAYED,
  SKIP_AHEAD,
  SKIP_BACK,
} from './profiles.js';
import type { Random } from './random.js';

/** What a player reports (API-8 to API-13). */
export interface PlayedEvent {
  readonly organizationId: string;
  readonly clipId: string;
  readonly sessionId: string;
  readonly type: WireEvent['Type'];
  /** The place in the audio, in seconds. */
  readonly position: number;
  readonly seqNumber: number;
  /** Unix seconds. */
  readonly timestamp: number;
}

/** An event of a simulated session. */
export interface SimulatedEvent {
  /** Null if a fault broke the event. */
  readonly played: PlayedEvent | null;
  /** The raw JSON value of an event that a fault broke or gave an additional property. */
  readonly raw?: unknown;
  readonly source: string | undefined;
}

/** An event without a fault. */
export interface UntouchedEvent {
  readonly played: PlayedEvent;
  readonly source: string | undefined;
}

/** A played event in the form of the API. */
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

/** The ids and the Source of a session's events. */
export interface SessionIdentity {
  readonly organizationId: string;
  readonly clipId: string;
  readonly sessionId: string;
  readonly source: string | undefined;
}

/**
 * A player that follows the API document: it reports a Start when playback starts and a Stop when it stops, with the time in
 * whole seconds (API-10 to API-13). Clock and position are whole milliseconds.
 */
export class Player {
  readonly events: UntouchedEvent[] = [];
  playing = false;

  constructor(
    readonly identity: SessionIdentity,
    /** Unix time in milliseconds. */
    public clockMs: number,
    /** The place in the audio, in milliseconds. */
    public positionMs: number,
    /** Seconds of audio per second. */
    public speed: number,
  ) {}

  /** Plays `audioMs` of audio; starts playback first if it is stopped. */
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

  /** Moves to a position; playback continues with the next `play`. */
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

const HOUR_MS = 3_600_000;
/** The shortest time between two actions, in milliseconds of audio. */
const REACTION_MS = 1000;
/** A limit, because in some clips a listener would jump back and forth without end. */
const MAX_ACTIONS = 150;

const ACTIONS = ['pause', 'ahead', 'back', 'chapter', 'replay'] as const;

/** A listener of a profile who plays one clip: decides when to leave, and what to do until then. */
export class Listener {
  readonly #rates: readonly number[];
  readonly #rate: number;
  /** Milliseconds of audio until the listener loses interest. */
  #patienceMs = Number.POSITIVE_INFINITY;
  #endMs: number;
  #pausesMs = MAX_PAUSED_SECONDS * 1000;

  constructor(
    readonly player: Player,
    readonly clip: Clip,
    readonly behaviour: Behaviour,
    readonly random: Random,
  ) {
    const { pauses, skipsAhead, skipsBack, chapters, replays } = behaviour;
    this.#rates = [pauses, skipsAhead, skipsBack, chapters, replays];
    this.#rate = pauses + skipsAhead + skipsBack + chapters + replays;
    this.#endMs = clip.durationMs;
    this.#decideWhenToLeave();
  }

  /** Plays from the player's position until the listener leaves or the clip ends. */
  listen(): void {
    const { player, random } = this;
    for (let actions = 0; actions < MAX_ACTIONS; actions += 1) {
      const toAction =
        this.#rate === 0
          ? Number.POSITIVE_INFINITY
          : Math.max(REACTION_MS, Math.round(random.waiting(HOUR_MS / this.#rate)));
      const left = Math.min(this.#endMs - player.positionMs, this.#patienceMs);
      if (left <= toAction) {
        if (left > 0) this.#hear(left);
        break;
      }
      this.#hear(toAction);
      if (!this.#act()) break;
    }
    player.stop();
  }

  /**
   * Decides when the listener leaves: many leave in the first minutes, few and evenly spread ones after that, and many again at
   * the closing words.
   */
  #decideWhenToLeave(): void {
    const { behaviour, random, clip, player } = this;
    const draw = random.fraction();
    const midway = behaviour.leavesEarly + behaviour.leavesMidway;
    if (draw < behaviour.leavesEarly) {
      this.#patienceMs = Math.round(random.of(behaviour.patience) * 1000);
    } else if (draw < midway) {
      const rest = clip.durationMs - player.positionMs;
      this.#patienceMs = Math.max(1, Math.round(rest * (0.08 + 0.9 * random.fraction())));
    } else if (draw < midway + behaviour.leavesAtOutro) {
      const outro = Math.min(random.of(OUTRO) * 1000, clip.durationMs / 10);
      this.#endMs = Math.max(player.positionMs + 1, Math.round(clip.durationMs - outro));
    }
  }

  #hear(audioMs: number): void {
    this.player.play(audioMs);
    this.#patienceMs -= audioMs;
  }

  /** Does one random action. Returns false if it ends the session. */
  #act(): boolean {
    switch (ACTIONS[this.random.weighted(this.#rates, this.#rate)]!) {
      case 'pause':
        return this.#pause();
      case 'ahead':
        return this.#tap(SKIP_AHEAD * 1000, 3);
      case 'back':
        return this.#tap(-SKIP_BACK * 1000, 2);
      case 'chapter':
        return this.#goTo(this.#chapter());
      case 'replay':
        return this.#goTo(this.player.positionMs - Math.round(this.random.of(REPLAYED) * 1000));
    }
  }

  #pause(): boolean {
    const pause = Math.min(Math.round(this.random.of(PAUSES) * 1000), this.#pausesMs);
    this.#pausesMs -= pause;
    this.player.wait(pause);
    return true;
  }

  /** Taps a skip button once or more. The audio between two taps is an interval, too. */
  #tap(byMs: number, most: number): boolean {
    const { player, random } = this;
    for (let taps = random.whole(1, most); taps > 0; taps -= 1) {
      if (!this.#goTo(player.positionMs + byMs)) return false;
      const between = Math.min(random.whole(300, 900), this.#endMs - player.positionMs, this.#patienceMs);
      if (taps > 1 && between > 0) this.#hear(between);
    }
    return true;
  }

  #chapter(): number {
    const { random, clip, player, behaviour } = this;
    const { chaptersMs } = clip;
    if (!behaviour.wanders) {
      return chaptersMs.find((chapter) => chapter > player.positionMs + REACTION_MS) ?? clip.durationMs;
    }
    if (chaptersMs.length > 1) return random.pick(chaptersMs);
    return Math.floor(random.fraction() * clip.durationMs);
  }

  /**
   * Seeks, which takes the player a moment. Returns false, which ends the session, if the target is past the point at which the
   * listener leaves.
   */
  #goTo(positionMs: number): boolean {
    if (positionMs >= this.#endMs || this.#patienceMs <= 0) return false;
    this.player.seek(Math.max(0, positionMs));
    this.player.wait(this.random.whole(0, 900));
    return true;
  }
}
