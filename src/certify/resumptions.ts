import { type Capture, SECOND_MS, type SessionNote } from './capture.js';
import { BEGINNING_MS, type Found, placeText, SAME_PLACE_MS } from './define.js';

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
        `It continues at ${placeText(note.firstPositionMs)} at once after session ${before.key} of the same clip stopped at ${placeText(before.lastPositionMs)}: one play has two SessionIds.`,
    );
  }
}
