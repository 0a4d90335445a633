/** A date and time of day as written. */
export interface WrittenTime {
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
export function readIso(text: string): WrittenTime | 'shape' | 'date' | 'time of day' | 'offset' {
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
