import { type Capture, isTaken, loadedMs, SECOND_MS, type SessionNote } from '../capture.js';
import { defineBehaviour, LATE_MS, spanText } from '../define.js';

export const recoverAfterKill = defineBehaviour({
  id: 'recover-after-kill',
  title: 'Delivers what was played before it was killed',
  how: 'Play a clip for 30 s, and kill the app or the tab: kill the process, so that it cannot report anything. Open the player again and wait until it has sent.',
  right:
    'a request that was taken (2xx) holds a session that was over before its page was loaded (a HAR says when); where pages are not known, a session whose last event is a Start, or a Stop that is not at the end of its clip, a minute or more before the first request that holds it. It may end with a Start: what was played after that is not known',
  wrong:
    'a session that was delivered is sent again by a page that was loaded later, or where pages are not known a minute later or more (`session-sent-again`); it continues with the same SessionId on a page that was loaded later (`session-split`); its last Stop has the time of the recovery, after its page was loaded, with much more clock than audio (`playback-too-slow`)',
  fix: 'Keep the queue in storage as events happen. At the next start send what is there as it is, with its own SessionId and times, and delete it once it was taken.',
  limits:
    'A session that was over, and waited for the network until the page was loaded again, looks the same; where pages are not known, so does a session that waited for the network, and one that was paused for a minute before it ended.',
  needs: 'exchanges',
  diagnoses: [],
  compare(capture, found) {
    for (const { part, before } of capture.continuations()) {
      const loaded = part.request && loadedMs(part.request);
      if (loaded !== null && before.lastMs < loaded)
        found.wrong(part, () => 'It continues with the same SessionId after its page was loaded anew.');
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
        found.right(part, () => `It was sent ${spanText(lateMs)} after its last event${by}${ending}.`);
      }
    }
  },
});

function isRecovered(part: SessionNote, capture: Capture): boolean {
  const { request, flawed, occurrence, lastMs, fired } = part;
  if (!request || flawed || occurrence === 'split' || !isTaken(request)) return false;
  if (fired.includes('session-sent-again')) return false;
  const loaded = loadedMs(request);
  if (loaded !== null) return lastMs + SECOND_MS < loaded;
  if (request.beganMs === null || request.beganMs - lastMs < LATE_MS) return false;
  return capture.partsOf(part.key)[0] === part && !capture.isAtEnd(part);
}

function wrongOf(part: SessionNote, capture: Capture): string | null {
  const { request, fired, key, order, lastStartMs, lastMs, endsOpen, unreportedMs } = part;
  const loaded = request && loadedMs(request);
  const beganMs = request?.beganMs ?? null;
  if (fired.includes('session-sent-again') && beganMs !== null) {
    const before = capture.partsOf(key).find((other) => other.order < order)?.request?.beganMs ?? null;
    if (before !== null && (loaded === null ? beganMs - before >= LATE_MS : loaded > before))
      return 'It had been delivered, and was sent again later.';
  }
  if (loaded !== null && !endsOpen && fired.includes('playback-too-slow') && unreportedMs > 0) {
    if (lastStartMs < loaded && lastMs + SECOND_MS >= loaded)
      return `Its last Stop has the time of the recovery: ${spanText(lastMs - lastStartMs)} after its Start, and after its page was loaded anew.`;
  }
  return null;
}
