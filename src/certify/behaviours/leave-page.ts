import {
  type Capture,
  isAccepted,
  isLoadedAfter,
  loadedMs,
  MINUTE_MS,
  pageOf,
  SECOND_MS,
  type SessionNote,
} from '../capture.js';
import { defineBehaviour, laterText, placeText } from '../define.js';

/** A request that starts within this time after the last event was sent immediately. */
const AT_ONCE_MS = 5 * SECOND_MS;

export const leavePage = defineBehaviour({
  id: 'leave-page',
  title: 'Reports when the page is left',
  how: 'Play a clip for 20 s, and close the tab or go to another page while it plays.',
  right:
    'a request of type application/json that was answered 2xx starts within 5 s after the last event of a session; that event is a Stop before the end of the clip, and the request is the last one of its page (if pages are unknown: no session starts in the next minute)',
  wrong:
    'a request is not of type application/json (`content-type`), for example because sendBeacon was called with a string; the last request of a page has a session of that page that ends with a Start (`session-open`)',
  fix: 'On `pagehide` emit Stop, and send the session with navigator.sendBeacon and a Blob of type application/json (or fetch with keepalive).',
  limits:
    'A session that the listener ends in another way looks the same. Some browsers leave the bodies of beacons out of a HAR; omny-consume mock sees them.',
  needs: 'exchanges',
  diagnoses: [],
  lookAtRequest({ note }, found) {
    if (note.fired.includes('content-type'))
      found.wrongRequest(
        note,
        () => `The type of the request is ${note.exchange?.mediaType ?? 'not given'}, not application/json.`,
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
            `The session is in the last request of its page, and ends with a Start at ${placeText(lastPositionMs)}: the Stop is missing.`,
        );
        continue;
      }
      const afterMs = request.beganMs - lastMs;
      if (endsOpen || note.flawed || capture.isAtEnd(note) || !isAccepted(request)) continue;
      if (afterMs < -SECOND_MS || afterMs > AT_ONCE_MS || request.fired.includes('content-type')) continue;
      found.right(
        note,
        () =>
          `The session stops at ${placeText(lastPositionMs)} and was sent ${laterText(afterMs)}; nothing follows.`,
      );
    }
  },
});

/** Whether nothing follows on the session's page or, if pages are unknown, nothing in the next minute. */
function isLast(note: SessionNote, beganMs: number, capture: Capture): boolean {
  const page = pageOf(note.request);
  if (page !== null && note.request?.exchange?.page != null)
    return !capture.requests.some((other) => pageOf(other) === page && (other.beganMs ?? 0) > beganMs);
  for (const other of capture.beginning(note.lastMs, note.lastMs + MINUTE_MS))
    if (other !== note) return false;
  return true;
}
