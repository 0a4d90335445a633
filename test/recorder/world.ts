import { Locks } from './locks.js';
import { Page, type RecorderSource } from './page.js';
import { Server } from './server.js';

/** When scripts begin: 2025-11-04T04:01:11Z, in ms. */
export const BEGAN = 1_762_228_871_000;

interface Task {
  readonly at: number;
  readonly page: Page | null;
  readonly run: () => void;
}

/** A browser, its tabs' pages, and the network, with a clock of their own: all that a recorder can tell from a real one. */
export class World {
  now: number;
  readonly storage: Record<string, string> = {};
  readonly locks = new Locks(this);
  readonly server = new Server(this);
  online = true;
  /** How far the computer's clock was set forward, in ms. */
  clockSetBy = 0;
  /** Something waits for promises of Node: they must run before time passes. */
  promised = false;
  readonly pages: Page[] = [];
  #tasks: Task[] = [];
  #seed: number;

  /** @param began In ms. @param firstClip The number of the first page's clip: those of one world are near it. */
  constructor(
    readonly recorder: RecorderSource,
    seed: number,
    began = BEGAN,
    readonly firstClip = 0,
  ) {
    this.now = began;
    this.#seed = seed;
  }

  /** A number from 0 to 1: the same scripts meet the same world. */
  random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let x = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    x ^= x + Math.imul(x ^ (x >>> 7), 61 | x);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + this.random() * (high - low);
  }

  /** Runs something later; of a page that is gone by then, nothing. */
  after(ms: number, page: Page | null, run: () => void): void {
    const task = { at: this.now + ms, page, run };
    let i = this.#tasks.length;
    while (i > 0 && this.#tasks[i - 1]!.at > task.at) i -= 1;
    this.#tasks.splice(i, 0, task);
  }

  open(): Page {
    const page = new Page(this, this.pages.length);
    this.pages.push(page);
    return page;
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    const until = this.now + ms;
    await this.settle();
    for (let i = 0; i < this.#tasks.length; ) {
      const task = this.#tasks[i]!;
      if (task.at > until) break;
      if (task.page?.state === 'frozen') {
        i += 1;
        continue;
      }
      this.#tasks.splice(i, 1);
      i = 0;
      if (task.page?.state === 'gone') continue;
      this.now = Math.max(this.now, task.at);
      task.run();
      if (this.promised) await this.settle();
    }
    this.now = until;
  }

  /** The computer sleeps: nothing runs, and what was due is late. */
  sleep(ms: number): void {
    const awake = this.pages.filter((page) => page.state === 'alive');
    for (const page of awake) page.audio.halt();
    this.now += ms;
    for (const page of awake) page.audio.resumeMoving();
  }

  /** Lets what waits for promises run. */
  async settle(): Promise<void> {
    this.promised = false;
    for (let i = 0; i < 12; i += 1) await Promise.resolve();
  }
}
