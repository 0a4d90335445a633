import { InvalidArgumentError } from 'commander';
import { UserError } from '../../domain/errors.js';
import { isGuid } from '../../domain/guid.js';
import { type ParsedTime, type TimeProblem, TimeZone, timeReader } from '../../read/time/times.js';
import { readDate } from '../../read/time/written.js';
import type { Cli } from '../cli.js';

/** Returns a parser of whole numbers from `least` to `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text.trim()) || !(value <= most) || value < least) {
      const upTo = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
      throw new InvalidArgumentError(`Expected a whole number ${upTo}.`);
    }
    return value;
  };
}

/** Returns a parser of finite numbers that are at least `least`, or above it. */
export function finiteNumber(least: number, { above = false } = {}): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < least || (above && value === least)) {
      throw new InvalidArgumentError(`Expected a number ${above ? 'above' : 'of at least'} ${least}.`);
    }
    return value;
  };
}

export function guid(text: string): string {
  if (!isGuid(text)) throw new InvalidArgumentError('Expected a GUID: 8-4-4-4-12 hexadecimal digits.');
  return text;
}

/** Parses any text, and adds it to the texts of earlier uses of the option. */
export function several(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Parses headers separated by commas, and adds them to the headers of earlier uses of the option. */
export function headers(text: string, before: readonly string[] = []): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('Expected names of columns, separated by commas.');
  return [...before, ...names];
}

/** Parses `NAME=VALUE`, and adds it to the pairs of earlier uses of the option. */
export function pair(text: string, before: ReadonlyMap<string, string> = new Map()): Map<string, string> {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('Expected NAME=VALUE.');
  return new Map([...before, [text.slice(0, at), text.slice(at + 1)]]);
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** A length of time such as `90s`, `30m`, `12h`, `7d`, `2w`, in seconds. */
export function duration(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text.trim()) ?? [];
  const seconds = Number(amount) * (UNITS[unit] ?? Number.NaN);
  if (amount === '' || !(seconds > 0)) {
    throw new InvalidArgumentError('Expected a length of time such as 90s, 30m, 12h, 7d or 2w.');
  }
  return seconds;
}

/** A time as it was typed. `momentOf` computes the moment, which depends on the current time and the zone. */
export function time(text: string): string {
  const parsed = commandLineTime(text, { now: 0 });
  if (!('problem' in parsed) || LOCAL.includes(parsed.problem.kind)) return text;
  const { expected, received, hint } = parsed.problem;
  throw new InvalidArgumentError(`Expected ${expected}, received ${received}. ${hint}.`);
}

/** Whether a time depends on the current time: `now-24h`, `yesterday`. */
export function isRelativeTime(text: string): boolean {
  return /^(?:now|yesterday)/i.test(text.trim());
}

const LOCAL: readonly TimeProblem['kind'][] = ['no-offset', 'ambiguous', 'skipped'];

/** What a typed time depends on. */
export interface TimeFlags {
  /** The current time in unix seconds. */
  readonly now?: number | undefined;
  /** The zone of dates and of times without an offset. */
  readonly timezone?: string | undefined;
}

/** The unix seconds of an option's time. @throws UserError of kind `usage` when it is not a valid time in the zone */
export function momentOf(
  option: string,
  text: string,
  { now, timezone }: TimeFlags,
  cli: Pick<Cli, 'now'>,
): number {
  const parsed = commandLineTime(text, { now: now ?? cli.now(), timezone });
  if (!('problem' in parsed)) return parsed.seconds;
  const { expected, received, hint } = parsed.problem;
  throw new UserError('usage', `${option}: expected ${expected}, received ${received}`, hint);
}

const DAY = 86_400;
const QUARTER_HOUR = 900;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: DAY, w: 7 * DAY };
const RELATIVE = /^now(?:([+-])(\d+(?:\.\d+)?)([smhdw]))?$/i;

export interface CommandLineTimeOptions {
  /** The unix seconds of `now`. */
  readonly now: number;
  /** The IANA name of the zone of dates and of times without an offset. Default: UTC, for dates only. */
  readonly timezone?: string | undefined;
}

/**
 * Reads a time of the command line (`--since`, `--until`, `--start`, `--shift-to`): any time that a cell can hold, a
 * date (its start in the zone), `now`, `now-24h` (`s`, `m`, `h`, `d`, `w`) or `yesterday`. Numbers are unix seconds.
 * @throws UserError of kind `usage` when the zone is unknown
 */
export function commandLineTime(text: string, { now, timezone }: CommandLineTimeOptions): ParsedTime {
  const trimmed = text.trim();
  const relative = RELATIVE.exec(trimmed);
  if (relative) {
    const [, sign, amount = '0', unit = 's'] = relative;
    const distance = Number(amount) * SECONDS[unit.toLowerCase()]!;
    return atSeconds(sign === '-' ? now - distance : now + distance);
  }
  const zone = timezone === undefined ? undefined : new TimeZone(timezone);
  if (trimmed.toLowerCase() === 'yesterday') return atSeconds(beginningOf(dayOf(now, zone) - DAY, zone));
  const date = readDate(trimmed);
  if (date !== undefined) return atSeconds(beginningOf(date, zone));
  const time = timeReader({ timezone, refuseLostDigits: true })(text);
  if (!('problem' in time)) return time;
  const { problem } = time;
  if (problem.kind === 'unreadable')
    return {
      problem: {
        ...problem,
        hint: 'Write it as 2018-10-23T04:58:44Z, 2018-10-23, now-24h, yesterday or unix seconds',
      },
    };
  // `--timestamp-unit` applies to cells only; a number here is in seconds.
  if (problem.kind === 'other-unit')
    return { problem: { ...problem, hint: 'Write it in seconds: 1540270724, or as 2018-10-23T04:58:44Z' } };
  return time;
}

/** The midnight before a moment, in local time of the zone: its date and time as if they were UTC. */
function dayOf(moment: number, zone: TimeZone | undefined): number {
  const wall = moment + (zone?.offsetAt(moment) ?? 0);
  return Math.floor(wall / DAY) * DAY;
}

/**
 * The unix seconds at which a day starts: midnight, or the first moment after it when clocks skip midnight.
 * @param midnight Midnight in local time, as if it were UTC.
 */
function beginningOf(midnight: number, zone: TimeZone | undefined): number {
  if (!zone) return midnight;
  for (let wall = midnight; wall < midnight + DAY; wall += QUARTER_HOUR) {
    const moments = zone.momentsOf(wall);
    if (moments.length > 0) return Math.min(...moments);
  }
  return midnight;
}

function atSeconds(seconds: number): ParsedTime {
  return { ms: Math.floor(seconds * 1000), seconds };
}
