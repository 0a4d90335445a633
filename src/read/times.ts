import { excerpt } from './excerpt.js';
import { readNumber } from './number.js';
import { readIso } from './time-iso.js';
import { TimeZone } from './time/zone.js';

export interface TimeOptions {
  /** IANA name of the zone of times without an offset; without it they are a problem. */
  readonly timezone?: string | undefined;
  /** Unit of times that are numbers; seconds unless told. */
  readonly unit?: 's' | 'ms' | undefined;
}

/** Why a text is no time. `ambiguous` and `skipped`: a local time that exists twice, or never. */
export type TimeProblemKind = 'unreadable' | 'milliseconds' | 'no-offset' | 'ambiguous' | 'skipped';

export interface TimeProblem {
  readonly kind: TimeProblemKind;
  /** What was wanted, as a phrase: `unix seconds`. */
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
}

/** Unix seconds, fractions kept, or why there are none. */
export type ParsedTime = { readonly seconds: number } | { readonly problem: TimeProblem };

/** Where unix time in seconds would lie beyond the year 5138, and milliseconds begin in 1973. */
const MILLISECONDS_FROM = 1e11;

const WANTED = 'unix seconds or an ISO 8601 time';
const EXAMPLE = 'Write it as 1540270724 or 2018-10-23T04:58:44Z';

/** A reader of times that looks up its zone once. Throws a `UserError` (usage) where the zone is unknown. */
export function timeReader(options: TimeOptions = {}): (text: string) => ParsedTime {
  const zone = options.timezone === undefined ? undefined : new TimeZone(options.timezone);
  const inMilliseconds = options.unit === 'ms';
  return (text) => {
    const number = readNumber(text);
    return number === undefined ? calendarTime(text.trim(), zone) : unixTime(number, text, inMilliseconds);
  };
}

/**
 * Reads a time: unix seconds, or ISO 8601 with an offset, or without one where `timezone` names a zone. Strict: real dates only, and a
 * number that is plainly in milliseconds is a problem unless `unit` is `ms`. Throws a `UserError` (usage) where the zone is unknown.
 */
export function parseTime(text: string, options: TimeOptions = {}): ParsedTime {
  return timeReader(options)(text);
}

function unixTime(number: number, text: string, inMilliseconds: boolean): ParsedTime {
  if (!Number.isFinite(number)) return problem('unreadable', WANTED, excerpt(text), EXAMPLE);
  if (inMilliseconds) return { seconds: number / 1000 };
  if (Math.abs(number) < MILLISECONDS_FROM) return { seconds: number };
  const hint = `Unix time counts seconds here (API-13): ${Math.floor(number / 1000)}`;
  return problem('milliseconds', 'unix seconds', `${number}, plainly milliseconds`, hint);
}

function calendarTime(text: string, zone: TimeZone | undefined): ParsedTime {
  const written = readIso(text);
  if (written === 'shape') return problem('unreadable', WANTED, excerpt(text), unreadableHint(text));
  if (typeof written === 'string') {
    return problem('unreadable', `a real ${written}`, excerpt(text), EXAMPLE);
  }
  if (written.offset !== null)
    return { seconds: withFraction(written.wallSeconds - written.offset, written.fraction) };
  if (!zone) {
    return problem(
      'no-offset',
      'a time with an offset',
      excerpt(text),
      `Say which zone it is in: ${text}Z is UTC`,
    );
  }
  const moments = zone.momentsOf(written.wallSeconds);
  if (moments.length === 1) return { seconds: withFraction(moments[0]!, written.fraction) };
  const clocks = moments.length === 0 ? 'forward over it' : 'back over it';
  return problem(
    moments.length === 0 ? 'skipped' : 'ambiguous',
    `a local time that exists once in ${zone.name}`,
    `${excerpt(text)}, which exists ${moments.length === 0 ? 'never' : 'twice'}: clocks were set ${clocks}`,
    'Write it with an offset: +02:00',
  );
}

/** The double nearest to the decimal, so that a time reads the same as unix seconds and as ISO 8601. */
function withFraction(seconds: number, fraction: string): number {
  if (fraction === '') return seconds;
  return seconds < 0 ? seconds + Number(`0.${fraction}`) : Number(`${seconds}.${fraction}`);
}

function unreadableHint(text: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return `Add the time of day: ${text}T00:00:00Z`;
  if (/\d ?(UTC|GMT)$/i.test(text)) return `Write Z for UTC: ${text.replace(/ ?(UTC|GMT)$/i, 'Z')}`;
  return EXAMPLE;
}

function problem(kind: TimeProblemKind, expected: string, received: string, hint: string): ParsedTime {
  return { problem: { kind, expected, received, hint } };
}
