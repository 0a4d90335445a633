/** A date and time of day as written. */
export interface WrittenTime {
  /** The date and time of day read as UTC, in unix seconds, without the fraction. */
  readonly wallSeconds: number;
  /** The decimal digits of the second's fraction; empty without one. */
  readonly fraction: string;
  /** Seconds east of UTC; null where the text gives no offset. */
  readonly offset: number | null;
}

/** What is wrong with a text: it has another form, or this part of it does not exist on a calendar or clock. */
export type WrittenProblem = 'form' | 'date' | 'time of day' | 'offset' | 'day of the week';

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?: ?(?:(Z|UTC|GMT)|([+-])(\d\d)(?::?(\d\d))?))?$/i;
const RFC_1123 =
  /^(?:(mon|tue|wed|thu|fri|sat|sun), )?(\d\d?) (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) (\d{4}) (\d\d):(\d\d):(\d\d) (?:(gmt|utc|z)|([+-])(\d\d)(\d\d))$/i;
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/**
 * Reads ISO 8601 (`T` or a space, seconds and any number of decimals optional, offset `Z`, `+01:00`, `+0100`, `+01`,
 * `UTC`, `GMT`, with or without a space before it) and RFC 1123 (`Tue, 23 Oct 2018 04:58:44 GMT`). Strict: 30 February
 * is a fault.
 */
export function readWrittenTime(text: string): WrittenTime | WrittenProblem {
  const iso = ISO.exec(text);
  if (iso) {
    const [, year, month, day, hour, minute, second, fraction, utc, sign, hours, minutes] = iso;
    return writtenTime(
      [Number(year), Number(month), Number(day)],
      [Number(hour), Number(minute), Number(second ?? 0)],
      fraction ?? '',
      { utc, sign, hours, minutes },
    );
  }
  const rfc = RFC_1123.exec(text);
  if (!rfc) return 'form';
  const [, weekday, day, month, year, hour, minute, second, utc, sign, hours, minutes] = rfc;
  const written = writtenTime(
    [Number(year), MONTHS.indexOf(month!.toLowerCase()) + 1, Number(day)],
    [Number(hour), Number(minute), Number(second)],
    '',
    { utc, sign, hours, minutes },
  );
  if (typeof written === 'string' || weekday === undefined) return written;
  const real = WEEKDAYS[new Date(written.wallSeconds * 1000).getUTCDay()];
  return weekday.toLowerCase() === real ? written : 'day of the week';
}

/** Midnight of a date (`2025-03-01`) taken as UTC, in unix seconds; undefined where the text is not a real date. */
export function readDate(text: string): number | undefined {
  const parts = DATE.exec(text);
  if (!parts) return undefined;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  return isRealDate(year, month, day) ? midnight(year, month, day) : undefined;
}

function writtenTime(
  [year, month, day]: readonly [number, number, number],
  [hour, minute, second]: readonly [number, number, number],
  fraction: string,
  zone: Readonly<Record<'utc' | 'sign' | 'hours' | 'minutes', string | undefined>>,
): WrittenTime | WrittenProblem {
  if (!isRealDate(year, month, day)) return 'date';
  if (hour > 23 || minute > 59 || second > 59) return 'time of day';
  const hours = Number(zone.hours ?? 0);
  const minutes = Number(zone.minutes ?? 0);
  if (hours > 23 || minutes > 59) return 'offset';
  const offset = (zone.sign === '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
  return {
    wallSeconds: midnight(year, month, day) + hour * 3600 + minute * 60 + second,
    fraction,
    offset: zone.utc || zone.sign ? offset : null,
  };
}

function isRealDate(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function midnight(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day) / 1000;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
