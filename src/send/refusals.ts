import type { Ledger } from './journal/journal.js';
import type { Outcome } from './outcome.js';
import type { PendingSession } from './selection.js';

/** A session that the endpoint does not take. */
export interface Refusal {
  readonly session: PendingSession;
  readonly source: string;
  readonly outcome: Outcome;
}

/** Writes refused sessions where they can be mended, before the journal says that they are there. */
export type DeadLetters = (refusals: readonly Refusal[]) => Promise<void>;

/**
 * Refused sessions in a row. Only when something is delivered after them, or the run ends, is it sure that they were refused for
 * themselves; then they go to the dead letters.
 */
export class Refusals {
  readonly #deadLetters: DeadLetters;
  readonly #ledger: Ledger;
  #inRow: Refusal[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(deadLetters: DeadLetters, ledger: Ledger) {
    this.#deadLetters = deadLetters;
    this.#ledger = ledger;
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

  /** Ends the row: it is in the dead letters and the journal when this resolves, with how many they were. */
  async settle(done: (refusal: Refusal) => void): Promise<void> {
    const row = this.takeBack();
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
        const { session, outcome } = refusal;
        await this.#ledger.refused([session.key, session.mark], outcome.sentence, outcome.excerpt);
        written += 1;
        done(refusal);
      }
    } catch (error) {
      this.#inRow.push(...row.slice(written));
      throw error;
    }
  }
}
