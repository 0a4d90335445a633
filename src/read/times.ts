import { UserError } from '../domain/errors.js';
import { nearest } from '../domain/text.js';
import { excerpt, readNumber } from './text.js';

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

/** A date and time of day as written. */
interface WrittenTime {
  /** The time of day and date taken as UTC, in unix seconds, without its fraction. */
  readonly wallSeconds: number;
  /** Decimal digits of the second's fraction; empty where there is none. */
  readonly fraction: string;
  /** Seconds east of UTC; null where the text gives no offset. */
  readonly offset: number | null;
}

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?)?$/;

/**
 * Reads an ISO 8601 date and time: `T` or a space between them, seconds and their fraction optional, an offset `Z`, `+hh:mm`, `+hhmm`
 * or `+hh`. `'shape'` where the text is not written so, else the part that no calendar or clock has.
 */
function readIso(text: string): WrittenTime | 'shape' | 'date' | 'time of day' | 'offset' {
  const parts = ISO.exec(text);
  if (!parts) return 'shape';
  const [year, month, day, hour, minute] = parts.slice(1, 6).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const second = Number(parts[6] ?? 0);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return 'date';
  if (hour > 23 || minute > 59 || second > 59) return 'time of day';
  const offsetHours = Number(parts[10] ?? 0);
  const offsetMinutes = Number(parts[11] ?? 0);
  if (offsetHours > 23 || offsetMinutes > 59) return 'offset';
  const midnight = new Date(0).setUTCFullYear(year, month - 1, day) / 1000;
  const offset = (parts[9] === '-' ? -1 : 1) * (offsetHours * 3600 + offsetMinutes * 60);
  return {
    wallSeconds: midnight + hour * 3600 + minute * 60 + second,
    fraction: parts[7] ?? '',
    offset: parts[8] || parts[9] ? offset : null,
  };
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
const REMEMBERED_HOURS = 20_000;
const OFFSET = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** A zone of the IANA database: which moments a local time stands for. */
class TimeZone {
  readonly #format: Intl.DateTimeFormat;
  /** Offset by hour of unix time; null where it changes within that hour. */
  readonly #hours = new Map<number, number | null>();

  /** Throws a `UserError` where there is no zone of that name. */
  constructor(readonly name: string) {
    try {
      this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    } catch {
      const guess = nearest(name, Intl.supportedValuesOf('timeZone'));
      throw new UserError(
        'usage',
        `unknown time zone ${JSON.stringify(name)}`,
        guess ? `Did you mean ${guess}?` : 'Name it as the IANA database does: Europe/Berlin',
      );
    }
  }

  /**
   * The moments, in unix seconds, at which clocks in this zone show a local time, itself given as if it were UTC. None where the clocks
   * were set forward over it, two where they were set back over it.
   */
  momentsOf(wallSeconds: number): number[] {
    const offsets = new Set([
      this.#offsetAt(wallSeconds - DAY),
      this.#offsetAt(wallSeconds),
      this.#offsetAt(wallSeconds + DAY),
    ]);
    return [...offsets]
      .map((offset) => wallSeconds - offset)
      .filter((moment) => moment + this.#offsetAt(moment) === wallSeconds);
  }

  #offsetAt(moment: number): number {
    const hour = Math.floor(moment / HOUR);
    let offset = this.#hours.get(hour);
    if (offset === undefined) {
      const atStart = this.#lookUp(hour * HOUR);
      offset = atStart === this.#lookUp((hour + 1) * HOUR - 1) ? atStart : null;
      if (this.#hours.size >= REMEMBERED_HOURS) this.#hours.clear();
      this.#hours.set(hour, offset);
    }
    return offset ?? this.#lookUp(moment);
  }

  #lookUp(moment: number): number {
    const parts = this.#format.formatToParts(moment * 1000);
    const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes, seconds] = OFFSET.exec(name) ?? [];
    const size = Number(hours ?? 0) * HOUR + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
    return sign === '-' ? -size : size;
  }
}
