import type { Page } from './page.js';

/** Audio that was really played, without a break. */
export interface Played {
  readonly page: number;
  readonly clip: string;
  readonly from: number;
  readonly to: number;
  /** When, in ms. */
  readonly began: number;
  readonly ended: number;
}

/** The speed of an element from a moment on (ms). */
export interface Speed {
  readonly since: number;
  readonly speed: number;
}

/** Whose order of events it has, where the HTML standard leaves some. */
export type Flavour = 'html' | 'chromium' | 'webkit';

type Listener = (event: { type: string }) => void;

/** A model of an HTMLMediaElement: what a recorder reads of it, its events in an order that browsers have, and what it really played. */
export class MediaElement {
  paused = true;
  seeking = false;
  readyState = 4;
  playbackRate = 1;
  loop = false;
  duration = 60;
  flavour: Flavour = 'html';
  readonly played: Played[] = [];
  readonly speeds: Speed[] = [];
  #listeners: {
    readonly name: string;
    readonly listener: Listener;
    readonly signal: AbortSignal | undefined;
  }[] = [];
  /** The position at which it stands, or from which it moves. */
  #base = 0;
  /** When it began to move from there; null while it stands. */
  #since: number | null = null;
  /** Counts what makes events void that are due: a new source. */
  #source = 0;
  /** Counts moves, seeks and stalls, so that what belongs to an earlier one does nothing. */
  #move = 0;
  #seek = 0;
  #stall = 0;
  #lastEventAt = 0;

  constructor(
    private readonly page: Page,
    public clip: string,
  ) {}

  get currentTime(): number {
    if (this.#since === null) return this.#base;
    const seconds = Math.max(0, this.#now - this.#since) / 1000;
    return Math.min(this.duration, this.#base + seconds * this.playbackRate);
  }

  get ended(): boolean {
    return !this.loop && this.currentTime >= this.duration;
  }

  addEventListener(name: string, listener: Listener, options?: { readonly signal?: AbortSignal }): void {
    this.#listeners.push({ name, listener, signal: options?.signal });
  }

  removeEventListener(name: string, listener: Listener): void {
    this.#listeners = this.#listeners.filter((each) => each.name !== name || each.listener !== listener);
  }

  play(): void {
    if (!this.paused) return;
    if (this.ended) this.seek(0, false);
    this.paused = false;
    this.#fire('play', this.readyState > 2 ? 'playing' : 'waiting');
    this.#go();
  }

  pause(): void {
    if (this.paused) return;
    this.paused = true;
    this.halt();
    if (this.flavour === 'webkit') this.#fire('pause');
    else this.#fire('timeupdate', 'pause');
  }

  /** @param buffered What is there has been loaded already: no waiting. */
  seek(position: number, buffered: boolean): void {
    this.halt();
    this.#base = Math.min(position, this.duration);
    this.seeking = true;
    this.#seek += 1;
    const waits = !buffered && !this.paused;
    if (!buffered) this.readyState = 1;
    if (waits && this.flavour === 'webkit') this.#fire('waiting', 'seeking');
    else if (waits) this.#fire('seeking', 'timeupdate', 'waiting');
    else this.#fire('seeking');
    const { world } = this.page;
    const seek = this.#seek;
    world.after(buffered ? world.between(1, 80) : world.between(80, 3000), this.page, () => {
      if (seek !== this.#seek) return;
      this.seeking = false;
      const had = this.readyState;
      this.readyState = 4;
      this.#fire('timeupdate', 'seeked');
      if (had < 3) this.#fire(...(this.paused ? ['canplay'] : ['canplay', 'playing']));
      this.#go();
    });
  }

  setRate(rate: number): void {
    if (rate === this.playbackRate) return;
    const moved = this.#since !== null;
    this.halt();
    this.playbackRate = rate;
    this.speeds.push({ since: this.#now, speed: rate });
    this.#fire('ratechange');
    this.#go(moved ? 0 : undefined);
  }

  /** What comes next has not arrived yet. */
  stall(ms: number): void {
    if (this.readyState < 3) return;
    this.halt();
    this.readyState = 2;
    if (!this.paused) this.#fire(...(this.flavour === 'webkit' ? ['waiting'] : ['timeupdate', 'waiting']));
    this.#stall += 1;
    const stall = this.#stall;
    this.page.world.after(ms, this.page, () => {
      if (stall !== this.#stall || this.readyState !== 2) return;
      this.readyState = 4;
      this.#fire(...(this.paused ? ['canplay'] : ['canplay', 'playing']));
      this.#go();
    });
  }

  /** Another source, which `duration` is of. */
  load(clip: string, duration: number): void {
    this.halt();
    this.#source += 1;
    this.#seek += 1;
    this.#stall += 1;
    this.#fire('abort', 'emptied');
    if (this.currentTime > 0) this.#fire('timeupdate');
    if (this.playbackRate !== 1) this.#fire('ratechange');
    this.paused = true;
    this.seeking = false;
    this.readyState = 0;
    this.playbackRate = 1;
    this.speeds.push({ since: this.#now, speed: 1 });
    this.#base = 0;
    this.clip = clip;
    this.duration = duration;
    const { world } = this.page;
    const source = this.#source;
    world.after(world.between(10, 800), this.page, () => {
      if (source !== this.#source) return;
      this.readyState = 4;
      this.#fire('loadedmetadata', 'canplay');
      if (!this.paused && !this.seeking) this.#fire('playing');
      this.#go();
    });
  }

  /** Stops moving, for whatever reason, without an event. */
  halt(): void {
    if (this.#since === null) return;
    const to = this.currentTime;
    if (to > this.#base) {
      this.played.push({
        page: this.page.number,
        clip: this.clip,
        from: this.#base,
        to,
        began: this.#since,
        ended: this.#now,
      });
    }
    this.#base = to;
    this.#since = null;
    this.#move += 1;
  }

  /** Moves again where it had been halted. */
  resumeMoving(): void {
    this.#go(0);
  }

  get #now(): number {
    return this.page.world.now;
  }

  /** Moves where nothing keeps it: sound comes a moment later. */
  #go(delay = this.page.world.between(0, 120)): void {
    const { world } = this.page;
    const keeps = this.paused || this.seeking || this.readyState < 3 || this.playbackRate === 0;
    if (keeps || this.#since !== null || this.page.state !== 'alive') return;
    this.#since = world.now + delay;
    this.#move += 1;
    const move = this.#move;
    const left = ((this.duration - this.#base) / this.playbackRate) * 1000;
    world.after(delay + left, this.page, () => {
      if (move === this.#move) this.#end();
    });
    const tick = () => {
      if (move !== this.#move) return;
      this.#dispatch('timeupdate');
      next();
    };
    const next = () => world.after(this.page.hidden ? 1000 : world.between(200, 260), this.page, tick);
    next();
  }

  #end(): void {
    this.halt();
    this.#base = this.duration;
    if (this.loop) {
      this.seek(0, true);
      return;
    }
    this.paused = true;
    this.#fire('timeupdate', 'pause', 'ended');
  }

  /** Events come in order, a moment after what they tell of; now and then the page was busy. */
  #fire(...names: readonly string[]): void {
    const { world } = this.page;
    const source = this.#source;
    for (const name of names) {
      const lag = world.random() < 0.03 ? world.between(20, 150) : world.between(0, 8);
      this.#lastEventAt = Math.max(this.#lastEventAt, this.#now + lag);
      world.after(this.#lastEventAt - this.#now, this.page, () => {
        if (source === this.#source) this.#dispatch(name);
      });
    }
  }

  #dispatch(name: string): void {
    for (const each of this.#listeners)
      if (each.name === name && !each.signal?.aborted) this.page.caught(() => each.listener({ type: name }));
  }
}
