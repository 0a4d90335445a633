import type { Interval } from '../../domain/listening.js';
import type { SoundEvent } from '../../domain/session.js';
import { defineRule } from '../define.js';

const MEASURABLE_CLOCK_MS = 2000;
const SINGLE_CLOCK_MS = 10_000;

export const positionUnit = defineRule({
  id: 'position-unit',
  level: 'session',
  needs: 'order',
  severity: 'error',
  title: 'Positions are in milliseconds',
  why: 'Position is in seconds, fractions allowed: audio that runs about a thousand times as fast as the clock is in milliseconds.',
  mend: 'Divide by 1000: many players’ APIs give milliseconds, HTML audio’s currentTime gives seconds.',
  reference: 'API-11',
  check({ listening: { kept, intervals } }, report) {
    const [first] = kept;
    const measurable = intervals.filter(({ clockMs }) => clockMs >= MEASURABLE_CLOCK_MS);
    const [single] = measurable;
    if (!first || !single) return;
    const found =
      measurable.length > 1
        ? measurable.every((interval) => ratioLies(interval, 400, 6000))
        : single.clockMs >= SINGLE_CLOCK_MS &&
          ratioLies(single, 800, 1250) &&
          kept.every(({ event }) => Number.isInteger(event.sound.position));
    if (!found) return;
    const ratio = Math.round(single.audioMs / single.clockMs);
    report({
      at: first.event,
      expected: 'Positions in seconds',
      received: `audio that runs ${ratio} times as fast as the clock, as in milliseconds`,
    });
  },
});

function ratioLies({ audioMs, clockMs }: Interval<SoundEvent>, low: number, high: number): boolean {
  return audioMs >= low * clockMs && audioMs <= high * clockMs;
}
