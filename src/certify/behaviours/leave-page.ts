import {
  type Capture,
  isLoadedAfter,
  isTaken,
  loadedMs,
  MINUTE_MS,
  pageOf,
  SECOND_MS,
  type SessionNote,
} from '../capture.js';
import { defineBehaviour, laterText, placeText } from '../define.js';

/** A request that begins within this time after the last event was sent at once. */
const AT_ONCE_MS = 5 * SECOND_MS;

export const leavePage = defineBehaviour({
  id: 'leave-page',
  title: 'Reports when its page is left',
  how: 'Play a clip for 20 s, and close the tab or go to another page while it plays.',
  right:
    'a request of type application/json that was taken (2xx) begins within 5 s of the last event of a session in it, a Stop that is not at the end of the clip; and it is the last request of its page, or where pages are not known no session begins in the minute that follows',
  wrong:
    'a request is not of type application/json (`content-type`): a string passed to sendBeacon looks so; the last request of a page holds a session that was played on it and ends with a Start (`session-open`)',
  fix: 'On `pagehide` emit Stop, and send with navigator.sendBeacon and a Blob of type application/json (or fetch with keepalive).',
  limits:
    'A session that is ended by hand looks the same. Some browsers leave the bodies of beacons out of a HAR: omny-consume mock sees them.',
  needs: 'exchanges',
  diagnoses: [],
  lookAtRequest({ note }, found) {
    if (note.fired.includes('content-type'))
      found.wrongRequest(
        note,
        () => `The request’s type is ${note.exchange?.mediaType ?? 'not given'}, and not application/json.`,
      );
  },
  compare(capture, found) {
    for (const note of capture.sessions) {
      const { request, known, endsOpen, lastMs, lastPositionMs } = note;
      if (!request || request.beganMs === null || !known) continue;
      if (capture.partsOf(note.key).length > 1 || !isLast(note, request.beganMs, capture)) continue;
      const loaded = loadedMs(request);
      if (capture.endedWhenSent(note) || isLoadedAfter(request, note.firstMs)) continue;
      if (endsOpen && loaded !== null) {
        found.wrong(
          note,
          () =>
            `The last request of its page holds it, and it ends with a Start at ${placeText(lastPositionMs)}: its Stop is missing.`,
        );
        continue;
      }
      const afterMs = request.beganMs - lastMs;
      if (endsOpen || note.flawed || capture.isAtEnd(note) || !isTaken(request)) continue;
      if (afterMs < -SECOND_MS || afterMs > AT_ONCE_MS || request.fired.includes('content-type')) continue;
      found.right(
        note,
        () => `It stops at ${placeText(lastPositionMs)} and was sent ${laterText(afterMs)}; nothing follows.`,
      );
    }
  },
});

/** Whether nothing follows of its page; where pages are not known, nothing in the next minute. */
function isLast(note: SessionNote, beganMs: number, capture: Capture): boolean {
  const page = pageOf(note.request);
  if (page !== null && note.request?.exchange?.page != null)
    return !capture.requests.some((other) => pageOf(other) === page && (other.beganMs ?? 0) > beganMs);
  for (const other of capture.beginning(note.lastMs, note.lastMs + MINUTE_MS))
    if (other !== note) return false;
  return true;
}
