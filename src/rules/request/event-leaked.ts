import { toMs } from '../../domain/listening.js';
import type { SessionEvent } from '../../domain/session.js';
import { wireFields } from '../../wire/fields.js';
import { defineRule } from '../define.js';
import { secs } from '../words.js';

/** The instant and place of a Stop that hardly two sessions share by chance, both in whole milliseconds. */
export interface TellingStop {
  readonly timestampMs: number;
  readonly positionMs: number;
}

/** An event as a telling Stop; null where it is none: a Position that is a whole number may well stand in two sessions. */
export function tellingStop(event: SessionEvent): TellingStop | null {
  const { Type: type, Position: position, Timestamp: timestamp } = wireFields(event);
  if (type !== 'Stop' || !Number.isFinite(position) || !Number.isFinite(timestamp)) return null;
  const positionMs = toMs(Number(position));
  return positionMs % 1000 === 0 ? null : { timestampMs: toMs(Number(timestamp)), positionMs };
}

export const eventLeaked = defineRule({
  id: 'event-leaked',
  level: 'request',
  severity: 'warning',
  title: 'Two sessions have the same Stop',
  why: 'A SessionId stands for one continuous play. Two sessions that stop in the same second at the same fraction of a second of audio were written by one listener too many: that of an ended session still records.',
  mend: 'Remove the event listeners of a session (pause, ended, pagehide) when it ends, before those of the next are added.',
  reference: 'API-9, OBS-2',
  checkSession({ leaks }, report) {
    for (const { at, from } of leaks) {
      const stop = tellingStop(at);
      if (!stop) continue;
      report({
        at,
        expected: `a Stop of this session alone`,
        received: `one that session ${from} has too: Timestamp ${stop.timestampMs / 1000}, Position ${secs(stop.positionMs)}`,
      });
    }
  },
});
