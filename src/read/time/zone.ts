import { UserError } from '../../domain/errors.js';
import { nearest } from '../../domain/text.js';

const HOUR = 3600;
const DAY = 24 * HOUR;
const REMEMBERED_HOURS = 20_000;
const OFFSET = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** A zone of the IANA database: which moments a local time stands for. */
export class TimeZone {
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
