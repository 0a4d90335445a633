import { capture, MINUTE, OTHER_SESSION, sent, session } from '../data.js';
import type { RuleGuide } from '../define.js';

const NEXT = session(
  [
    ['Start', 40, 40],
    ['Stop', 61.25, 61],
  ],
  { SessionId: OTHER_SESSION },
);
const ENDED = session([
  ['Start', 0, 0],
  ['Stop', 40, 40],
]);

export const eventLeaked: RuleGuide = {
  firesWhen:
    'HAR and mock (one player’s traffic): a Stop has the same Timestamp and the same Position, not a whole number, as a Stop of another session seen before (one finding a pair of sessions, on the later seen)',
  inferred: 'That one listener too many wrote it: hardly two sessions stop so alike by chance.',
  broken: capture(sent(MINUTE), sent(NEXT)),
  mended: capture(sent(ENDED), sent(NEXT)),
  shows: ['SessionId', 'Type', 'Position', 'Timestamp'],
  code: `let listeners = new AbortController();
function begin() {
  listeners.abort(); // those of the session before
  listeners = new AbortController();
  const { signal } = listeners;
  audio.addEventListener('playing', () => note('Start'), { signal });
  audio.addEventListener('pause', () => note('Stop'), { signal });
}`,
};
