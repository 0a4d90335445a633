import { UserError } from '../domain/errors.js';
import { formatNumber } from '../domain/text.js';
import { type DurationStats, KnownDurationStats, UnknownDurationStats } from './duration-stats.js';
import { type ClipFigures, MOST_BINS, NEWER_MIN_DURATION } from './figures.js';
import { type ClipPlay, NO_POSITION, type Play } from './play.js';
import { PlayLog } from './play-log.js';

/** A bin that a position past every clip's end falls into. */
const MAX_BIN = 200_000;

const DECIMALS = 1000n;

/** One clip's sessions, summed up as they come. */
export class ClipStats {
  readonly clipId: string;
  readonly #binMs: number;
  readonly #minPlayedMs: number;
  readonly #bins: Bins;
  #counts: DurationStats | null = null;
  /** Plays that came before the duration was certain. */
  #log: PlayLog | null = null;
  #plays = 0;
  #verified60 = 0;
  #filtered = 0;
  #heardMs = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = 0;
  #farthestMs = 0;
  /** The session that has the farthest Stop; before there is one, any. */
  #farthest: string | null = null;

  constructor(clipId: string, binMs: number, minPlayedMs: number) {
    this.clipId = clipId;
    this.#binMs = binMs;
    this.#minPlayedMs = minPlayedMs;
    this.#bins = new Bins(binMs);
  }

  get plays(): number {
    return this.#plays;
  }

  get verified60(): number {
    return this.#verified60;
  }

  get filtered(): number {
    return this.#filtered;
  }

  get heardMs(): number {
    return this.#heardMs;
  }

  /**
   * Takes a session of this clip.
   * @param durationMs The clip's duration; null: none is told; undefined: one may still be told.
   * @throws UserError of kind `usage` where the clip has too many bins.
   */
  add(play: Play, durationMs: number | null | undefined): void {
    if (play.playedMs >= NEWER_MIN_DURATION * 1000) this.#verified60 += 1;
    this.#farthest ??= play.sessionId;
    if (play.playedMs < this.#minPlayedMs) {
      this.#filtered += 1;
      return;
    }
    this.#plays += 1;
    this.#heardMs += play.heardMs;
    if (play.heardMs < this.#least) this.#least = play.heardMs;
    if (play.heardMs > this.#most) this.#most = play.heardMs;
    if (play.farthestMs > this.#farthestMs) {
      this.#farthestMs = play.farthestMs;
      this.#farthest = play.sessionId;
    }
    if (durationMs === undefined) {
      this.#log ??= new PlayLog();
      this.#log.add(play);
    } else this.#take(play, durationMs);
  }

  /** @param durationMs The clip's duration; null where none is told. */
  figures(durationMs: number | null): ClipFigures {
    for (const play of this.#log?.plays() ?? []) this.#take(play, durationMs);
    this.#log = null;
    const whole = this.#checked(durationMs);
    const counts = this.#countsFor(durationMs);
    const share = (heardMs: number): number => ratio(Math.min(heardMs, whole), whole);
    return {
      clipId: this.clipId,
      duration: whole / 1000,
      durationKnown: durationMs !== null,
      plays: this.#plays,
      verified60: this.#verified60,
      filtered: this.#filtered,
      totalSeconds: Math.min(this.#heardMs, Number.MAX_VALUE) / 1000,
      averageSeconds: ratio(this.#heardMs, this.#plays * 1000),
      completion: {
        average: ratio(counts.cappedMs(), this.#plays * whole),
        min: this.#plays === 0 ? 0 : share(this.#least),
        max: share(this.#most),
        reached: counts.reached(whole),
      },
      ...this.#bins.graphs(Math.ceil(whole / this.#binMs), counts.last(whole)),
    };
  }

  #take(play: ClipPlay, durationMs: number | null): void {
    this.#checked(durationMs);
    this.#bins.add(play);
    this.#countsFor(durationMs).add(play);
  }

  #countsFor(durationMs: number | null): DurationStats {
    this.#counts ??=
      durationMs === null
        ? new UnknownDurationStats(this.#binMs)
        : new KnownDurationStats(durationMs, this.#binMs);
    return this.#counts;
  }

  /** The duration in milliseconds. */
  #checked(durationMs: number | null): number {
    const whole = durationMs ?? Math.ceil(this.#farthestMs / 1000) * 1000;
    const bins = Math.ceil(whole / this.#binMs);
    if (bins <= MOST_BINS) return whole;
    const why =
      durationMs === null
        ? `session ${this.#farthest} has a Stop at ${this.#farthestMs / 1000} s`
        : `it lasts ${whole / 1000} s, and session ${this.#farthest} plays it`;
    throw new UserError(
      'usage',
      `clip ${this.clipId}: expected at most ${formatNumber(MOST_BINS)} bins of ${this.#binMs / 1000} s, received ${bins < 1e15 ? formatNumber(bins) : bins}: ${why}`,
      'Give longer bins with --bin, or the clip’s true duration with --clips.',
    );
  }
}

/** The counts of a clip's bins of one length, for any duration: whole bins and single positions do not depend on it. */
class Bins {
  readonly #binMs: number;
  readonly #startAt = new Counts();
  readonly #dropOff = new Counts();
  readonly #skips = new Counts();
  /** Where plays begin (+1) and cease (-1) to hold middles of bins. */
  readonly #held = new Counts();

  constructor(binMs: number) {
    this.#binMs = binMs;
  }

  add({ parts, startMs, stopMs, skips }: ClipPlay): void {
    if (startMs !== NO_POSITION) this.#startAt.add(this.#binOf(startMs));
    if (stopMs !== NO_POSITION) this.#dropOff.add(this.#binOf(stopMs));
    for (let i = 0; i < skips.count; i += 1) this.#skips.add(this.#binOf(skips.values[i]!));
    for (let i = 0; i < parts.count; i += 1) {
      this.#held.add(this.#firstMiddleFrom(parts.values[i]!), i % 2 === 0 ? 1 : -1);
    }
  }

  /**
   * The graphs over so many bins.
   * @param last How many plays hold the middle of the last bin, which may be short.
   */
  graphs(
    bins: number,
    last: number,
  ): { retention: number[]; startAt: number[]; dropOff: number[]; skips: number[] } {
    const retention = this.#held.sums(bins);
    if (bins > 0) retention[bins - 1] = last;
    return {
      retention,
      startAt: this.#startAt.folded(bins),
      dropOff: this.#dropOff.folded(bins),
      skips: this.#skips.folded(bins),
    };
  }

  #binOf(ms: number): number {
    return Math.min(Math.floor(ms / this.#binMs), MAX_BIN);
  }

  #firstMiddleFrom(ms: number): number {
    return Math.min(Math.max(0, Math.ceil((2 * ms - this.#binMs) / (2 * this.#binMs))), MAX_BIN);
  }
}

/** Whole numbers by index, from 0 on, growing as they are needed. */
class Counts {
  #values: Int32Array;

  constructor(capacity = 16) {
    this.#values = new Int32Array(capacity);
  }

  add(index: number, amount = 1): void {
    if (index >= this.#values.length) {
      const grown = new Int32Array(Math.max(index + 1, 2 * this.#values.length));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[index] = (this.#values[index] ?? 0) + amount;
  }

  /** The first `length`; what stands past them is added to the last. */
  folded(length: number): number[] {
    const values = Array.from({ length }, (_, i) => this.#values[i] ?? 0);
    if (length > 0)
      values[length - 1] = this.#values.subarray(length - 1).reduce((sum, value) => sum + value, 0);
    return values;
  }

  /** The first `length` running sums. */
  sums(length: number): number[] {
    let sum = 0;
    return Array.from({ length }, (_, i) => {
      sum += this.#values[i] ?? 0;
      return sum;
    });
  }
}

/** numerator / denominator with 3 decimals, half up; exact, whatever their size. 0 where the denominator is 0. */
function ratio(numerator: number, denominator: number): number {
  if (denominator === 0) return 0;
  const [n, d] = [whole(numerator) * DECIMALS, whole(denominator)];
  return Number((2n * n + d) / (2n * d)) / Number(DECIMALS);
}

function whole(value: number): bigint {
  return BigInt(Math.min(value, Number.MAX_VALUE));
}
