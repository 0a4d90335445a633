import type { Course } from './course.js';

/** Played from here on, a session shows whether its Timestamps were taken as it was heard. */
const LASTING_MS = 15_000;
const SLOWEST_STEADY = 0.5;

/** The sessions of an input, counted. */
export class Overview {
  /** All. */
  sessions = 0;
  /** Those that play 15 s or more. */
  lasting = 0;
  /** Those with a long interval: 30 s of clock or more between a Start and its Stop. */
  long = 0;
  /** Of those the ones whose long intervals go on steadily: half a second of audio a second or more, and not too fast. */
  steady = 0;
  /** Those that report a pause. */
  pausing = 0;
  /** Those that report a jump. */
  seeking = 0;

  /** @param tooFast Whether `playback-too-fast` fired for it. */
  add(course: Course | null, tooFast: boolean): void {
    this.sessions += 1;
    if (!course) return;
    if (course.playedMs >= LASTING_MS) this.lasting += 1;
    if (course.pauses > 0) this.pausing += 1;
    if (course.seeks > 0) this.seeking += 1;
    if (course.longs === 0) return;
    this.long += 1;
    if (!tooFast && course.longAudioMs >= SLOWEST_STEADY * course.longClockMs) this.steady += 1;
  }
}
