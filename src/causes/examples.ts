const MOST = 3;

/** Keeps the first few SessionIds in their order, whatever the order in which they come. */
export class Examples {
  #ids: readonly string[] = [];

  add(sessionKey: string): void {
    const last = this.#ids[MOST - 1];
    if (last !== undefined && last <= sessionKey) return;
    if (!this.#ids.includes(sessionKey)) this.#ids = [...this.#ids, sessionKey].sort().slice(0, MOST);
  }

  get ids(): readonly string[] {
    return this.#ids;
  }
}

/** Counts the sessions in which a cause shows, and keeps some as examples. */
export class Shown {
  sessions = 0;
  readonly #examples = new Examples();

  add(sessionKey: string): void {
    this.sessions += 1;
    this.#examples.add(sessionKey);
  }

  get examples(): readonly string[] {
    return this.#examples.ids;
  }
}
