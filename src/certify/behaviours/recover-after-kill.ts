import { type Capture, isAccepted, loadedMs, SECOND_MS, type SessionNote } from '../capture.js';
import { defineBehaviour, LATE_MS, LATEST_MS, spanText } from '../define.js';

export const recoverAfterKill = defineBehaviour({
  id: 'recover-after-kill',
  title: 'Delivers what was played before a crash',
  how: 'Play a clip for 30 s. Kill the process of the app or tab, so that the player cannot report anything. Open the player again, and wait until it has sent the session.',
  right:
    'a request that was answered 2xx has a session that ended before the page of the request was loaded (a HAR has the time). If pages are unknown: the last event of the session is a Start, or a Stop before the end of the clip, and the first request with the session starts a minute or more later. The request starts at most a day after the last event. The session can end with a Start, because what was played after it is unknown',
  wrong:
    'a page that was loaded later sends a delivered session again (`session-sent-again`; if pages are unknown: a minute later or more); a page that was loaded later continues the session with the same SessionId (`session-split`); the last Stop has the time of the recovery, so the last interval is much longer by the clock than its audio (`playback-too-slow`)',
  fix: 'Save the queue in storage as events happen. At the next start send the saved session unchanged, with its own SessionId and times, and delete it when the request was answered 2xx.',
  limits:
    'A complete session that waited for the network until the page was loaded again looks the same. If pages are unknown, so do a session that waited for the network, and a session that was paused for a minute before it ended. What is sent more than a day after its last event shows nothing: it is probably old data that was sent again.',
  needs: 'exchanges',
  diagnoses: [],
  compare(capture, found) {
    for (const { part, before } of capture.continuations()) {
      const loaded = part.request && loadedMs(part.request);
      if (loaded !== null && before.lastMs < loaded)
        found.wrong(
          part,
          () => 'The session continues with the same SessionId after the page was loaded again.',
        );
    }
    for (const part of capture.parts) {
      const { request, known } = part;
      if (!request || !known) continue;
      const wrong = wrongOf(part, capture);
      if (wrong !== null) found.wrong(part, () => wrong);
      else if (isRecovered(part, capture)) {
        const lateMs = request.beganMs === null ? 0 : request.beganMs - part.lastMs;
        const by = loadedMs(request) === null ? '' : ', by a page that was loaded later';
        const ending = part.endsOpen ? '. It ends with a Start: nothing was reported when it ended' : '';
        found.right(
          part,
          () => `The session was sent ${spanText(lateMs)} after its last event${by}${ending}.`,
        );
      }
    }
  },
});

function isRecovered(part: SessionNote, capture: Capture): boolean {
  const { request, flawed, occurrence, lastMs, fired } = part;
  if (!request || flawed || occurrence === 'split' || !isAccepted(request)) return false;
  if (fired.includes('session-sent-again')) return false;
  const loaded = loadedMs(request);
  const lateMs = request.beganMs === null ? null : request.beganMs - lastMs;
  if (lateMs !== null && lateMs > LATEST_MS) return false;
  if (loaded !== null) return lastMs + SECOND_MS < loaded;
  if (lateMs === null || lateMs < LATE_MS) return false;
  return capture.partsOf(part.key)[0] === part && !capture.isAtEnd(part);
}

function wrongOf(part: SessionNote, capture: Capture): string | null {
  const { request, fired, key, order, lastStartMs, lastMs, endsOpen, unreportedMs } = part;
  const loaded = request && loadedMs(request);
  const beganMs = request?.beganMs ?? null;
  if (fired.includes('session-sent-again') && beganMs !== null) {
    const before = capture.partsOf(key).find((other) => other.order < order)?.request?.beganMs ?? null;
    if (before !== null && (loaded === null ? beganMs - before >= LATE_MS : loaded > before))
      return 'The session was delivered before, and sent again later.';
  }
  if (loaded !== null && !endsOpen && fired.includes('playback-too-slow') && unreportedMs > 0) {
    if (lastStartMs < loaded && lastMs + SECOND_MS >= loaded)
      return `The last Stop has the time of the recovery: ${spanText(lastMs - lastStartMs)} after its Start, and after the page was loaded again.`;
  }
  return null;
}
