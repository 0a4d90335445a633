const MOST = 200;
const PER_DELIVERY = 0.5;

/**
 * How many retries a whole run has in hand: each costs one, each delivered request earns half of one back. Once it is spent, a retry holds
 * all requests back for its whole wait, so that an endpoint that is down is asked by one request at a time.
 */
export class RetryBudget {
  #left = MOST;

  get left(): number {
    return this.#left;
  }

  retried(): void {
    this.#left = Math.max(0, this.#left - 1);
  }

  delivered(): void {
    this.#left = Math.min(MOST, this.#left + PER_DELIVERY);
  }
}
