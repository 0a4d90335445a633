import { isTaken, SECOND_MS } from '../capture.js';
import { defineBehaviour, LATE_MS, spanText } from '../define.js';

const LEAST_PLAYED_MS = 10 * SECOND_MS;
const LEAST_SPREAD_MS = 5 * SECOND_MS;

export const lateDelivery = defineBehaviour({
  id: 'late-delivery',
  title: 'Delivers late with the true times',
  how: 'Switch the network off, play a clip for 30 s and end the session, wait for a minute, and switch the network on again.',
  right:
    'a request that was taken (2xx) begins a minute or more after the last Timestamp of a session in it that played 10 s or more, and whose Timestamps are 5 s or more apart',
  wrong:
    'the Timestamps of a session are those of its sending (`timestamps-at-flush`, `timestamps-at-send`); `stamps-at-flush`',
  fix: 'Take the Timestamp in the handler that makes the event, and keep it in the queue.',
  limits: 'A clock of the device that is late by a minute or more looks the same.',
  needs: 'exchanges',
  diagnoses: ['stamps-at-flush'],
  look({ fired, note }, found) {
    if (fired.has('timestamps-at-flush') || fired.has('timestamps-at-send'))
      found.wrong(
        note,
        () => `Its Timestamps are all the same or nearly so, though ${spanText(note.playedMs)} were played.`,
      );
  },
  compare(capture, found) {
    for (const note of capture.parts) {
      const { request, flawed, playedMs, firstMs, lastMs, fired } = note;
      if (!request || request.beganMs === null || flawed || !isTaken(request)) continue;
      if (playedMs < LEAST_PLAYED_MS || lastMs - firstMs < LEAST_SPREAD_MS) continue;
      const lateMs = request.beganMs - lastMs;
      if (lateMs < LATE_MS || fired.includes('timestamps-at-send')) continue;
      found.right(
        note,
        () => `It was sent ${spanText(lateMs)} after its last event, with the times of its events.`,
      );
    }
  },
});
