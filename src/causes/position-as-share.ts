import type { RuleSettings } from '../rules/define.js';
import { ClipLengths, sameLength } from './clip-lengths.js';
import { type Course, LONG_MS } from './course.js';
import { type CauseWatch, enough } from './define.js';
import { Shown } from './examples.js';
import { LONG_ONES, sessionsOf } from './sentence.js';

const LEAST = { sessions: 3, share: 0.9 } as const;
/** Nobody listens so slowly: seconds of audio a second. */
const FASTEST = 0.4;
/** Intervals that cover less of the clip do not tell its length. */
const LEAST_COVERED = 0.1;

/** A way to write Position as a share of the clip. */
export interface Share {
  /** Position at the end of the clip. */
  readonly whole: number;
  /** Positions of at most so much, throughout a session, are written in another way. */
  readonly above: number;
  /** The length that every clip would seem to have, were Position in a larger unit of time instead. */
  readonly seemingSeconds: number;
  readonly words: string;
}

/** Watches for Positions that are a share of the clip. */
export function watchShare(
  { whole, above, seemingSeconds, words }: Share,
  settings: RuleSettings,
): CauseWatch {
  const shown = new Shown();
  const lengths = new ClipLengths(settings);
  return {
    take(course) {
      if (course.longs === 0 || !isSlow(course)) return;
      if (course.farthestMs > whole * 1000 || course.farthestMs <= above * 1000) return;
      shown.add(course.key);
      sample(course, whole, lengths);
    },
    end({ long }) {
      if (!enough(shown.sessions, long, LEAST)) return null;
      const clips = lengths.borneOut();
      if (new Set(clips.flatMap(({ sessions }) => sessions)).size < LEAST.sessions) return null;
      if (clips.every(({ seconds }) => sameLength(seconds, seemingSeconds))) return null;
      const evidence = `${sessionsOf(shown.sessions, long, LONG_ONES)} keep to Positions ${words}, and as shares of the clip these give one length for a clip again and again.`;
      return { sessions: shown.sessions, of: long, evidence, examples: shown.examples };
    },
  };
}

function isSlow({ longAudioMs, longClockMs }: Course): boolean {
  return longAudioMs <= FASTEST * longClockMs;
}

function sample(
  { key, clip, events, stops, positionsMs, timestampsMs }: Course,
  whole: number,
  lengths: ClipLengths,
): void {
  for (let i = 1; i < events; i += 1) {
    if (stops[i] !== 1 || stops[i - 1] !== 0) continue;
    const audioMs = positionsMs[i]! - positionsMs[i - 1]!;
    const clockMs = timestampsMs[i]! - timestampsMs[i - 1]!;
    const share = audioMs / 1000 / whole;
    if (clockMs >= LONG_MS && share >= LEAST_COVERED) {
      lengths.add(clip, { session: key, audioMs, seconds: clockMs / 1000 / share });
    }
  }
}
