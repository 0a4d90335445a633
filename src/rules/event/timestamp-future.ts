import { toMs } from '../../domain/listening.js';
import { changeAll, eventsExample, FIXED_AS_MINUTE, MINUTE } from '../../guide/guide.js';
import { defineRule, type RuleSettings } from '../define.js';
import { pointerTo, shown } from '../words.js';
import { isOtherUnit } from './timestamp-unit.js';

const ALLOWED_SECONDS = 300;

/** The latest Timestamp that is not in the future. */
export function latestTimestamp({ now }: Pick<RuleSettings, 'now'>): number {
  return now + ALLOWED_SECONDS;
}

const QUARTER_HOUR_MS = 900_000;
const MAX_ZONE_MS = 14 * 3_600_000;
const ZONE_TOLERANCE_MS = 60_000;

/** The difference as that of a time zone, a whole number of quarter hours: `5 h 30 min`; null if it is not one. */
function zoneAhead(aheadMs: number): string | null {
  const quarters = Math.round(aheadMs / QUARTER_HOUR_MS);
  const zoneMs = quarters * QUARTER_HOUR_MS;
  if (quarters < 1 || zoneMs > MAX_ZONE_MS || Math.abs(aheadMs - zoneMs) > ZONE_TOLERANCE_MS) return null;
  const [hours, minutes] = [Math.floor(quarters / 4), (quarters % 4) * 15];
  return [hours > 0 && `${hours} h`, minutes > 0 && `${minutes} min`].filter(Boolean).join(' ');
}

export const timestampFuture = defineRule({
  id: 'timestamp-future',
  level: 'event',
  sees: 'columns',
  severity: 'warning',
  title: 'Timestamp is in the future',
  why: 'Timestamp is the moment the event was emitted, which cannot be in the future. A device clock that is ahead dates listening to the wrong day.',
  mend: 'Check the device’s clock and time zone: unix time has no zone. For recorded data, set the current time with --now.',
  reference: 'API-13',
  check({ timestamps }, from, to, report, { now }) {
    const latest = latestTimestamp({ now });
    for (let i = from; i < to; i += 1) {
      const timestamp = timestamps[i]!;
      if (!(timestamp > latest) || isOtherUnit(timestamp)) continue;
      report(i, pointerTo('Timestamp'), () => ({
        expected: `a Timestamp of at most ${ALLOWED_SECONDS} s after now (${now})`,
        received: shown(timestamp),
      }));
    }
  },
  checkSent(session, beganAt, report) {
    const last = session.count - 1;
    const timestamp = session.timestamps[last]!;
    if (Number.isNaN(timestamp) || isOtherUnit(timestamp)) return;
    const aheadMs = toMs(timestamp) - toMs(beganAt);
    if (aheadMs <= ALLOWED_SECONDS * 1000) return;
    const zone = zoneAhead(aheadMs);
    report(last, () => ({
      expected: `a Timestamp of at most ${ALLOWED_SECONDS} s after its request started (${beganAt})`,
      received: shown(timestamp),
      ...(zone !== null && {
        hint: `This is ${zone} later than the request: a local time was written as if it were UTC. Unix time has no zone: Math.floor(Date.now() / 1000).`,
      }),
    }));
  },
  guide: () => {
    /** The year 2100. */
    const farAhead = 4102444800;
    return {
      firesWhen:
        'Timestamp is more than 300 s after now (set the current time with --now). In HAR and mock, only the last event of a session is checked, and it is compared with the start of its request if that is earlier. Not reported if timestamp-unit is',
      inferred: 'The 300 s, for clocks that are ahead.',
      broken: eventsExample(changeAll(MINUTE, (_, i) => ({ Timestamp: farAhead + i * 61 }))),
      ...FIXED_AS_MINUTE,
    };
  },
});
