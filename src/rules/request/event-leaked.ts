import { EVENT_FLAG } from '../../domain/event-batch.js';
import { toMs } from '../../domain/listening.js';
import type { Session } from '../../domain/session.js';
import {
  captureExample,
  exampleExchange,
  exampleSession,
  MINUTE,
  OTHER_CLIP,
  OTHER_SESSION,
} from '../../guide/guide.js';
import { defineRule } from '../define.js';
import { secs } from '../words.js';

/** The instant and place of a Stop that hardly two sessions share by chance, both in whole milliseconds. */
export interface DistinctiveStop {
  readonly timestampMs: number;
  readonly positionMs: number;
}

/** Event `i` as a distinctive Stop; null where it is none: a Position that is a whole number may well stand in two sessions. */
export function distinctiveStop(
  { flags, positions, timestamps }: Session,
  i: number,
): DistinctiveStop | null {
  const [position, timestamp] = [positions[i]!, timestamps[i]!];
  if ((flags[i]! & EVENT_FLAG.stop) === 0 || !Number.isFinite(position) || !Number.isFinite(timestamp))
    return null;
  const positionMs = toMs(position);
  return positionMs % 1000 === 0 ? null : { timestampMs: toMs(timestamp), positionMs };
}

export const eventLeaked = defineRule({
  id: 'event-leaked',
  level: 'request',
  severity: 'warning',
  title: 'Two sessions have the same Stop',
  why: 'A SessionId stands for one continuous play. Two sessions that stop in the same second at the same fraction of a second of audio were written by one listener too many: that of an ended session still records.',
  mend: 'Remove the event listeners of a session (pause, ended, pagehide) when it ends, before those of the next are added.',
  reference: 'API-9, OBS-2',
  checkSession({ session, leaks }, report) {
    for (const { at, from } of leaks) {
      const stop = distinctiveStop(session, at);
      if (!stop) continue;
      report(at, () => ({
        expected: `a Stop of this session alone`,
        received: `one that session ${from} has too: Timestamp ${stop.timestampMs / 1000}, Position ${secs(stop.positionMs)}`,
      }));
    }
  },
  guide: () => {
    const next = exampleSession(
      [
        ['Start', 40, 40],
        ['Stop', 61.25, 61],
      ],
      { SessionId: OTHER_SESSION, ClipId: OTHER_CLIP },
    );
    const ended = exampleSession([
      ['Start', 0, 0],
      ['Stop', 40, 40],
    ]);
    return {
      firesWhen:
        'HAR and mock (one player’s traffic): a Stop has the same Timestamp and the same Position, not a whole number, as a Stop of another session seen before (one finding a pair of sessions, at the one seen later). Not where both are of the same clip and it is the farthest Position of both sessions, or a Stop at that Position of that clip has been seen at another second (an ad break, a chapter’s end); nor where the first events of both sessions say the same (a test with a fixed clock); nor, at the mock, where the Position has at most one decimal',
      inferred: 'That one listener too many wrote it: hardly two sessions stop so alike by chance.',
      broken: captureExample(exampleExchange(MINUTE), exampleExchange(next)),
      fixed: captureExample(exampleExchange(ended), exampleExchange(next)),
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
  },
});
