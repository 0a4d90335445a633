import type { DeliveryLog } from './ledger/delivery-log.js';
import type { Outcome } from './outcome.js';
import type { PendingSession } from './selection.js';

/** A session that the endpoint does not take. */
export interface Refusal {
  readonly session: PendingSession;
  readonly source: string;
  readonly outcome: Outcome;
  /** The answer's. */
  readonly status: number | null;
}

/** Writes refused sessions where they can be mended, before the ledger says that they are there. */
export type DeadLetters = (refusals: readonly Refusal[]) => Promise<void>;

/**
 * Refused sessions in a row. Only when something is delivered after them, or the run ends, is it sure that they were refused for
 * themselves; then they go to the dead letters.
 */
export class Refusals {
  readonly #deadLetters: DeadLetters;
  readonly #log: DeliveryLog;
  #inRow: Refusal[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(deadLetters: DeadLetters, log: DeliveryLog) {
    this.#deadLetters = deadLetters;
    this.#log = log;
  }

  get inRow(): number {
    return this.#inRow.length;
  }

  add(refusal: Refusal): void {
    this.#inRow.push(refusal);
  }

  /** Takes those in the row back: they were not refused for themselves. */
  takeBack(): readonly Refusal[] {
    const row = this.#inRow;
    this.#inRow = [];
    return row;
  }

  /**
   * Ends the row: it is in the dead letters and the ledger when this resolves.
   * @param done Told of each that is.
   * @param doubted Told of each that may have been counted before it was refused: it stays ambiguous.
   */
  async settle(done: (refusal: Refusal) => void, doubted: (refusal: Refusal) => void): Promise<void> {
    const all = this.takeBack();
    const row = all.filter(({ session }) => !session.doubtful);
    for (const refusal of all) if (refusal.session.doubtful) doubted(refusal);
    if (row.length === 0) return;
    const writing = this.#writing.then(() => this.#write(row, done));
    this.#writing = writing.catch(() => {});
    await writing;
  }

  async #write(row: readonly Refusal[], done: (refusal: Refusal) => void): Promise<void> {
    let written = 0;
    try {
      await this.#deadLetters(row);
      for (const refusal of row) {
        const { session, outcome, status } = refusal;
        await this.#log.refused(session, status, outcome.sentence, outcome.excerpt);
        written += 1;
        done(refusal);
      }
    } catch (error) {
      this.#inRow.push(...row.slice(written));
      throw error;
    }
  }
}
