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

/** The lengths of the pauses of a behaviour, in milliseconds. */
export interface PauseLengths {
  readonly fromMs: number;
  /** Wrong pauses from this length on belong to another behaviour. */
  readonly untilMs: number;
}

/** Finds pauses that a session reports right: a Start follows a Stop at the same place. */
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

/** Finds wrong pauses: those at which a session was sent, and, if no session reports a pause, those that are not reported. */
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

/** Whether this much audio can be played in this time. */
export function couldBePlayed(audioMs: number, clockMs: number, maxSpeed: number): boolean {
  return (
    audioMs >= -SAME_PLACE_MS && audioMs <= maxSpeed * (Math.max(0, clockMs) + SECOND_MS) + SAME_PLACE_MS
  );
}

/**
 * Finds jumps in one direction. Right: reported as a Stop and a Start. Wrong: inside an interval, or reported with only a
 * Start.
 */
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

/** A player may send a session with more events in several parts. */
const MANY_EVENTS = 100;

/** A session that continues the play of another session of the same clip. */
interface Resumption {
  readonly before: SessionNote;
  readonly note: SessionNote;
  /** The Position of its first Start minus that of the other's last Stop. */
  readonly movedMs: number;
}

/**
 * Sessions that start within a second after another session of the same clip stopped. The stop is not at the end of the clip,
 * and the start is not at its beginning, so this is one play with two SessionIds.
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

/** Finds plays that wrongly continue in a new session, at the same place or after a jump in one direction. */
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
