import { UserError } from '../../domain/errors.js';
import { nearest } from '../../domain/text.js';
import { excerpt, losesDigits, readDecimal, scaled } from '../text.js';
import { readWrittenTime, type WrittenTime } from './written.js';

const HOUR = 3600;
const DAY = 24 * HOUR;
const REMEMBERED_HOURS = 20_000;
const OFFSET = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** A zone of the IANA database: which moments a local time stands for. */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat;
  /** Offset by hour of unix time; null where it changes within that hour. */
  readonly #hours = new Map<number, number | null>();

  /** @throws UserError of kind `usage` if there is no zone with this name. */
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
   * The moments, in unix seconds, at which clocks in this zone show a local time, itself given as if it were UTC. The
   * list is empty where clocks were set forward over this local time, and has two moments where they were set back over
   * it.
   */
  momentsOf(wallSeconds: number): number[] {
    const offsets = new Set([
      this.offsetAt(wallSeconds - DAY),
      this.offsetAt(wallSeconds),
      this.offsetAt(wallSeconds + DAY),
    ]);
    return [...offsets]
      .map((offset) => wallSeconds - offset)
      .filter((moment) => moment + this.offsetAt(moment) === wallSeconds);
  }

  /** Seconds east of UTC at a moment, itself in unix seconds. */
  offsetAt(moment: number): number {
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

/** Units of unix time. */
export type UnixUnit = 's' | 'ms' | 'us' | 'ns';

export interface TimeOptions {
  /** IANA name of the zone of times without an offset; without it, such a time is a fault. */
  readonly timezone?: string | undefined;
  /** Unit of times that are numbers; seconds unless given. */
  readonly unit?: UnixUnit | undefined;
  /** Whether a number like Excel's `1.77E+09` is a fault. Tables accept it: the rule `digits-lost` checks the whole column. */
  readonly refuseLostDigits?: boolean | undefined;
}

/** A moment. */
export interface ReadTime {
  /** Whole unix milliseconds, rounded down. */
  readonly ms: number;
  /** Unix seconds with the fraction as written. */
  readonly seconds: number;
}

/**
 * Why a text is not a time. `other-unit`: a number that looks like another unit. `ambiguous`: a local time that exists
 * twice. `skipped`: a local time that does not exist.
 */
export type TimeProblemKind =
  | 'unreadable'
  | 'other-unit'
  | 'digits-lost'
  | 'no-offset'
  | 'ambiguous'
  | 'skipped';

export interface TimeProblem {
  readonly kind: TimeProblemKind;
  /** What was expected, as a phrase: `unix seconds`. */
  readonly expected: string;
  readonly received: string;
  readonly hint: string;
}

export type ParsedTime = ReadTime | { readonly problem: TimeProblem };

const NAMES: Readonly<Record<UnixUnit, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
};
const PER_SECOND: Readonly<Record<UnixUnit, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 };

/**
 * From this number up, a number is read as this unit: as seconds, it would be after the year 5138; as this unit, it is
 * after 1973.
 */
const PLAIN_FROM: readonly (readonly [UnixUnit, number])[] = [
  ['ns', 1e17],
  ['us', 1e14],
  ['ms', 1e11],
  ['s', 1e8],
];

const WANTED = 'unix time or an ISO 8601 time';
const EXAMPLE = 'Write it as 1540270724 or 2018-10-23T04:58:44Z';

/**
 * Makes a reader of the times in cells: unix time in `unit`, ISO 8601 with any spelling of the offset, or RFC 1123.
 * @throws UserError of kind `usage` where the zone is unknown.
 */
export function timeReader(options: TimeOptions = {}): (text: string) => ParsedTime {
  const zone = options.timezone === undefined ? undefined : new TimeZone(options.timezone);
  const unit = options.unit ?? 's';
  return (text) => unixTime(text, unit, options.refuseLostDigits ?? false) ?? writtenTime(text.trim(), zone);
}

/** The unit of a unix time; undefined if the number is too small to know. */
export function likelyUnit(number: number): UnixUnit | undefined {
  return PLAIN_FROM.find(([, from]) => Math.abs(number) >= from)?.[0];
}

/** Whether a parsed time is a moment. */
export function isTime(time: ParsedTime): time is ReadTime {
  return !('problem' in time);
}

function unixTime(text: string, unit: UnixUnit, refuseLostDigits: boolean): ParsedTime | undefined {
  const decimal = readDecimal(text);
  if (!decimal) return undefined;
  const number = Number(text);
  if (refuseLostDigits && losesDigits(text, PER_SECOND[unit])) {
    return problem(
      'digits-lost',
      'a time to the second',
      `${excerpt(text)}: digits are lost`,
      'Spreadsheets shorten large numbers like this. Export the column as text',
    );
  }
  const plain = likelyUnit(number);
  if (plain !== undefined && plain !== unit) {
    return problem(
      'other-unit',
      `unix ${NAMES[unit]}`,
      `${text.trim()}, which looks like ${NAMES[plain]}`,
      `Add --timestamp-unit ${plain}`,
    );
  }
  const ms = scaled({ ...decimal, decimals: decimal.decimals + nanoDigits(unit) }, 1000, 'down');
  if (ms === undefined) return problem('unreadable', WANTED, excerpt(text), EXAMPLE);
  return { ms, seconds: number / PER_SECOND[unit] };
}

function nanoDigits(unit: UnixUnit): number {
  return { s: 0, ms: 3, us: 6, ns: 9 }[unit];
}

function writtenTime(text: string, zone: TimeZone | undefined): ParsedTime {
  const written = readWrittenTime(text);
  if (written === 'form') return problem('unreadable', WANTED, excerpt(text), formHint(text));
  if (typeof written === 'string') return problem('unreadable', `a real ${written}`, excerpt(text), EXAMPLE);
  if (written.offset !== null) return moment(written.wallSeconds - written.offset, written);
  if (!zone) {
    return problem(
      'no-offset',
      'a time with an offset',
      excerpt(text),
      `Add the time zone: ${text}Z means UTC. Or name the zone of all times: --timezone Europe/Berlin`,
    );
  }
  const moments = zone.momentsOf(written.wallSeconds);
  if (moments.length === 1) return moment(moments[0]!, written);
  const never = moments.length === 0;
  return problem(
    never ? 'skipped' : 'ambiguous',
    `a local time that exists once in ${zone.name}`,
    `${excerpt(text)}, which ${never ? 'does not exist: clocks were set forward over it' : 'exists twice: clocks were set back over it'}`,
    'Write it with an offset: +02:00',
  );
}

/** `seconds` is the double nearest to the decimal, so that a time reads the same as unix seconds and as ISO 8601. */
function moment(wholeSeconds: number, { fraction }: WrittenTime): ReadTime {
  const seconds =
    fraction === ''
      ? wholeSeconds
      : wholeSeconds < 0
        ? wholeSeconds + Number(`0.${fraction}`)
        : Number(`${wholeSeconds}.${fraction}`);
  return { ms: wholeSeconds * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0')), seconds };
}

function formHint(text: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? `Add the time of day: ${text}T00:00:00Z` : EXAMPLE;
}

function problem(kind: TimeProblemKind, expected: string, received: string, hint: string): ParsedTime {
  return { problem: { kind, expected, received, hint } };
}
