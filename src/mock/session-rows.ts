import { NewestMap } from '../domain/newest-map.js';
import type { MockSession } from './page-data.js';
import { type ArrivedSession, type RowContext, rowAgain, rowOf } from './session-row.js';

/** The newest sessions by SessionId, one row each. */
export class SessionRows {
  readonly #rows = new NewestMap<string, MockSession>();
  #weight = 0;

  /** @param mostWeight Of all rows together: an interval weighs 1, a finding 5. */
  constructor(
    readonly most: number,
    readonly mostWeight: number,
  ) {}

  /** Puts a session that arrived, for the first time or again, and gives its row as it is now. */
  put(part: ArrivedSession, context: RowContext): MockSession {
    const { key } = part;
    const before = this.#rows.get(key);
    const row = before ? rowAgain(before, part, context) : rowOf(part, context);
    this.#weight += weightOf(row) - (before ? weightOf(before) : 0);
    this.#rows.set(key, row);
    while (this.#rows.size > this.most || (this.#weight > this.mostWeight && this.#rows.size > 1)) {
      const [, its] = this.#rows.forgetOldest() ?? [];
      if (its) this.#weight -= weightOf(its);
    }
    return row;
  }

  /** In the order in which they first arrived. */
  all(): MockSession[] {
    return [...this.#rows.values()];
  }
}

function weightOf({ intervals, findings }: MockSession): number {
  return intervals.length + 5 * findings.length;
}
