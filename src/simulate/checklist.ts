import type { Clip } from './catalogue.js';
import type { Player } from './listener.js';
import type { Random } from './random.js';

/** Shorter clips have no room for everything: they are played to their end. */
export const LEAST_CLIP_MS = 300_000;
const FASTER = 1.5;

/**
 * Plays a clip to its end and uses every control on the way: a short and a long pause, a stall, a jump ahead, one back and one while paused, and
 * another speed.
 */
export function playThrough(player: Player, { durationMs }: Clip, random: Random): void {
  if (durationMs >= LEAST_CLIP_MS) {
    const { speed } = player;
    player.play(random.whole(10_000, 20_000));
    player.wait(random.whole(3000, 15_000));
    player.play(random.whole(10_000, 20_000));
    // A stall: shorter than anybody pauses.
    player.wait(random.whole(200, 900));
    player.play(random.whole(10_000, 20_000));
    player.wait(random.whole(660_000, 1_200_000));
    player.play(random.whole(10_000, 20_000));
    player.seek(player.positionMs + 30_000);
    player.wait(random.whole(0, 900));
    player.play(random.whole(20_000, 30_000));
    player.seek(player.positionMs - 15_000);
    player.wait(random.whole(0, 900));
    player.play(random.whole(10_000, 20_000));
    player.wait(random.whole(7000, 15_000));
    player.seek(player.positionMs + 20_000);
    player.speed = FASTER;
    player.play(random.whole(60_000, 75_000));
    player.wait(random.whole(3000, 6000));
    player.speed = speed;
  }
  playToEnd(player, durationMs);
}

/** Plays what is left of a clip. */
export function playToEnd(player: Player, durationMs: number): void {
  if (player.positionMs < durationMs) player.play(durationMs - player.positionMs);
  player.stop();
}
