import type { PlayedSession } from '../block.js';
import type { PlayedEvent, SimulatedEvent } from '../listener.js';
import type { Random } from '../random.js';

/**
 * Which outputs can carry a fault. `any`; `events`: those that write events one by one (ndjson, json, csv); `json`: ndjson and
 * json; `bodies`: request bodies, each in a separate request.
 */
export type Carrier = 'any' | 'events' | 'json' | 'bodies';

/** An event that a fault can change. */
export type Draft = { -readonly [K in keyof PlayedEvent]: PlayedEvent[K] };

/** A valid session before the fault. */
export interface FaultInput {
  readonly session: PlayedSession;
  /** Copies of the session's events, in which Start and Stop alternate. */
  readonly events: Draft[];
  readonly random: Random;
  /** A valid session of another organization, made on demand. */
  companion(): PlayedSession;
}

/** A session after a fault. */
export interface FaultResult {
  readonly events: readonly SimulatedEvent[];
  /** How often the rule fires; 1 if absent. */
  readonly times?: number;
  /** The request bodies with the fault, in the order of sending. */
  readonly requests?: readonly unknown[];
  /** The events to check for infos, if they are not `events`. */
  readonly judged?: readonly SimulatedEvent[];
  /** Whether the request holds no event of the session. */
  readonly sessionless?: boolean;
  /** A valid session that is also in the request. */
  readonly companion?: PlayedSession;
}

/**
 * A way in which listening data is wrong. The changed session breaks the rule of that name, and no other error or
 * warning.
 */
export interface Fault {
  readonly carrier: Carrier;
  /**
   * Breaks a session. Returns null if the session is too short for the fault or has too few intervals: then the caller must use
   * another session.
   */
  break(input: FaultInput): FaultResult | null;
}

/** An interval of a drafted session. */
export interface DraftInterval {
  readonly index: number;
  readonly start: Draft;
  readonly stop: Draft;
  /** Seconds of audio. */
  readonly audio: number;
  /** Seconds between the Timestamps. */
  readonly clock: number;
}

/** The intervals of a session before the fault. */
export function intervalsOf(events: readonly Draft[]): DraftInterval[] {
  const intervals: DraftInterval[] = [];
  for (let index = 0; index + 1 < events.length; index += 2) {
    const [start, stop] = [events[index]!, events[index + 1]!];
    const audio = stop.position - start.position;
    intervals.push({ index, start, stop, audio, clock: stop.timestamp - start.timestamp });
  }
  return intervals;
}

/** Unbroken events in the form of simulated events, with the session's Source. */
export function asSimulated(events: readonly PlayedEvent[], { session }: FaultInput): SimulatedEvent[] {
  const source = session.events[0]?.source;
  return events.map((played) => ({ played, source }));
}

/** Numbers the events again, after some were added or left out. */
export function numbered(events: readonly Draft[]): Draft[] {
  return events.map((event, index) => ({ ...event, seqNumber: index + 1 }));
}

/** A position, rounded to milliseconds. */
export function toMillisecond(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
