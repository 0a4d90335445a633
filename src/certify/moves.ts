import { jumpsIn } from '../diagnoses/moves-not-reported.js';
import { type Capture, isLoadedAfter, SECOND_MS, type SessionNote } from './capture.js';
import {
  BEGINNING_MS,
  type Found,
  placeText,
  SAME_PLACE_MS,
  type SeenPart,
  seenAt,
  spanText,
  stepsOf,
} from './define.js';

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
      () =>
        `The session stops at ${placeText(fromPositionMs)} and starts there again ${spanText(waitedMs)} later.`,
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

/** Jumps in one direction: reported as a Stop and a Start, hidden in an interval, or with a Start alone. */
export function lookForSeeks(seen: SeenPart, found: Found, direction: 'ahead' | 'back'): void {
  const { listening, note, settings } = seen;
  if (!listening) return;
  const isWanted = (movedMs: number): boolean =>
    direction === 'ahead' ? movedMs > SAME_PLACE_MS : movedMs < -SAME_PLACE_MS;
  for (const { i, fromPositionMs, toPositionMs, movedMs } of note.flawed ? [] : stepsOf(listening, 'Start')) {
    if (!isWanted(movedMs) || (direction === 'back' && toPositionMs <= BEGINNING_MS)) continue;
    found.right(
      seenAt(seen, i),
      () => `The session stops at ${placeText(fromPositionMs)} and starts at ${placeText(toPositionMs)}.`,
    );
  }
  for (const n of jumpsIn(seen, settings.maxSpeed)) {
    const stop = listening.intervalStops[n]!;
    if (!isWanted(listening.audioMs[n]!)) continue;
    const [from, to] = [listening.positionsMs[stop - 1]!, listening.positionsMs[stop]!];
    found.wrong(
      seenAt(seen, stop),
      () =>
        `From a Start at ${placeText(from)} to its Stop at ${placeText(to)} nobody can have listened: a jump ${direction} is not reported.`,
    );
  }
  if (!seen.fired.has('start-without-stop')) return;
  for (const { i, fromPositionMs, toPositionMs, movedMs, waitedMs } of stepsOf(listening, 'again')) {
    if (listening.stops[i] === 1 || !isWanted(movedMs)) continue;
    if (couldBePlayed(movedMs, waitedMs, settings.maxSpeed)) continue;
    found.wrong(
      seenAt(seen, i),
      () =>
        `A Start at ${placeText(toPositionMs)} follows the Start at ${placeText(fromPositionMs)}: the Stop at the jump ${direction} is missing.`,
    );
  }
}

/** A player may divide a session that has more events. */
const MANY_EVENTS = 100;

/** A session that continues where another one of the same clip was left. */
interface Resumption {
  readonly before: SessionNote;
  readonly note: SessionNote;
  /** How far its first Start is from the last Stop of the other. */
  readonly movedMs: number;
}

/**
 * Sessions that begin within a second after another of the same clip stopped, though not at its end, and not at the beginning of the clip: it
 * is one play, which has two SessionIds.
 */
function* resumptions(capture: Capture): Generator<Resumption> {
  if (!capture.isOfOneListener) return;
  for (const note of capture.sessions) {
    if (!note.known || note.flawed || note.beginsWithStop || note.firstPositionMs <= BEGINNING_MS) continue;
    const before = capture.preceding(note);
    if (!before?.known || before.flawed || before.endsOpen || before.clip !== note.clip) continue;
    if (note.firstMs - before.lastMs > SECOND_MS || before.highest >= MANY_EVENTS) continue;
    if (capture.isAtEnd(before)) continue;
    yield { before, note, movedMs: note.firstPositionMs - before.lastPositionMs };
  }
}

/** Sessions that another one continues at once, at the same place or after a jump in one direction: wrong. */
export function compareForResumptions(
  capture: Capture,
  found: Found,
  direction: 'same' | 'ahead' | 'back',
): void {
  for (const { before, note, movedMs } of resumptions(capture)) {
    const moved = movedMs > SAME_PLACE_MS ? 'ahead' : movedMs < -SAME_PLACE_MS ? 'back' : 'same';
    if (moved !== direction) continue;
    found.wrong(
      note,
      () =>
        `The session continues at ${placeText(note.firstPositionMs)} immediately after session ${before.key} of the same clip stopped at ${placeText(before.lastPositionMs)}: one play has two SessionIds.`,
    );
  }
}
