import type { Finding } from '../domain/finding.js';
import { compareFindings } from './order.js';

/** Keeps the first findings in output order, and counts the rest. */
export class FindingList {
  #kept: Finding[] = [];
  #omitted = 0;
  /** The last of those kept, once there are as many as may be: what comes behind it is not. */
  #last: Finding | undefined;

  /** @param most How many to keep; 0 keeps all. */
  constructor(readonly most: number) {}

  add(finding: Finding): void {
    if (this.#last && compareFindings(finding, this.#last) >= 0) {
      this.#omitted += 1;
      return;
    }
    this.#kept.push(finding);
    if (this.most > 0 && this.#kept.length > 2 * this.most + 64) this.#trim();
  }

  /** The findings that are kept, in output order. */
  sorted(): readonly Finding[] {
    this.#trim();
    return this.#kept;
  }

  /** How many were not kept. */
  get omitted(): number {
    this.#trim();
    return this.#omitted;
  }

  #trim(): void {
    this.#kept.sort(compareFindings);
    if (this.most === 0 || this.#kept.length <= this.most) return;
    this.#omitted += this.#kept.length - this.most;
    this.#kept.length = this.most;
    this.#last = this.#kept.at(-1);
  }
}
