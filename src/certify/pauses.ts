import { type Capture, isLoadedAfter, SECOND_MS } from './capture.js';
import { type Found, placeText, SAME_PLACE_MS, type SeenPart, seenAt, spanText, stepsOf } from './define.js';

/** The lengths of pauses that a behaviour is about, in milliseconds. */
export interface PauseLengths {
  readonly fromMs: number;
  /** Longer ones are another behaviour's, where they are wrong. */
  readonly untilMs: number;
}

/** Pauses that a session reports: a Start follows a Stop at the same place. */
export function lookForPauses(seen: SeenPart, found: Found, { fromMs }: PauseLengths): void {
  const { listening, note } = seen;
  if (!listening || note.flawed) return;
  for (const { i, fromPositionMs, movedMs, waitedMs } of stepsOf(listening, 'Start')) {
    if (waitedMs < fromMs || Math.abs(movedMs) > SAME_PLACE_MS) continue;
    found.right(
      seenAt(seen, i),
      () => `It stops at ${placeText(fromPositionMs)} and starts there again ${spanText(waitedMs)} later.`,
    );
  }
}

/** Pauses at which a session was sent, and pauses that are not reported where no session reports one. */
export function compareForPauses(capture: Capture, found: Found, { fromMs, untilMs }: PauseLengths): void {
  const isOne = (ms: number): boolean => ms >= fromMs && ms < untilMs;
  for (const { part, before, between } of capture.continuations()) {
    if (between || part.beginsWithStop || before.endsOpen || before.clip !== part.clip) continue;
    if (isLoadedAfter(part.request, before.lastMs)) continue;
    const waitedMs = part.firstMs - before.lastMs;
    if (!isOne(waitedMs) || Math.abs(part.firstPositionMs - before.lastPositionMs) > SAME_PLACE_MS) continue;
    found.wrong(
      part,
      () =>
        `The session was sent at its pause at ${placeText(before.lastPositionMs)}, and continues in a later request ${spanText(waitedMs)} later.`,
    );
  }
  if (capture.sessions.some(({ pauses }) => pauses > 0)) return;
  for (const note of capture.sessions) {
    if (note.unreportedMs === 0 || !isOne(note.unreportedMs)) continue;
    if (isLoadedAfter(note.request, note.lastStartMs)) continue;
    found.wrong(
      note,
      () =>
        `Between a Start and its Stop the clock runs ${spanText(note.unreportedMs)} longer than the audio: a pause is not reported.`,
    );
  }
}

/** Whether this amount of audio can have been played in that time. */
export function couldBePlayed(audioMs: number, clockMs: number, maxSpeed: number): boolean {
  return (
    audioMs >= -SAME_PLACE_MS && audioMs <= maxSpeed * (Math.max(0, clockMs) + SECOND_MS) + SAME_PLACE_MS
  );
}
