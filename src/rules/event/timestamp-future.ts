import { changeAll, eventsExample, LISTENING_FIELDS, MINUTE } from '../../guide/guide.js';
import { defineRule, type RuleSettings } from '../define.js';
import { pointerTo, shown } from '../words.js';
import { isOtherUnit } from './timestamp-unit.js';

const ALLOWED_SECONDS = 300;

/** The latest Timestamp that is none of the future. */
export function latestTimestamp({ now }: Pick<RuleSettings, 'now'>): number {
  return now + ALLOWED_SECONDS;
}

export const timestampFuture = defineRule({
  id: 'timestamp-future',
  level: 'event',
  sees: 'columns',
  severity: 'warning',
  title: 'Timestamp lies in the future',
  why: 'Timestamp is the moment the event was emitted, which has been; a device clock that is ahead files listening on wrong days.',
  mend: 'Look at the device’s clock and time zone: unix time has no zone. With recorded data, --now sets the time that counts as now.',
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
  guide: () => {
    /** The year 2100. */
    const farAhead = 4102444800;
    return {
      firesWhen: 'Timestamp is more than 300 s after now (--now pins now); not where timestamp-unit fires',
      inferred: 'The 300 s, for clocks that are ahead.',
      broken: eventsExample(changeAll(MINUTE, (_, i) => ({ Timestamp: farAhead + i * 61 }))),
      mended: eventsExample(MINUTE),
      shows: LISTENING_FIELDS,
    };
  },
});
