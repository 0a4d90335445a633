import { ENDPOINT_PATH } from '../wire/body.js';
import { Ledger, type LedgerStart } from './ledger.js';
import { MAIN_KEEP, MAX_LEDGERS, NAMED_KEEP } from './limits.js';

/** The main ledger, and those at `/t/NAME/`, which begin when they are first named. */
export class Ledgers {
  readonly main: Ledger;
  readonly #named = new Map<string, Ledger>();

  /** @param baseUrl Without a slash at its end. */
  constructor(
    readonly baseUrl: string,
    readonly start: Omit<LedgerStart, 'keep'>,
  ) {
    this.main = new Ledger(null, `${baseUrl}${ENDPOINT_PATH}`, { ...start, keep: MAIN_KEEP });
  }

  /** @param name Null for the main one. */
  of(name: string | null): Ledger {
    if (name === null) return this.main;
    const endpoint = `${this.baseUrl}/t/${name}${ENDPOINT_PATH}`;
    const ledger = this.#named.get(name) ?? new Ledger(name, endpoint, { ...this.start, keep: NAMED_KEEP });
    this.#named.delete(name);
    this.#named.set(name, ledger);
    for (const [oldest, { inUse }] of this.#named) {
      if (this.#named.size <= MAX_LEDGERS) break;
      if (!inUse && oldest !== name) this.#named.delete(oldest);
    }
    return ledger;
  }
}
