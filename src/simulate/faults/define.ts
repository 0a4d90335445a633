import type { PlayedSession } from '../block.js';
import type { PlayedEvent, SimulatedEvent } from '../listener.js';
import type { Random } from '../random.js';

/**
 * Which outputs can carry a fault. `any`; `events`: those that write events one by one (ndjson, json, csv); `json`: ndjson and json; `bodies`:
 * request bodies, each standing alone in its request.
 */
export type Carrier = 'any' | 'events' | 'json' | 'bodies';

/** An event that a fault may change. */
export type Draft = { -readonly [K in keyof PlayedEvent]: PlayedEvent[K] };

/** A sound session about to be broken. */
export interface FaultInput {
  readonly session: PlayedSession;
  /** Copies of the session's events: Start and Stop by turns. */
  readonly events: Draft[];
  readonly random: Random;
  /** A sound session of another organization, made when it is asked for. */
  companion(): PlayedSession;
}

/** A session after a fault. */
export interface FaultResult {
  readonly events: readonly SimulatedEvent[];
  /** How often the rule is broken; 1 where absent. */
  readonly times?: number;
  /** The request bodies that carry the fault, in the order in which they are sent. */
  readonly requests?: readonly unknown[];
  /** The events whose session is judged for what is no fault but worth knowing (infos), where they are not `events`. */
  readonly judged?: readonly SimulatedEvent[];
  /** Nothing of the session is left in the request. */
  readonly sessionless?: boolean;
  /** A sound session that stands in the request too. */
  readonly companion?: PlayedSession;
}

/** One way in which listening data is wrong: the session that it makes draws the rule of its name, and no other error or warning. */
export interface Fault {
  readonly carrier: Carrier;
  /** Breaks a session; null where this one has nothing to break (too short, too few parts) and a plainer one must take its place. */
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

/** The intervals of a session that is still sound. */
export function intervalsOf(events: readonly Draft[]): DraftInterval[] {
  const intervals: DraftInterval[] = [];
  for (let index = 0; index + 1 < events.length; index += 2) {
    const [start, stop] = [events[index]!, events[index + 1]!];
    const audio = stop.position - start.position;
    intervals.push({ index, start, stop, audio, clock: stop.timestamp - start.timestamp });
  }
  return intervals;
}

/** Events as they are written, with the session's Source. */
export function asSimulated(events: readonly PlayedEvent[], { session }: FaultInput): SimulatedEvent[] {
  const source = session.events[0]?.source;
  return events.map((played) => ({ played, source }));
}

/** Numbers the events anew, after some were added or left out. */
export function numbered(events: readonly Draft[]): Draft[] {
  return events.map((event, index) => ({ ...event, seqNumber: index + 1 }));
}

/** A position to the millisecond. */
export function toMillisecond(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
