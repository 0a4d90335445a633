import type { Reached } from './output.js';
import type { ClipPlay } from './play.js';

/** Twice the middle of the last bin of a clip, in milliseconds. Doubled, so that half milliseconds are whole numbers. */
function twiceLastMiddle(durationMs: number, binMs: number): number {
  return binMs * (Math.ceil(durationMs / binMs) - 1) + durationMs;
}

/** The counts in a form that can be stored. */
export interface StoredDurationStats {
  /** The clip's duration; null if it is unknown. */
  readonly durationMs: number | null;
  readonly numbers: readonly number[];
  readonly maps: readonly ReadonlyMap<number, number>[];
}

/** Roughly how many bytes an entry of a map of numbers takes. */
const ENTRY_BYTES = 48;

/** The counts for those figures of a clip that depend on its duration. */
export interface DurationStats {
  /** Roughly how many bytes of memory it uses. */
  readonly bytes: number;
  stored(): StoredDurationStats;
  /** Adds counts for the same duration. */
  addStored(stored: StoredDurationStats): void;
  add(play: ClipPlay): void;
  /** How many plays include the middle of the last bin. */
  last(durationMs: number): number;
  reached(durationMs: number): Reached;
  /** The sum of the time heard; each play counts at most the duration. */
  cappedMs(): number;
}

/** Counts for a duration that is known before the first play. */
export class KnownDurationStats implements DurationStats {
  readonly #durationMs: number;
  readonly #twiceMiddle: number;
  readonly #reached = { '25': 0, '50': 0, '75': 0, '100': 0 };
  #last = 0;
  #cappedMs = 0;
  readonly bytes = 0;

  constructor(durationMs: number, binMs: number) {
    this.#durationMs = durationMs;
    this.#twiceMiddle = twiceLastMiddle(durationMs, binMs);
  }

  stored(): StoredDurationStats {
    const { '25': quarter, '50': half, '75': most, '100': all } = this.#reached;
    const numbers = [quarter, half, most, all, this.#last, this.#cappedMs];
    return { durationMs: this.#durationMs, numbers, maps: [] };
  }

  addStored({ numbers }: StoredDurationStats): void {
    const [quarter, half, most, all, last, cappedMs] = numbers as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    this.#reached['25'] += quarter;
    this.#reached['50'] += half;
    this.#reached['75'] += most;
    this.#reached['100'] += all;
    this.#last += last;
    this.#cappedMs += cappedMs;
  }

  add({ parts, heardMs }: ClipPlay): void {
    const whole = this.#durationMs;
    let edges = 0;
    while (edges < parts.count && 2 * parts.values[edges]! <= this.#twiceMiddle) edges += 1;
    if (edges % 2 === 1) this.#last += 1;
    if (heardMs * 4 >= whole) this.#reached['25'] += 1;
    if (heardMs * 2 >= whole) this.#reached['50'] += 1;
    if (heardMs * 4 >= whole * 3) this.#reached['75'] += 1;
    if (heardMs >= whole - 1000) this.#reached['100'] += 1;
    this.#cappedMs += Math.min(heardMs, whole);
  }

  last(): number {
    return this.#last;
  }

  reached(): Reached {
    return this.#reached;
  }

  cappedMs(): number {
    return this.#cappedMs;
  }
}

/**
 * Counts for a duration that each further play can change. The final duration is a whole second at or after everything
 * that was heard. So one count per possible last second, and one count per possible quarter of a second heard, give
 * exact figures for any number of plays.
 */
export class UnknownDurationStats implements DurationStats {
  readonly #binMs: number;
  /** By the second at which the clip can end: how many plays start to include the last bin's middle (+1) and how many stop (-1). */
  readonly #held = new Map<number, number>();
  readonly #quarters = new Map<number, number>();
  #heardMs = 0;

  constructor(binMs: number) {
    this.#binMs = binMs;
  }

  get bytes(): number {
    return (this.#held.size + this.#quarters.size) * ENTRY_BYTES;
  }

  stored(): StoredDurationStats {
    return { durationMs: null, numbers: [this.#heardMs], maps: [this.#held, this.#quarters] };
  }

  addStored({ numbers: [heardMs], maps: [held, quarters] }: StoredDurationStats): void {
    this.#heardMs += heardMs!;
    for (const [second, change] of held!) count(this.#held, second, change);
    for (const [heard, plays] of quarters!) count(this.#quarters, heard, plays);
  }

  add({ parts, heardMs }: ClipPlay): void {
    for (let i = 0; i < parts.count; i += 1) {
      count(this.#held, this.#firstEndFrom(parts.values[i]!), i % 2 === 0 ? 1 : -1);
    }
    count(this.#quarters, Math.floor(heardMs / 250), 1);
    this.#heardMs += heardMs;
  }

  last(durationMs: number): number {
    let sum = 0;
    for (const [second, change] of this.#held) if (second * 1000 <= durationMs) sum += change;
    return sum;
  }

  reached(durationMs: number): Reached {
    const seconds = durationMs / 1000;
    const atLeast = (quarters: number): number => {
      let sum = 0;
      for (const [heard, plays] of this.#quarters) if (heard >= quarters) sum += plays;
      return sum;
    };
    // Completion of a clip of length 0 is 0, as in `ratio`.
    const completed = (quarters: number): number => (seconds === 0 ? 0 : atLeast(quarters * seconds));
    return {
      '25': completed(1),
      '50': completed(2),
      '75': completed(3),
      '100': atLeast(4 * (seconds - 1)),
    };
  }

  cappedMs(): number {
    return this.#heardMs;
  }

  /**
   * The first second at which a clip could end so that the middle of its last bin is at or after a position. The middle
   * depends on the end.
   */
  #firstEndFrom(ms: number): number {
    // The middle of the last bin is before the end, by at most half a bin.
    let [low, high] = [Math.floor(ms / 1000) + 1, Math.floor((2 * ms + this.#binMs) / 2000) + 1];
    while (low < high) {
      const second = Math.floor((low + high) / 2);
      if (twiceLastMiddle(second * 1000, this.#binMs) >= 2 * ms) high = second;
      else low = second + 1;
    }
    return low;
  }
}

function count(counts: Map<number, number>, key: number, amount: number): void {
  counts.set(key, (counts.get(key) ?? 0) + amount);
}
