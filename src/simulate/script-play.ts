import { type PlayedEvent, Player, type SessionIdentity } from './player.js';
import type { Script, Step } from './script.js';

const NOBODY: SessionIdentity = { organizationId: '', clipId: '', sessionId: '', source: undefined };

/**
 * The events of a session that is played as a script says. A seek while playing is a Stop where it leaves, and a Start when playback goes
 * on; a change of speed is no event; at the end of the clip playback stops, and what is left of `play` passes in silence; the end of the
 * script stops playback, `kill` does not.
 * @param startMs unix time in milliseconds of the first step.
 * @param durationMs where the clip ends; Infinity where that is not known.
 */
export function playScript(
  script: Script,
  identity: SessionIdentity,
  startMs: number,
  durationMs: number,
): Player {
  const player = new Player(identity, startMs, 0, 1);
  play(script, player, durationMs);
  return player;
}

/** When and where an event falls. */
export interface ScriptMoment {
  readonly type: PlayedEvent['type'];
  readonly positionMs: number;
  /** Since the script's first step. */
  readonly clockMs: number;
}

/** The events of a script as moments: exact, where events have whole seconds. */
export function momentsOf(script: Script, durationMs: number): readonly ScriptMoment[] {
  const player = new MomentPlayer(NOBODY, 0, 0, 1);
  play(script, player, durationMs);
  return player.moments;
}

class MomentPlayer extends Player {
  readonly moments: ScriptMoment[] = [];

  protected override emit(type: PlayedEvent['type']): void {
    this.moments.push({ type, positionMs: this.positionMs, clockMs: this.clockMs });
  }
}

function play(script: Script, player: Player, durationMs: number): void {
  for (const step of script) {
    if (step.kind === 'kill') return;
    take(step, player, durationMs);
  }
  player.stop();
}

function take(step: Exclude<Step, { kind: 'kill' }>, player: Player, durationMs: number): void {
  const within = (positionMs: number): number => Math.min(Math.max(0, positionMs), durationMs);
  if (step.kind === 'play') playFor(step.clockMs, player, durationMs);
  else if (step.kind === 'pause') player.wait(step.clockMs);
  else if (step.kind === 'seek') player.seek(within(step.toMs));
  else if (step.kind === 'skip') player.seek(within(player.positionMs + step.byMs));
  else player.speed = step.speed;
}

function playFor(clockMs: number, player: Player, durationMs: number): void {
  const left = durationMs - player.positionMs;
  const audioMs = Math.round(clockMs * player.speed);
  if (audioMs < left) {
    player.play(audioMs, clockMs);
    return;
  }
  const untilEnd = left > 0 ? Math.min(clockMs, Math.round(left / player.speed)) : 0;
  if (left > 0) player.play(left, untilEnd);
  player.wait(clockMs - untilEnd);
}
