import type { Listening } from '../domain/listening.js';

const SECOND_MS = 1000;

/** An interval of so much clock is *long*: enough to see how audio and clock go together. */
export const LONG_MS = 30_000;

const PAUSED_MS = 2000;

/** A Start up to here is at the beginning of the clip. */
export const BEGINNING_MS = 1000;

/** A Stop from here on has left the beginning. */
export const UNDERWAY_MS = 30_000;

/** After a Stop for so long, a Start at the beginning is another play. */
const LONG_AGO_MS = 30 * 60_000;

/**
 * How a session went, in numbers: what diagnoses need to know of every session. One is used again and again; whoever wants to keep something
 * of it copies it. Times and positions are in milliseconds.
 */
export class SessionProfile {
  /** Whether Position changes in any interval. */
  moves = false;
  /** How many intervals are long, and their audio and clock together. */
  longs = 0;
  longAudioMs = 0;
  longClockMs = 0;
  farthestMs = 0;
  /** How often a Start follows a Stop at the same place (within 1 s), 2 s or more later. */
  pauses = 0;
  /** How often a Start follows a Stop at another place. */
  seeks = 0;
  /**
   * Whether the clip is played again: a Start in its first second follows a Stop at the farthest Position (within 1 s, and 30 s or more into the
   * clip) 30 min later, or that Position is reached again.
   */
  playedAgain = false;

  /** Computes the profile of a session of which it is known what was listened to. */
  compute({ keptCount, stops, positionsMs, timestampsMs }: Listening): void {
    let [longs, longAudioMs, longClockMs] = [0, 0, 0];
    let [pauses, seeks] = [0, 0];
    let moves = false;
    let farthestMs = positionsMs[0]!;
    /** The farthest Stop before a Start at the beginning, and the farthest of those that are played again. */
    let [leftMs, againMs] = [0, 0];
    for (let i = 1; i < keptCount; i += 1) {
      const positionMs = positionsMs[i]!;
      if (positionMs > farthestMs) farthestMs = positionMs;
      if (stops[i] === stops[i - 1]) continue;
      const beforeMs = positionsMs[i - 1]!;
      const audioMs = positionMs - beforeMs;
      const clockMs = timestampsMs[i]! - timestampsMs[i - 1]!;
      if (stops[i] === 1) {
        if (leftMs > againMs && positionMs >= leftMs - SECOND_MS) againMs = leftMs;
        if (audioMs !== 0) moves = true;
        if (clockMs < LONG_MS) continue;
        longs += 1;
        longAudioMs += audioMs;
        longClockMs += clockMs;
      } else {
        if (audioMs > SECOND_MS || audioMs < -SECOND_MS) seeks += 1;
        else if (clockMs >= PAUSED_MS) pauses += 1;
        if (positionMs > BEGINNING_MS || beforeMs < UNDERWAY_MS) continue;
        if (beforeMs > leftMs) leftMs = beforeMs;
        if (clockMs >= LONG_AGO_MS && beforeMs > againMs) againMs = beforeMs;
      }
    }
    this.moves = moves;
    this.longs = longs;
    this.longAudioMs = longAudioMs;
    this.longClockMs = longClockMs;
    this.farthestMs = farthestMs;
    this.pauses = pauses;
    this.seeks = seeks;
    this.playedAgain = againMs > 0 && farthestMs - againMs <= SECOND_MS;
  }
}
