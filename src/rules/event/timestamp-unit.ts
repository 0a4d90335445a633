import { changeAll, eventsExample, FIXED_AS_MINUTE, MINUTE } from '../../guide/guide.js';
import { TIMESTAMPS } from '../../wire/event.js';
import { defineRule } from '../define.js';
import { pointerTo, shown } from '../words.js';

/**
 * Whether a Timestamp cannot be current unix time in seconds: it is in milliseconds or microseconds, or counts from
 * page load.
 */
export function isOtherUnit(timestamp: number): boolean {
  return !(timestamp >= TIMESTAMPS.from && timestamp < TIMESTAMPS.below);
}

export const timestampUnit = defineRule({
  id: 'timestamp-unit',
  level: 'event',
  sees: 'columns',
  severity: 'error',
  title: 'Timestamp is not unix time in seconds',
  why: 'Timestamp is unix time in seconds of the moment the event was emitted; in another unit, listening is dated decades away.',
  mend: 'Use Math.floor(Date.now() / 1000).',
  reference: 'API-13',
  check({ timestamps }, from, to, report) {
    for (let i = from; i < to; i += 1) {
      const timestamp = timestamps[i]!;
      if (!isOtherUnit(timestamp) || Number.isNaN(timestamp)) continue;
      report(i, pointerTo('Timestamp'), () => ({
        expected: 'unix time in seconds (1e9 to 1e11)',
        received: `${shown(timestamp)}${looksLike(timestamp)}`,
      }));
    }
  },
  guide: () => ({
    firesWhen:
      'Timestamp is under 1e9 or at least 1e11: milliseconds, microseconds, or seconds since page load',
    inferred: 'The two limits: they leave the years 2001 to 5138.',
    broken: eventsExample(changeAll(MINUTE, (event) => ({ Timestamp: Number(event.Timestamp) * 1000 }))),
    ...FIXED_AS_MINUTE,
    cites: ['const emit'],
  }),
});

function looksLike(timestamp: number): string {
  if (timestamp >= 1e12 && timestamp < 1e14) return ', which looks like milliseconds';
  if (timestamp >= 1e15 && timestamp < 1e17) return ', which looks like microseconds';
  if (timestamp >= 0 && timestamp < 1e7) return ', which looks like seconds since the page was loaded';
  return '';
}
