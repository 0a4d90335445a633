import type { ColumnName } from '../columns.js';
import type { Amount, SessionFacts } from './facts.js';

const LONGEST_MS = 108_000_000;
const TOLERANCE_MS = 1000;
const MIN_CLOCK_MS = 10_000;
const MIN_SESSIONS = 5;
const MIN_HITS = 3;
const MAX_CLIPS = 10_000;
const EXAMPLES = 3;

/** An amount that met a condition, and what it was compared with: the clip's duration or the row's clock. */
export interface UnitExample<P> {
  readonly amountMs: number;
  readonly againstMs: number | undefined;
  readonly place: P;
}

/** Which condition of `table-unit` was met (`docs/formats.md`). */
export type UnitCondition =
  | 'interval-too-long' // (a)
  | 'beyond-durations' // (b)
  | 'fraction-of-durations' // (c)
  | 'against-clock'; // (d)

/** A suspicion that a column's numbers are in another unit than the one in which they are read. */
export interface UnitSuspicion<P> {
  readonly condition: UnitCondition;
  readonly column: ColumnName;
  /** How many times too large the amounts are (below 1: too small); undefined where the data shows only that they are wrong. */
  readonly factor: Factor | undefined;
  /** The other side of the comparison, which can be the wrong one. */
  readonly against: 'ClipDuration' | 'times' | undefined;
  /** Defined where the largest amounts of clips of different durations are all 1, or all 100. */
  readonly share: 'fraction' | 'percentage' | undefined;
  /** The place of (a) is the first example; the others are about the whole column. At most three. */
  readonly examples: readonly UnitExample<P>[];
  /** How many intervals (a), sessions (b, c) or rows (d) met the condition, and how many were examined. */
  readonly hits: number;
  readonly of: number;
}

/** Sessions whose reach is a 60th or a 1,000th of their clip's duration: condition (c). */
class ReachAtFraction<P> {
  readonly hits = new Hits<P>();
  #farther = 0;
  #firstDuration: number | undefined;
  #differentDurations = false;

  constructor(readonly divisor: 60 | 1000) {}

  add(facts: SessionFacts<P>, durationMs: number): void {
    const share = (facts.reachMs * this.divisor) / durationMs;
    if (share > 1.5) this.#farther += 1;
    if (share < 0.98 || share > 1.01) return;
    this.hits.add(facts.column, { amountMs: facts.reachMs, againstMs: durationMs, place: facts.place });
    if (this.#firstDuration === undefined) this.#firstDuration = durationMs;
    else this.#differentDurations ||= this.#firstDuration !== durationMs;
  }

  fires(sessions: number): boolean {
    const { count } = this.hits;
    return count >= MIN_HITS && count >= 0.05 * sessions && this.#farther <= 0.05 * sessions;
  }

  factor(): Factor | undefined {
    if (!this.#differentDurations) return undefined;
    return this.divisor === 60 ? 1 / 60 : 1 / 1000;
  }
}

/** Counts the amounts that met a condition, and keeps the first three. */
class Hits<P> {
  count = 0;
  column: ColumnName | undefined;
  readonly examples: UnitExample<P>[] = [];

  add(column: ColumnName, example: UnitExample<P>): void {
    this.count += 1;
    this.column ??= column;
    if (this.examples.length < EXAMPLES) this.examples.push(example);
  }
}

/** Checks the units of one table: the caller adds its sessions one by one, then requests the suspicions. Uses constant memory. */
export class TableUnit<P> {
  readonly #maxSpeed: number;
  /** Milliseconds that 1 in the column of amounts stands for. */
  readonly #unitMs: number;
  readonly #tooLong = new Hits<P>();
  #intervals = 0;
  #sessions = 0;
  readonly #beyond = new Hits<P>();
  readonly #fractions = [new ReachAtFraction<P>(60), new ReachAtFraction<P>(1000)];
  readonly #ratios = new RatioCounts();
  readonly #muchAudio = new Hits<P>();
  readonly #littleAudio = new Hits<P>();
  readonly #clips = new Map<string, { largestMs: number; readonly durationMs: number }>();

  /**
   * @param maxSpeed fastest playback to accept
   * @param unitMs milliseconds that 1 stands for in the column of amounts: 1000 for seconds
   */
  constructor(maxSpeed: number, unitMs = 1000) {
    this.#maxSpeed = maxSpeed;
    this.#unitMs = unitMs;
  }

  add(facts: SessionFacts<P>): void {
    for (const interval of facts.intervals) this.#addInterval(facts, interval);
    for (const row of facts.rows) this.#addRow(facts, row);
    if (facts.durationMs !== undefined) this.#addReach(facts, facts.durationMs);
  }

  /** The suspicions, at most one per column: the first that names a factor, else the first. */
  suspicions(): UnitSuspicion<P>[] {
    const found = [this.#longIntervals(), this.#againstDurations(), this.#againstClock()].filter(
      (suspicion) => suspicion !== undefined,
    );
    const byColumn = new Map<ColumnName, UnitSuspicion<P>>();
    for (const suspicion of found) {
      const known = byColumn.get(suspicion.column);
      if (!known || (known.factor === undefined && suspicion.factor !== undefined))
        byColumn.set(suspicion.column, suspicion);
    }
    return [...byColumn.values()];
  }

  #addInterval({ column, durationMs }: SessionFacts<P>, { audioMs, clockMs, place }: Amount<P>): void {
    this.#intervals += 1;
    if (audioMs <= LONGEST_MS) return;
    if (durationMs !== undefined && audioMs <= durationMs + TOLERANCE_MS) return;
    if (clockMs !== undefined && audioMs <= clockMs * this.#maxSpeed) return;
    this.#tooLong.add(column, { amountMs: audioMs, againstMs: clockMs ?? durationMs, place });
  }

  #addRow({ column }: SessionFacts<P>, { audioMs, clockMs, includesPause = false, place }: Amount<P>): void {
    if (clockMs === undefined || clockMs < MIN_CLOCK_MS) return;
    const ratio = audioMs / clockMs;
    this.#ratios.add(ratio, includesPause);
    const example = { amountMs: audioMs, againstMs: clockMs, place };
    if (ratio > 10) this.#muchAudio.add(column, example);
    else if (ratio < 0.1 && audioMs > 0) this.#littleAudio.add(column, example);
  }

  #addReach(facts: SessionFacts<P>, durationMs: number): void {
    this.#sessions += 1;
    if (facts.reachMs > 15 * durationMs) {
      this.#beyond.add(facts.column, {
        amountMs: facts.reachMs,
        againstMs: durationMs,
        place: facts.place,
      });
    }
    for (const fraction of this.#fractions) fraction.add(facts, durationMs);
    const clip = this.#clips.get(facts.clip);
    if (clip) clip.largestMs = Math.max(clip.largestMs, facts.reachMs);
    else if (this.#clips.size < MAX_CLIPS)
      this.#clips.set(facts.clip, { largestMs: facts.reachMs, durationMs });
  }

  #longIntervals(): UnitSuspicion<P> | undefined {
    if (this.#tooLong.count === 0) return undefined;
    return this.#suspicion('interval-too-long', this.#tooLong, this.#intervals, undefined, undefined);
  }

  #againstDurations(): UnitSuspicion<P> | undefined {
    const sessions = this.#sessions;
    if (sessions < MIN_SESSIONS) return undefined;
    if (this.#beyond.count >= MIN_HITS && this.#beyond.count >= 0.1 * sessions)
      return this.#suspicion('beyond-durations', this.#beyond, sessions, undefined, 'ClipDuration');
    const fraction = this.#fractions.find((possible) => possible.fires(sessions));
    return (
      fraction &&
      this.#suspicion('fraction-of-durations', fraction.hits, sessions, fraction.factor(), 'ClipDuration')
    );
  }

  #againstClock(): UnitSuspicion<P> | undefined {
    const verdict: RatioVerdict = this.#ratios.verdict();
    if (verdict === undefined) return undefined;
    const hits = verdict === 'too-much-audio' ? this.#muchAudio : this.#littleAudio;
    return this.#suspicion('against-clock', hits, this.#ratios.rows, this.#ratios.factor(), 'times');
  }

  #suspicion(
    condition: UnitCondition,
    { column, count, examples }: Hits<P>,
    of: number,
    factor: Factor | undefined,
    against: UnitSuspicion<P>['against'],
  ): UnitSuspicion<P> {
    const share = this.#share();
    return {
      condition,
      column: column ?? 'ListenedSeconds',
      // A share of the clip is also a share of the clock, and can be near a 60th of it by chance.
      factor: share === undefined ? factor : undefined,
      against,
      share,
      examples,
      hits: count,
      of,
    };
  }

  /**
   * Whether the amounts are fractions or percentages: the largest amounts of at least three clips of different
   * durations are all 1, or all 100.
   */
  #share(): 'fraction' | 'percentage' | undefined {
    for (const [value, name] of [
      [1, 'fraction'],
      [100, 'percentage'],
    ] as const) {
      const durations = new Set<number>();
      let others = 0;
      for (const { largestMs, durationMs } of this.#clips.values()) {
        if (largestMs === value * this.#unitMs) durations.add(durationMs);
        else if (largestMs > value * this.#unitMs) others += 1;
      }
      if (durations.size >= 3 && others === 0) return name;
    }
    return undefined;
  }
}

/** Factors by which a wrong unit changes a number: minutes for seconds, milliseconds for seconds, and the reverse. */
export const FACTORS = [60, 1000, 1 / 60, 1 / 1000] as const;
export type Factor = (typeof FACTORS)[number];

const FAST = 10;
const SLOW = 0.1;
/** A smaller ratio comes from a pause of days, and shows nothing about the unit. */
const MIN_RATIO = 0.0002;
const NEAR = 0.25;
const MIN_ROWS = 5;

/** What the ratios of audio to clock in a table's rows show: condition (d) of `table-unit`. */
export type RatioVerdict = 'too-much-audio' | 'too-little-audio' | undefined;

/**
 * Counts ratios of audio to clock. Percentiles are only compared with fixed limits, so counts are enough for an exact
 * result in constant memory. The p-th percentile is the smallest ratio that at least p % of the rows do not exceed.
 */
export class RatioCounts {
  #rows = 0;
  #upToFast = 0;
  #atMostMinRatio = 0;
  #withPause = 0;
  #belowSlow = 0;
  readonly #belowNear = FACTORS.map(() => 0);
  readonly #upToNear = FACTORS.map(() => 0);

  add(ratio: number, includesPause = false): void {
    this.#rows += 1;
    if (includesPause) this.#withPause += 1;
    if (ratio <= FAST) this.#upToFast += 1;
    if (ratio <= MIN_RATIO) this.#atMostMinRatio += 1;
    if (ratio < SLOW) this.#belowSlow += 1;
    FACTORS.forEach((factor, index) => {
      if (ratio < factor * (1 - NEAR)) this.#belowNear[index]! += 1;
      if (ratio <= factor * (1 + NEAR)) this.#upToNear[index]! += 1;
    });
  }

  get rows(): number {
    return this.#rows;
  }

  /**
   * Whether the median is over 10, or the 90th percentile over 0.0002 and under 0.1; undefined with fewer than 5 rows. If most clocks
   * include a pause, little audio means long pauses, unless most ratios are near one factor.
   */
  verdict(): RatioVerdict {
    if (this.#rows < MIN_ROWS) return undefined;
    if (this.#upToFast < this.#rank(0.5)) return 'too-much-audio';
    const ninetieth = this.#rank(0.9);
    if (this.#belowSlow < ninetieth || this.#atMostMinRatio >= ninetieth) return undefined;
    const mayBePauses = 2 * this.#withPause > this.#rows && this.factor() === undefined;
    return mayBePauses ? undefined : 'too-little-audio';
  }

  /** The factor that both the 75th and the 90th percentile are within 25 % of; undefined if there is no such factor. */
  factor(): Factor | undefined {
    return FACTORS.find((_, index) =>
      [0.75, 0.9].every(
        (share) => this.#belowNear[index]! < this.#rank(share) && this.#upToNear[index]! >= this.#rank(share),
      ),
    );
  }

  #rank(share: number): number {
    return Math.ceil(share * this.#rows);
  }
}
