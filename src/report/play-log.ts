import type { Play } from './play.js';

/** What a clip's counts take from a play. */
export type LoggedPlay = Pick<Play, 'heardMs' | 'startMs' | 'stopMs' | 'parts' | 'skips'>;

const NONE = -1;

/** Plays as numbers in one row, until the clip's duration is certain. */
export class PlayLog {
  #numbers = new Float64Array(64);
  #length = 0;

  add({ heardMs, startMs, stopMs, parts, skips }: LoggedPlay): void {
    this.#put([heardMs, startMs ?? NONE, stopMs ?? NONE, parts.length, skips.length]);
    this.#put(parts);
    this.#put(skips);
  }

  *plays(): Generator<LoggedPlay> {
    let at = 0;
    const take = (count: number): number[] => {
      at += count;
      return [...this.#numbers.subarray(at - count, at)];
    };
    while (at < this.#length) {
      const [heardMs = 0, startMs = NONE, stopMs = NONE, parts = 0, skips = 0] = take(5);
      yield {
        heardMs,
        startMs: startMs === NONE ? null : startMs,
        stopMs: stopMs === NONE ? null : stopMs,
        parts: take(parts),
        skips: take(skips),
      };
    }
  }

  #put(numbers: readonly number[]): void {
    if (this.#length + numbers.length > this.#numbers.length) {
      const grown = new Float64Array(2 * (this.#length + numbers.length));
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    this.#numbers.set(numbers, this.#length);
    this.#length += numbers.length;
  }
}
