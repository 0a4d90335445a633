import { type ParsedTime, timeReader } from './times.js';
import { readDate } from './written.js';
import { TimeZone } from './zone.js';

const DAY = 86_400;
const QUARTER_HOUR = 900;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: DAY, w: 7 * DAY };
const RELATIVE = /^now(?:([+-])(\d+(?:\.\d+)?)([smhdw]))?$/i;

export interface CommandLineTimeOptions {
  /** Unix seconds that `now` stands for. */
  readonly now: number;
  /** IANA name of the zone of dates and of times without an offset; UTC unless given, for dates only. */
  readonly timezone?: string | undefined;
}

/**
 * Reads a time of the command line (`--since`, `--until`, `--start`, `--shift-to`): what a cell may hold, and also a date (its beginning in
 * the zone), `now`, `now-24h` (`s`, `m`, `h`, `d`, `w`) and `yesterday`. Numbers are unix seconds.
 * @throws UserError of kind `usage` where the zone is unknown.
 */
export function commandLineTime(text: string, { now, timezone }: CommandLineTimeOptions): ParsedTime {
  const trimmed = text.trim();
  const relative = RELATIVE.exec(trimmed);
  if (relative) {
    const [, sign, amount = '0', unit = 's'] = relative;
    const distance = Number(amount) * SECONDS[unit.toLowerCase()]!;
    return momentOf(sign === '-' ? now - distance : now + distance);
  }
  const zone = timezone === undefined ? undefined : new TimeZone(timezone);
  if (trimmed.toLowerCase() === 'yesterday') return momentOf(beginningOf(dayOf(now, zone) - DAY, zone));
  const date = readDate(trimmed);
  if (date !== undefined) return momentOf(beginningOf(date, zone));
  const time = timeReader({ timezone, refuseLostDigits: true })(text);
  if (!('problem' in time) || time.problem.kind !== 'other-unit') return time;
  // `--timestamp-unit` is about cells; here a number is in seconds.
  return {
    problem: { ...time.problem, hint: 'Write it in seconds: 1540270724, or as 2018-10-23T04:58:44Z' },
  };
}

/** Midnight of the day that a moment lies in, in the zone, taken as UTC. */
function dayOf(moment: number, zone: TimeZone | undefined): number {
  const wall = moment + (zone?.offsetAt(moment) ?? 0);
  return Math.floor(wall / DAY) * DAY;
}

/** The first moment of a day; where clocks are set forward over midnight, the first moment after it. */
function beginningOf(midnight: number, zone: TimeZone | undefined): number {
  if (!zone) return midnight;
  for (let wall = midnight; wall < midnight + DAY; wall += QUARTER_HOUR) {
    const moments = zone.momentsOf(wall);
    if (moments.length > 0) return Math.min(...moments);
  }
  return midnight;
}

function momentOf(seconds: number): ParsedTime {
  return { ms: Math.floor(seconds * 1000), seconds };
}
