import type { Behaviour } from './behaviour.js';
import type { Catalogue } from './catalogue.js';
import type { Chance } from './chance.js';
import type { Player } from './player.js';
import { BEHAVIOURS } from './profiles.js';

/** One session of a listener with one clip. */
export interface Visit {
  readonly clip: number;
  readonly fromMs: number;
  readonly behaviour: Behaviour;
  /** Unix time in milliseconds. */
  readonly clockMs: number;
  readonly speed: number;
}

/** Longest pause between two clips, in milliseconds: the next one starts by itself, or is chosen. */
const BETWEEN_CLIPS = 8000;
/** How often a listener leaves a clip, tries the next and comes back: A, B, A (API-9). */
const COMES_BACK = 0.3;
/** Milliseconds before its end from which a clip counts as heard. */
const HEARD = 1000;

const { binge } = BEHAVIOURS;
const LEAVES_MIDWAY: Behaviour = { ...binge, leavesEarly: 0, leavesMidway: 1, leavesAtOutro: 0 };
const LEAVES_EARLY: Behaviour = { ...binge, leavesEarly: 1, leavesMidway: 0, leavesAtOutro: 0 };

/** One clip after another, as one listener hears them: each is a session of its own (API-9). */
export class Binge {
  readonly #speed: number;
  #left: number;
  #clockMs: number;

  constructor(
    readonly catalogue: Catalogue,
    readonly chance: Chance,
    readonly startMs: number,
    /** How many sessions there is room for. */
    room: number,
    readonly play: (visit: Visit) => Player,
  ) {
    this.#speed = chance.byShare(binge.speeds);
    this.#clockMs = startMs;
    const length = Math.min(chance.whole(2, 6), room);
    // A single one must not be left over, in case that there are only binges.
    this.#left = room - length === 1 ? room : length;
  }

  listen(): void {
    const { catalogue, chance } = this;
    let clip = catalogue.choose(chance);
    while (this.#left > 0) {
      const next = (clip + 1) % catalogue.length;
      if (this.#left >= 3 && next !== clip && chance.happens(COMES_BACK)) this.#comeBack(clip, next);
      else this.#visit(clip, 0, binge);
      clip = next;
    }
  }

  #comeBack(clip: number, next: number): void {
    const leftAt = this.#visit(clip, 0, LEAVES_MIDWAY);
    this.#visit(next, 0, LEAVES_EARLY);
    const heard = leftAt > this.catalogue.clip(clip).durationMs - HEARD;
    this.#visit(clip, heard ? 0 : leftAt, binge);
  }

  /** Gives where the session ended. */
  #visit(clip: number, fromMs: number, behaviour: Behaviour): number {
    const player = this.play({ clip, fromMs, behaviour, clockMs: this.#clockMs, speed: this.#speed });
    this.#clockMs = player.clockMs + this.chance.whole(0, BETWEEN_CLIPS);
    this.#left -= 1;
    return player.positionMs;
  }
}
