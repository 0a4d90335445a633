import type { Page } from './page.js';
import type { World } from './world.js';

interface Request {
  readonly name: string;
  readonly page: Page;
  readonly run: () => Promise<unknown>;
  readonly done: (value: unknown) => void;
  readonly failed: (error: unknown) => void;
}

/** The Web Locks of an origin: exclusive ones, granted in order, freed with their page. */
export class Locks {
  #held = new Map<string, Request>();
  #waiting: Request[] = [];
  #lastAt = 0;

  constructor(private readonly world: World) {}

  /** What `navigator.locks` is in a page. */
  of(page: Page) {
    return {
      request: (name: string, run: () => Promise<unknown>) => {
        this.world.promised = true;
        const granted = new Promise((done, failed) => {
          this.#later(page, () => {
            this.#waiting.push({ name, page, run, done, failed });
            this.#grant();
          });
        });
        granted.catch((error) => page.errors.push(error));
        return granted;
      },
      query: () => {
        this.world.promised = true;
        return new Promise((done) => {
          this.#later(page, () => {
            this.world.promised = true;
            done({ held: [...this.#held.keys()].map((name) => ({ name })), pending: [] });
          });
        });
      },
    };
  }

  /** A page is gone. */
  free(page: Page): void {
    this.#waiting = this.#waiting.filter((request) => request.page !== page);
    for (const [name, request] of this.#held) if (request.page === page) this.#held.delete(name);
    this.#grant();
  }

  heldBy(page: Page): number {
    return [...this.#held.values()].filter((request) => request.page === page).length;
  }

  /** Asks the browser's process, which takes what pages ask in order. */
  #later(page: Page, run: () => void): void {
    const { world } = this;
    this.#lastAt = Math.max(this.#lastAt, world.now + world.between(0.2, 2));
    world.after(this.#lastAt - world.now, page, run);
  }

  #grant(): void {
    for (;;) {
      const i = this.#waiting.findIndex(({ name }) => !this.#held.has(name));
      const [request] = i < 0 ? [] : this.#waiting.splice(i, 1);
      if (request === undefined) return;
      this.#held.set(request.name, request);
      this.world.promised = true;
      const freed = () => {
        if (this.#held.get(request.name) === request) this.#held.delete(request.name);
        this.#grant();
      };
      request.run().then(
        (value) => {
          freed();
          request.done(value);
        },
        (error) => {
          freed();
          request.failed(error);
        },
      );
    }
  }
}
