/** Takes things one at a time from an iterable that may stall: a signal ends the wait. */
export class Intake<T> {
  readonly #iterator: Iterator<T> | AsyncIterator<T>;
  /** The same, where nothing has to be waited for. */
  readonly #atHand: Iterator<T> | null;
  #pending = false;
  #exhausted = false;

  constructor(things: Iterable<T> | AsyncIterable<T>) {
    this.#atHand = Symbol.asyncIterator in things ? null : things[Symbol.iterator]();
    this.#iterator = Symbol.asyncIterator in things ? things[Symbol.asyncIterator]() : this.#atHand!;
  }

  /** Whether everything was taken. */
  get exhausted(): boolean {
    return this.#exhausted;
  }

  /** The next one, at once where it is at hand; undefined at the end, and once the signal is aborted. Throws what the iterable throws. */
  next(signal: AbortSignal): T | undefined | Promise<T | undefined> {
    if (signal.aborted || this.#exhausted) return undefined;
    return this.#atHand ? this.#take(this.#atHand) : this.#await(signal);
  }

  /** Lets go of what was not taken. It does not wait for a pull that stalls. */
  async close(): Promise<void> {
    if (this.#exhausted) return;
    const closed = Promise.resolve(this.#iterator.return?.());
    if (this.#pending) closed.catch(() => {});
    else await closed;
  }

  #take(things: Iterator<T>): T | undefined {
    try {
      const { done, value } = things.next();
      this.#exhausted = done === true;
      return done === true ? undefined : value;
    } catch (error) {
      this.#exhausted = true;
      throw error;
    }
  }

  async #await(signal: AbortSignal): Promise<T | undefined> {
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
