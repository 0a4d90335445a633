/** Takes things one at a time from an iterable that may stall: a signal ends the wait. */
export class Intake<T> {
  readonly #iterator: Iterator<T> | AsyncIterator<T>;
  #pending = false;
  #exhausted = false;

  constructor(things: Iterable<T> | AsyncIterable<T>) {
    this.#iterator =
      Symbol.asyncIterator in things ? things[Symbol.asyncIterator]() : things[Symbol.iterator]();
  }

  /** Whether everything was taken. */
  get exhausted(): boolean {
    return this.#exhausted;
  }

  /** The next one; undefined at the end, and once the signal is aborted. Throws what the iterable throws. */
  async next(signal: AbortSignal): Promise<T | undefined> {
    if (signal.aborted || this.#exhausted) return undefined;
    let stop = () => {};
    const stopped = new Promise<undefined>((resolve) => {
      stop = () => resolve(undefined);
      signal.addEventListener('abort', stop);
    });
    try {
      return await Promise.race([this.#pull(), stopped]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Lets go of what was not taken. It does not wait for a pull that stalls. */
  async close(): Promise<void> {
    if (this.#exhausted) return;
    const closed = Promise.resolve(this.#iterator.return?.());
    if (this.#pending) closed.catch(() => {});
    else await closed;
  }

  async #pull(): Promise<T | undefined> {
    this.#pending = true;
    try {
      const { done, value } = await this.#iterator.next();
      this.#exhausted = done === true;
      return done === true ? undefined : value;
    } catch (error) {
      this.#exhausted = true;
      throw error;
    } finally {
      this.#pending = false;
    }
  }
}
