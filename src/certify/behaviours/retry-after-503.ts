import { type Capture, isTaken, MINUTE_MS, type RequestNote, type SessionNote } from '../capture.js';
import { defineBehaviour, spanText } from '../define.js';

/** A player that delivers something else this much later had the chance to send again. */
const CHANCE_MS = MINUTE_MS;
const TRY_LATER = [429, 503];

export const retryAfter503 = defineBehaviour({
  id: 'retry-after-503',
  title: 'Sends again after 503 or 429',
  how: 'Let omny-consume mock answer the first request with 503 (--fault 503@#1), end a session, and wait until the player has sent it again.',
  right:
    'a session whose request was answered 503 or 429 comes once more with the same events, in a request that is taken (2xx)',
  wrong:
    'it comes with other events (`session-split`); it comes again after it was delivered (`session-sent-again`); or it never comes again, though a request that began a minute later or more was taken',
  fix: 'Keep a session in the queue until its request was answered 2xx, and send it again later, unchanged, with the same SessionId.',
  limits: 'Where the capture ends within a minute, a session that does not come again is not seen.',
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
      const again = later.find(({ request }) => request && isTaken(request));
      if (again?.request)
        found.right(
          again,
          () => `Its request was answered ${status}; it came again ${afterText(part, again)} and was taken.`,
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
    return `Its request was answered ${status}; it came again with other events.`;
  if (later.some(({ fired }) => fired.includes('session-sent-again')))
    return `Its request was answered ${status}; it came again, was taken, and came once more.`;
  if (later.length > 0) return null;
  const failedMs = part.request!.beganMs;
  const chance = (other: RequestNote): boolean =>
    failedMs !== null &&
    other.beganMs !== null &&
    other.beganMs >= failedMs + CHANCE_MS &&
    other.place.input.index === part.request!.place.input.index &&
    isTaken(other);
  return capture.requests.some(chance)
    ? `Its request was answered ${status}; it never came again, though other sessions were delivered later.`
    : null;
}

function afterText(part: SessionNote, again: SessionNote): string {
  const [before, after] = [part.request?.beganMs ?? null, again.request?.beganMs ?? null];
  return before === null || after === null ? 'later' : `${spanText(after - before)} later`;
}
