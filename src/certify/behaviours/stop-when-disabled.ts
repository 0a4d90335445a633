import { type Capture, pageOf, type RequestNote, SECOND_MS } from '../capture.js';
import { defineBehaviour, spanText } from '../define.js';

/** Silence of this length shows something. */
const SILENT_MS = 30 * SECOND_MS;

export const stopWhenDisabled = defineBehaviour({
  id: 'stop-when-disabled',
  title: 'Stops sending after "Enabled": false',
  how: 'Let omny-consume mock --disabled answer "Enabled": false to a session. Then play another clip for 30 s and end that, without loading the page anew. Only then load it anew.',
  right:
    'after an answer with "Enabled": false, no request for that organization comes from the same page, and the capture shows that 30 s or more passed: by another request of the page (of any kind, in a HAR), or by a request of a page that was loaded later',
  wrong: 'a request comes from the same page 1 s or more after such an answer (`sent-after-disabled`)',
  fix: 'Read the answer: after "Enabled": false send nothing more until the app or page is started anew.',
  limits:
    'That something was played in that time cannot be seen: play another clip, so that the silence means something.',
  needs: 'exchanges',
  diagnoses: [],
  lookAtRequest({ note }, found) {
    if (note.fired.includes('sent-after-disabled'))
      found.wrongRequest(note, () => 'It was sent though an earlier request was answered "Enabled": false.');
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
            `It was answered "Enabled": false, and no request came in the ${spanText(silentMs)} that followed.`,
        );
    }
  },
});

function senderOf(request: RequestNote): string {
  return `${request.organization} ${pageOf(request) ?? request.place.input.index}`;
}

/** For how long nothing more came from a sender, as far as it is known that time passed; null where something came. */
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
