import { UserError } from '../domain/errors.js';
import { formatNumber } from '../domain/text.js';
import { Bins, type StoredBins } from './bins.js';
import {
  type DurationStats,
  KnownDurationStats,
  type StoredDurationStats,
  UnknownDurationStats,
} from './duration-stats.js';
import { type ClipFigures, MAX_BINS, NEWER_MIN_DURATION } from './output.js';
import { type ClipPlay, type Play, PlayLog } from './play.js';

const DECIMALS = 1000n;

const MIN_LOG = 1024;
/** The size in bytes of one bin of the counts, and of one number of the log. */
const BIN_BYTES = 16;
const NUMBER_BYTES = 8;
/** Roughly how many bytes a clip takes without its plays and counts. */
const CLIP_BYTES = 512;

/** The sums of a clip's sessions, in a form that can be stored and added later. */
export interface StoredClip {
  readonly clipId: string;
  /** In the order of `ClipStats`: plays, verified60, filtered, heardMs, least, most, farthestMs. */
  readonly numbers: readonly number[];
  readonly farthest: string | null;
  readonly log: number[];
  readonly counted: readonly [StoredBins, StoredDurationStats] | null;
}

/**
 * Sums up one clip's sessions, one session at a time. Plays are kept in a log until their counts would take less
 * memory, because most clips of a large input have few plays. So a clip never takes more memory than its plays.
 */
export class ClipStats {
  readonly clipId: string;
  readonly #binMs: number;
  readonly #minPlayedMs: number;
  #log = new PlayLog();
  #counted: CountedPlays | null = null;
  #plays = 0;
  #verified60 = 0;
  #filtered = 0;
  #heardMs = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = 0;
  #farthestMs = 0;
  /** The session with the farthest Stop, or any session while there is no Stop. */
  #farthest: string | null = null;

  /** @param leastLog The minimum length of the log, in numbers, before its plays can be counted by bins. */
  constructor(
    clipId: string,
    binMs: number,
    minPlayedMs: number,
    private readonly leastLog = MIN_LOG,
  ) {
    this.clipId = clipId;
    this.#binMs = binMs;
    this.#minPlayedMs = minPlayedMs;
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

  /** Roughly how many bytes of memory it uses. */
  get bytes(): number {
    return CLIP_BYTES + this.#log.numbers.length * NUMBER_BYTES + (this.#counted?.bytes ?? 0);
  }

  /**
   * Adds a session of this clip.
   * @param durationMs The clip's duration; null if it is unknown; undefined if it can still become known.
   * @throws UserError of kind `usage` if the clip has too many bins
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
    if (durationMs !== undefined) this.check(durationMs);
    if (this.#counted && durationMs !== undefined) this.#counted.add(play);
    else {
      this.#log.add(play);
      if (durationMs !== undefined) this.#countWhereLess(durationMs);
    }
  }

  /** The sums so far, to be stored. */
  stored(): StoredClip {
    return {
      clipId: this.clipId,
      numbers: [
        this.#plays,
        this.#verified60,
        this.#filtered,
        this.#heardMs,
        this.#least,
        this.#most,
        this.#farthestMs,
      ],
      farthest: this.#farthest,
      log: this.#log.numbers,
      counted: this.#counted && [this.#counted.bins.stored(), this.#counted.stats.stored()],
    };
  }

  /**
   * Adds stored sums of further sessions of the clip.
   * @param durationMs Its duration; null if it is unknown; undefined if that is not known yet.
   */
  addStored({ numbers, farthest, log, counted }: StoredClip, durationMs: number | null | undefined): void {
    const [plays, verified60, filtered, heardMs, least, most, farthestMs] = numbers as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    this.#plays += plays;
    this.#verified60 += verified60;
    this.#filtered += filtered;
    this.#heardMs += heardMs;
    this.#least = Math.min(this.#least, least);
    this.#most = Math.max(this.#most, most);
    if (this.#farthest === null || farthestMs > this.#farthestMs) this.#farthest = farthest;
    this.#farthestMs = Math.max(this.#farthestMs, farthestMs);
    if (counted) {
      const [bins, stats] = counted;
      this.#counted ??= new CountedPlays(this.#binMs, stats.durationMs);
      this.#counted.bins.addStored(bins);
      this.#counted.stats.addStored(stats);
    }
    for (const number of log) this.#log.numbers.push(number);
    if (durationMs !== undefined) this.#countWhereLess(durationMs);
  }

  /** @param durationMs The clip's duration; null if it is unknown. */
  figures(durationMs: number | null): ClipFigures {
    const whole = this.check(durationMs);
    // The counts that are only made here are not kept: there can be many clips with few plays.
    const counted = this.#counted ?? new CountedPlays(this.#binMs, durationMs);
    for (const play of this.#log.plays()) counted.add(play);
    if (this.#counted) this.#log = new PlayLog();
    const { bins, stats } = counted;
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
        average: ratio(stats.cappedMs(), this.#plays * whole),
        min: this.#plays === 0 ? 0 : share(this.#least),
        max: share(this.#most),
        reached: stats.reached(whole),
      },
      ...bins.graphs(Math.ceil(whole / this.#binMs), stats.last(whole)),
    };
  }

  /**
   * The duration in milliseconds.
   * @param durationMs The known duration; null without one.
   * @throws UserError of kind `usage` if the clip has too many bins
   */
  check(durationMs: number | null): number {
    const whole = durationMs ?? Math.ceil(this.#farthestMs / 1000) * 1000;
    const bins = Math.ceil(whole / this.#binMs);
    if (bins <= MAX_BINS) return whole;
    const why =
      durationMs === null
        ? `session ${this.#farthest} has a Stop at ${this.#farthestMs / 1000} s`
        : `it lasts ${whole / 1000} s, and session ${this.#farthest} plays it`;
    throw new UserError(
      'usage',
      `clip ${this.clipId}: expected at most ${formatNumber(MAX_BINS)} bins of ${this.#binMs / 1000} s, received ${bins < 1e15 ? formatNumber(bins) : bins}: ${why}`,
      'Use longer bins (--bin), or give the clip’s true duration (--clips).',
    );
  }

  #countWhereLess(durationMs: number | null): void {
    const numbers = this.#log.numbers.length;
    const bins = Math.min(this.#farthestMs / this.#binMs, MAX_BINS);
    if (!this.#counted && (numbers < this.leastLog || numbers * NUMBER_BYTES < bins * BIN_BYTES)) return;
    this.#counted ??= new CountedPlays(this.#binMs, durationMs);
    for (const play of this.#log.plays()) this.#counted.add(play);
    this.#log = new PlayLog();
  }
}

/** The counts of plays. */
class CountedPlays {
  readonly bins: Bins;
  readonly stats: DurationStats;

  constructor(binMs: number, durationMs: number | null) {
    this.bins = new Bins(binMs);
    this.stats =
      durationMs === null ? new UnknownDurationStats(binMs) : new KnownDurationStats(durationMs, binMs);
  }

  get bytes(): number {
    return this.bins.bytes + this.stats.bytes;
  }

  add(play: ClipPlay): void {
    this.bins.add(play);
    this.stats.add(play);
  }
}

/** numerator / denominator, rounded half up to 3 decimals. Exact for numbers of any size. 0 where the denominator is 0. */
function ratio(numerator: number, denominator: number): number {
  if (denominator === 0) return 0;
  const [n, d] = [whole(numerator) * DECIMALS, whole(denominator)];
  return Number((2n * n + d) / (2n * d)) / Number(DECIMALS);
}

function whole(value: number): bigint {
  return BigInt(Math.min(value, Number.MAX_VALUE));
}
