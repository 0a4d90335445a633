import { jumpsIn } from '../diagnoses/moves-not-reported.js';
import {
  BEGINNING_MS,
  type Found,
  placeText,
  SAME_PLACE_MS,
  type SeenPart,
  seenAt,
  stepsOf,
} from './define.js';
import { couldBePlayed } from './pauses.js';

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
      () => `It stops at ${placeText(fromPositionMs)} and starts at ${placeText(toPositionMs)}.`,
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
