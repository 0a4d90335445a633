import type { Session } from '../../domain/session.js';
import { changeAll, eventsExample, LISTENING_FIELDS, WITH_JUMP } from '../../guide/guide.js';
import { clipDurationOf, defineRule, type RuleSettings } from '../define.js';

const MEASURABLE_CLOCK_MS = 2000;
const SINGLE_CLOCK_MS = 10_000;
const TOLERANCE_MS = 1000;

export const positionUnit = defineRule({
  id: 'position-unit',
  level: 'session',
  needs: 'order',
  unless: ['table-unit'],
  severity: 'error',
  title: 'Positions are in milliseconds',
  why: 'Position is in seconds, with fractions. If audio runs about 1,000 times as fast as the clock, it is in milliseconds.',
  mend: 'Divide by 1000: many player APIs return milliseconds; currentTime of HTML audio is in seconds.',
  reference: 'API-11',
  check(session, report, settings) {
    const { positions, listening } = session;
    const { intervalCount, intervalStops, keptCount, kept, audioMs, clockMs } = listening;
    let [measurable, milliseconds, single] = [0, 0, -1];
    for (let n = 0; n < intervalCount; n += 1) {
      if (clockMs[n]! < MEASURABLE_CLOCK_MS || session.hasDerivedClock(kept[intervalStops[n]!]!)) continue;
      measurable += 1;
      if (single < 0) single = n;
      if (ratioLies(audioMs[n]!, clockMs[n]!, 400, 6000)) milliseconds += 1;
    }
    if (single < 0 || milliseconds < measurable) return;
    const [audio, clock] = [audioMs[single]!, clockMs[single]!];
    if (measurable === 1) {
      if (clock < SINGLE_CLOCK_MS || !ratioLies(audio, clock, 800, 1250)) return;
      for (let n = 0; n < keptCount; n += 1) if (!Number.isInteger(positions[kept[n]!]!)) return;
    }
    if (liesWithinClip(session, settings)) return;
    report(kept[0]!, () => ({
      expected: 'Positions in seconds',
      received: `audio that runs ${Math.round(audio / clock)} times as fast as the clock, as milliseconds would`,
    }));
  },
  guide: () => ({
    firesWhen:
      'audio runs about 1,000 times as fast as the clock. Intervals of at least 2 s by the clock are measured: either there are two or more, and each runs 400 to 6,000 times as fast; or there is only one, it lasts at least 10 s and runs 800 to 1,250 times as fast, and every Position of the session is a whole number. Not reported if the clip’s duration is known and every Position is inside the clip, plus 1 s',
    inferred: 'The limits of the ratios and lengths.',
    broken: eventsExample(changeAll(WITH_JUMP, (event) => ({ Position: Number(event.Position) * 1000 }))),
    fixed: eventsExample(WITH_JUMP),
    shows: LISTENING_FIELDS,
  }),
});

/** Whether the clip's duration is known and every Position is within it: then the unit is seconds. */
function liesWithinClip(session: Session, settings: RuleSettings): boolean {
  const mostMs = clipDurationOf(session, settings) * 1000 + TOLERANCE_MS;
  const { positionsMs, keptCount } = session.listening;
  for (let n = 0; n < keptCount; n += 1) if (!(positionsMs[n]! <= mostMs)) return false;
  return true;
}

function ratioLies(audioMs: number, clockMs: number, low: number, high: number): boolean {
  return audioMs >= low * clockMs && audioMs <= high * clockMs;
}
