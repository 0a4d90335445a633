import type { ListenLengths } from '../../domain/record.js';
import { DistanceTally } from '../medians.js';
import type { SessionFacts } from './facts.js';

/** Collects how long the listening of a table's sessions is. Bounded memory. */
export class ListenLengthsTally {
  readonly #lengths = new DistanceTally();
  #longestMs = 0;
  #checked = false;

  add({ rows, durationMs }: SessionFacts<unknown>): void {
    const listenedMs = rows.reduce((sum, { audioMs }) => sum + Math.max(0, audioMs), 0);
    this.#lengths.add(listenedMs);
    this.#longestMs = Math.max(this.#longestMs, listenedMs);
    this.#checked ||= durationMs !== undefined || rows.some(({ clockMs }) => clockMs !== undefined);
  }

  /** Undefined where there is no session. */
  lengths(): ListenLengths | undefined {
    const medianMs = this.#lengths.median();
    return medianMs === undefined
      ? undefined
      : { longestMs: this.#longestMs, medianMs, checked: this.#checked };
  }
}
