import type { Behaviour } from './behaviour.js';
import type { Clip } from './catalogue.js';
import type { Chance } from './chance.js';
import { OUTRO, PAUSED_AT_MOST, PAUSES, REPLAYED, SKIP_AHEAD, SKIP_BACK } from './habits.js';
import type { Player } from './player.js';

const HOUR_MS = 3_600_000;
/** Nobody acts faster: milliseconds of audio between two actions. */
const REACTION_MS = 1000;
/** A bound for clips on which a listener would go round and round. */
const ACTIONS_AT_MOST = 150;

const ACTIONS = ['pause', 'ahead', 'back', 'chapter', 'replay'] as const;

/** How a listener of a profile plays one clip: when they leave, and what they do until then. */
export class Listener {
  readonly #rates: readonly number[];
  readonly #rate: number;
  /** Milliseconds of audio that are still borne. */
  #patienceMs = Number.POSITIVE_INFINITY;
  #endMs: number;
  #pausesMs = PAUSED_AT_MOST * 1000;

  constructor(
    readonly player: Player,
    readonly clip: Clip,
    readonly behaviour: Behaviour,
    readonly chance: Chance,
  ) {
    const { pauses, skipsAhead, skipsBack, chapters, replays } = behaviour;
    this.#rates = [pauses, skipsAhead, skipsBack, chapters, replays];
    this.#rate = pauses + skipsAhead + skipsBack + chapters + replays;
    this.#endMs = clip.durationMs;
    this.#decideWhenToLeave();
  }

  /** Plays from the player's position until the listener leaves or the clip ends. */
  listen(): void {
    const { player, chance } = this;
    for (let actions = 0; actions < ACTIONS_AT_MOST; actions += 1) {
      const toAction =
        this.#rate === 0
          ? Number.POSITIVE_INFINITY
          : Math.max(REACTION_MS, Math.round(chance.waiting(HOUR_MS / this.#rate)));
      const left = Math.min(this.#endMs - player.positionMs, this.#patienceMs);
      if (left <= toAction) {
        if (left > 0) this.#hear(left);
        break;
      }
      this.#hear(toAction);
      if (!this.#act()) break;
    }
    player.stop();
  }

  /**
   * The hazard of leaving: high in the first minutes (a share of listeners with little patience), low and even after them, high again at
   * the closing words.
   */
  #decideWhenToLeave(): void {
    const { behaviour, chance, clip, player } = this;
    const draw = chance.fraction();
    const midway = behaviour.leavesEarly + behaviour.leavesMidway;
    if (draw < behaviour.leavesEarly) {
      this.#patienceMs = Math.round(chance.of(behaviour.patience) * 1000);
    } else if (draw < midway) {
      const rest = clip.durationMs - player.positionMs;
      this.#patienceMs = Math.max(1, Math.round(rest * (0.08 + 0.9 * chance.fraction())));
    } else if (draw < midway + behaviour.leavesAtOutro) {
      const outro = Math.min(chance.of(OUTRO) * 1000, clip.durationMs / 10);
      this.#endMs = Math.max(player.positionMs + 1, Math.round(clip.durationMs - outro));
    }
  }

  #hear(audioMs: number): void {
    this.player.play(audioMs);
    this.#patienceMs -= audioMs;
  }

  /** Does one thing; false where it ends the session. */
  #act(): boolean {
    switch (ACTIONS[this.chance.weighted(this.#rates, this.#rate)]!) {
      case 'pause':
        return this.#pause();
      case 'ahead':
        return this.#tap(SKIP_AHEAD * 1000, 3);
      case 'back':
        return this.#tap(-SKIP_BACK * 1000, 2);
      case 'chapter':
        return this.#goTo(this.#chapter());
      case 'replay':
        return this.#goTo(this.player.positionMs - Math.round(this.chance.of(REPLAYED) * 1000));
    }
  }

  #pause(): boolean {
    const pause = Math.min(Math.round(this.chance.of(PAUSES) * 1000), this.#pausesMs);
    this.#pausesMs -= pause;
    this.player.wait(pause);
    return true;
  }

  /** A run of taps on a skip button; what plays between two of them is an interval too. */
  #tap(byMs: number, most: number): boolean {
    const { player, chance } = this;
    for (let taps = chance.whole(1, most); taps > 0; taps -= 1) {
      if (!this.#goTo(player.positionMs + byMs)) return false;
      const between = Math.min(chance.whole(300, 900), this.#endMs - player.positionMs, this.#patienceMs);
      if (taps > 1 && between > 0) this.#hear(between);
    }
    return true;
  }

  #chapter(): number {
    const { chance, clip, player, behaviour } = this;
    const { chaptersMs } = clip;
    if (!behaviour.wanders) {
      return chaptersMs.find((chapter) => chapter > player.positionMs + REACTION_MS) ?? clip.durationMs;
    }
    if (chaptersMs.length > 1) return chance.pick(chaptersMs);
    return Math.floor(chance.fraction() * clip.durationMs);
  }

  /** Seeks; past the point where the listener would leave, it ends the session. The player takes a moment to find the place. */
  #goTo(positionMs: number): boolean {
    if (positionMs >= this.#endMs || this.#patienceMs <= 0) return false;
    this.player.seek(Math.max(0, positionMs));
    this.player.wait(this.chance.whole(0, 900));
    return true;
  }
}
