import { type Capture, isAccepted, MINUTE_MS, SECOND_MS, type SessionNote } from '../capture.js';
import { defineBehaviour, LATE_MS, LATEST_MS, spanText } from '../define.js';

const LEAST_PLAYED_MS = 10 * SECOND_MS;
const LEAST_SPREAD_MS = 5 * SECOND_MS;
/** At least this many requests must be late: a player with a right clock sends at least one of them immediately. */
const LEAST_REQUESTS = 5;
const LEAST_BEHIND_MS = 15 * MINUTE_MS;
const SAME_DELAY_MS = 10 * SECOND_MS;

export const lateDelivery = defineBehaviour({
  id: 'late-delivery',
  title: 'Delivers late, with the times of the events',
  how: 'Switch the network off. Play a clip for 30 s and end the session. Wait for a minute, and switch the network on again.',
  right:
    'a request that was answered 2xx starts a minute to a day after the last Timestamp of a session in it; the session played 10 s or more, and its Timestamps are 5 s or more apart',
  wrong:
    'the Timestamps of a session are the time at which it was sent (`timestamps-at-flush`, `timestamps-at-send`); the diagnosis `stamps-at-flush` is reported; the clock or the time zone is wrong: five requests or more start 15 min or more after the last Timestamp in them, most of them by the same difference (within 10 s), and none by less',
  fix: 'Take the Timestamp in the handler that makes the event, and keep it in the queue. It is Unix time, the same in every time zone.',
  limits:
    'A device clock that is slow by a minute or more looks the same. What is sent more than a day after its last event shows nothing: it is probably old data that was sent again.',
  needs: 'exchanges',
  diagnoses: ['stamps-at-flush'],
  look({ fired, note }, found) {
    if (fired.has('timestamps-at-flush') || fired.has('timestamps-at-send'))
      found.wrong(
        note,
        () =>
          `The Timestamps are all equal or nearly equal, although ${spanText(note.playedMs)} were played.`,
      );
  },
  compare(capture, found) {
    const behind = behindClock(capture);
    if (behind !== null) {
      const { note, lateMs } = behind;
      found.wrong(
        note,
        () =>
          `All requests come ${spanText(lateMs)} or more after their last Timestamps: the clock is behind.`,
      );
    }
    for (const note of capture.parts) {
      const { request, flawed, playedMs, firstMs, lastMs, fired } = note;
      if (!request || request.beganMs === null || flawed || !isAccepted(request)) continue;
      if (playedMs < LEAST_PLAYED_MS || lastMs - firstMs < LEAST_SPREAD_MS) continue;
      const lateMs = request.beganMs - lastMs;
      if (lateMs < LATE_MS || lateMs > LATEST_MS || fired.includes('timestamps-at-send')) continue;
      found.right(
        note,
        () => `The session was sent ${spanText(lateMs)} after its last event, with the times of its events.`,
      );
    }
  },
});

/** How far the clock of the Timestamps is behind, and the request that shows it; null if it is not behind. */
function behindClock(capture: Capture): { readonly note: SessionNote; readonly lateMs: number } | null {
  const latest = new Map<number, SessionNote>();
  for (const note of capture.parts) {
    const { request } = note;
    if (!request || request.beganMs === null) continue;
    const other = latest.get(request.number);
    if (!other || note.lastMs > other.lastMs) latest.set(request.number, note);
  }
  const late = [...latest.values()]
    .map((note) => ({ note, lateMs: note.request!.beganMs! - note.lastMs }))
    .toSorted((a, b) => a.lateMs - b.lateMs);
  const [first] = late;
  if (!first || late.length < LEAST_REQUESTS || first.lateMs < LEAST_BEHIND_MS) return null;
  const median = late[Math.floor(late.length / 2)]!;
  return median.lateMs - first.lateMs <= SAME_DELAY_MS ? first : null;
}
