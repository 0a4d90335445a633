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

/** The time and position of a Stop that two sessions are unlikely to share by chance, in whole milliseconds. */
export interface DistinctiveStop {
  readonly timestampMs: number;
  readonly positionMs: number;
}

/**
 * Event `i` as a distinctive Stop; null if it is not one. Two sessions can easily share a Position that is a whole
 * number, or one in the first second of their clips: a listener can skip two clips within a second.
 */
export function distinctiveStop(
  { flags, positions, timestamps }: Session,
  i: number,
): DistinctiveStop | null {
  const [position, timestamp] = [positions[i]!, timestamps[i]!];
  if ((flags[i]! & EVENT_FLAG.stop) === 0 || !Number.isFinite(position) || !Number.isFinite(timestamp))
    return null;
  const positionMs = toMs(position);
  return positionMs < 1000 || positionMs % 1000 === 0 ? null : { timestampMs: toMs(timestamp), positionMs };
}

export const eventLeaked = defineRule({
  id: 'event-leaked',
  level: 'request',
  severity: 'warning',
  title: 'Two sessions have the same Stop',
  why: 'A SessionId identifies one continuous play. Two sessions with the same Stop, to the fraction of a second, mean that an ended session’s event listener still records.',
  mend: 'Remove the event listeners of a session (pause, ended, pagehide) when it ends, before those of the next are added.',
  reference: 'API-9, OBS-2',
  checkSession({ session, leaks }, report) {
    for (const { at, from } of leaks) {
      const stop = distinctiveStop(session, at);
      if (!stop) continue;
      report(at, () => ({
        expected: `a Stop of this session only`,
        received: `a Stop that session ${from} also has: Timestamp ${stop.timestampMs / 1000}, Position ${secs(stop.positionMs)}`,
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
        'HAR and mock (traffic of one player): a Stop has the same Timestamp and the same Position as a Stop of an earlier session, and the Position is at least 1 s and not a whole number. One finding per pair of sessions, at the later one. Not reported in these cases: both sessions play the same clip, and the Position is the farthest of both, or another Stop at this Position of the clip has another Timestamp (an ad break, the end of a chapter); the first events of both sessions are equal (a test with a fixed clock); at the mock, the Position has at most one decimal',
      inferred:
        'That an event listener of an ended session wrote it: two sessions are unlikely to share such a Stop by chance.',
      broken: captureExample(exampleExchange(MINUTE), exampleExchange(next)),
      fixed: captureExample(exampleExchange(ended), exampleExchange(next)),
      shows: ['SessionId', 'Type', 'Position', 'Timestamp'],
      cites: ['const gone', 'for (const name of', 'return (id'],
    };
  },
});
