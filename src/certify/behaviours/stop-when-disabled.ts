import { type Capture, pageOf, type RequestNote, SECOND_MS } from '../capture.js';
import { defineBehaviour, spanText } from '../define.js';

/** A page that sends nothing for this long has stopped. */
const SILENT_MS = 30 * SECOND_MS;

export const stopWhenDisabled = defineBehaviour({
  id: 'stop-when-disabled',
  title: 'Stops sending after "Enabled": false',
  how: 'Start omny-consume mock with --disabled, so that it answers "Enabled": false. End a session. Then play another clip for 30 s and end it, without reloading the page. Only then reload the page.',
  right:
    'after an answer with "Enabled": false, the same page sends no request for that organization, and the capture continues for 30 s or more (a HAR has other requests of the page, or requests of a page that was loaded later)',
  wrong:
    'the same page sends a request 1 s or more after an answer with "Enabled": false (`sent-after-disabled`)',
  fix: 'Read the answer. After "Enabled": false send nothing more until the app or page is started again.',
  limits:
    'The data does not show whether something was played in that time. If nothing was played, there was nothing to send: so play another clip.',
  needs: 'exchanges',
  diagnoses: [],
  lookAtRequest({ note }, found) {
    if (note.fired.includes('sent-after-disabled'))
      found.wrongRequest(
        note,
        () => 'The request was sent although an earlier one was answered "Enabled": false.',
      );
  },
  compare(capture, found) {
    const seen = new Set<string>();
    for (const request of capture.requests) {
      if (request.answer?.enabled !== false) continue;
      const sender = senderOf(request);
      if (seen.has(sender)) continue;
      seen.add(sender);
      const silentMs = silenceAfter(request, sender, capture);
      if (silentMs !== null && silentMs >= SILENT_MS)
        found.rightRequest(
          request,
          () =>
            `The request was answered "Enabled": false, and no request followed for ${spanText(silentMs)}.`,
        );
    }
  },
});

function senderOf(request: RequestNote): string {
  return `${request.organization} ${pageOf(request) ?? request.place.input.index}`;
}

/** For how long a sender is known to have sent nothing more; null if it sent something. */
function silenceAfter(request: RequestNote, sender: string, capture: Capture): number | null {
  const at = request.answer?.at ?? null;
  const answeredMs = at === null ? request.beganMs : at * 1000;
  if (answeredMs === null) return null;
  let untilMs = Math.max(capture.endedMs ?? 0, (request.exchange?.pageActiveUntil ?? 0) * 1000);
  for (const other of capture.requests) {
    const beganMs = other.beganMs ?? 0;
    if (beganMs <= answeredMs || other.place.input.index !== request.place.input.index) continue;
    if (senderOf(other) === sender) {
      if (beganMs >= answeredMs + SECOND_MS) return null;
    } else untilMs = Math.max(untilMs, beganMs);
  }
  return Math.max(0, untilMs - answeredMs);
}
