import { type Capture, isAccepted, MINUTE_MS, type RequestNote, type SessionNote } from '../capture.js';
import { defineBehaviour, spanText } from '../define.js';

/** A player that delivers another session this much later could also have sent the refused one again. */
const CHANCE_MS = MINUTE_MS;
const TRY_LATER = [429, 503];

export const retryAfter503 = defineBehaviour({
  id: 'retry-after-503',
  title: 'Sends again after 503 or 429',
  how: 'Start omny-consume mock with --fault 503@#1, so that it answers the first request with 503. End a session, and wait until the player has sent it again.',
  right:
    'a request is answered 503 or 429, and its session is sent again with the same events, in a request that is answered 2xx',
  wrong:
    'the session is sent again with other events (`session-split`); the session is sent once more after it was delivered (`session-sent-again`); the session is never sent again, although a request a minute later or more was answered 2xx',
  fix: 'Keep a session in the queue until its request is answered 2xx. Send it again later, unchanged, with the same SessionId.',
  limits:
    'If the capture ends within a minute, a session that is not sent again is listed as not seen, not as wrong.',
  needs: 'exchanges',
  diagnoses: [],
  compare(capture, found) {
    const seen = new Set<string>();
    for (const part of capture.parts) {
      const status = part.request?.answer?.status ?? 0;
      if (!TRY_LATER.includes(status) || seen.has(part.key)) continue;
      seen.add(part.key);
      const later = capture.partsOf(part.key).filter(({ order }) => order > part.order);
      const wrong = wrongOf(part, status, later, capture);
      if (wrong !== null) {
        found.wrong(part, () => wrong);
        continue;
      }
      const again = later.find(({ request }) => request && isAccepted(request));
      if (again?.request)
        found.right(
          again,
          () =>
            `The request was answered ${status}; the session was sent again ${afterText(part, again)} and delivered.`,
        );
    }
  },
});

function wrongOf(
  part: SessionNote,
  status: number,
  later: readonly SessionNote[],
  capture: Capture,
): string | null {
  if (later.some(({ occurrence }) => occurrence === 'split'))
    return `The request was answered ${status}; the session was sent again with other events.`;
  if (later.some(({ fired }) => fired.includes('session-sent-again')))
    return `The request was answered ${status}; the session was sent again and delivered, and then sent once more.`;
  if (later.length > 0) return null;
  const failedMs = part.request!.beganMs;
  const chance = (other: RequestNote): boolean =>
    failedMs !== null &&
    other.beganMs !== null &&
    other.beganMs >= failedMs + CHANCE_MS &&
    other.place.input.index === part.request!.place.input.index &&
    isAccepted(other);
  return capture.requests.some(chance)
    ? `The request was answered ${status}; the session was never sent again, although other sessions were delivered later.`
    : null;
}

function afterText(part: SessionNote, again: SessionNote): string {
  const [before, after] = [part.request?.beganMs ?? null, again.request?.beganMs ?? null];
  return before === null || after === null ? 'later' : `${spanText(after - before)} later`;
}
