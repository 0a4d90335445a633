import type { RuleId } from './finding.js';

/** Seconds of played audio under which a session is filtered, unless told (API-7). */
export const DEFAULT_MIN_DURATION = 10;

/** Fastest playback that is believed, as a factor, unless told. */
export const DEFAULT_MAX_SPEED = 4;

/** Rules after which it is not known how much was played: `session-too-short` is not asked then. */
export const LENGTH_UNKNOWN_AFTER = [
  'stop-without-start',
  'start-without-stop',
  'session-open',
  'position-reversed',
  'position-unit',
] as const satisfies readonly RuleId[];

const SLOWEST = 2;
const SLOW_TOLERANCE_MS = 60_000;

/** The longest clock, in milliseconds, that an interval of so much audio may take without a pause in it (`playback-too-slow`). */
export function longestClockMs(audioMs: number): number {
  return SLOWEST * Math.max(0, audioMs) + SLOW_TOLERANCE_MS;
}
