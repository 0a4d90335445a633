import { grouped } from '../domain/count.js';
import { UserError } from '../domain/errors.js';
import { Bins } from './bins.js';
import { type DurationCounts, KnownDuration, OpenDuration } from './duration.js';
import { type ClipFigures, MOST_BINS, NEWER_MIN_DURATION } from './figures.js';
import type { Play } from './play.js';
import { type LoggedPlay, PlayLog } from './play-log.js';
import { ratio } from './ratio.js';

/** One clip's sessions, summed up as they come. */
export class ClipAccount {
  readonly clipId: string;
  readonly #binMs: number;
  readonly #minPlayedMs: number;
  readonly #bins: Bins;
  #counts: DurationCounts | null = null;
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
    this.#least = Math.min(this.#least, play.heardMs);
    this.#most = Math.max(this.#most, play.heardMs);
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

  #take(play: LoggedPlay, durationMs: number | null): void {
    this.#checked(durationMs);
    this.#bins.add(play);
    this.#countsFor(durationMs).add(play);
  }

  #countsFor(durationMs: number | null): DurationCounts {
    this.#counts ??=
      durationMs === null ? new OpenDuration(this.#binMs) : new KnownDuration(durationMs, this.#binMs);
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
      `clip ${this.clipId}: expected at most ${grouped(MOST_BINS)} bins of ${this.#binMs / 1000} s, received ${bins < 1e15 ? grouped(bins) : bins}: ${why}`,
      'Give longer bins with --bin, or the clip’s true duration with --clips.',
    );
  }
}
