import type { Quantiles } from './chance.js';

/** A share of listeners, or of sessions: from 0 to 1. */
type Share = number;
/** How often in an hour of audio, on average. */
type Hourly = number;

/**
 * How listeners of a profile behave. What cannot be looked up is a judgement, said as a number that can be changed here; the tests of shape hold
 * the outcome.
 */
export interface Behaviour {
  /** Share of all sessions in the default mix. */
  readonly weight: Share;
  /** Why the numbers are what they are. */
  readonly why: string;
  /** Share that begins in the middle of the clip, where an earlier session ended. */
  readonly resumes: Share;
  /** Share that loses interest in the first minutes: after the seconds of audio in `patience`. */
  readonly leavesEarly: Share;
  readonly patience: Quantiles;
  /** Share that leaves anywhere between, all moments alike: the slow decline. */
  readonly leavesMidway: Share;
  /** Share that leaves in the last one and a half minutes, when the closing words begin. The rest plays to the end. */
  readonly leavesAtOutro: Share;
  readonly pauses: Hourly;
  /** Runs of taps on "30 s ahead". */
  readonly skipsAhead: Hourly;
  /** Runs of taps on "15 s back". */
  readonly skipsBack: Hourly;
  /** Jumps to a chapter: the next one, or with `wanders` any. */
  readonly chapters: Hourly;
  readonly wanders: boolean;
  /** Going back some minutes to hear a part again. */
  readonly replays: Hourly;
  readonly speeds: Speeds;
}

/** Playback speeds with their shares. */
export type Speeds = readonly (readonly [speed: number, share: Share])[];
