import { arrival } from './arrivals.js';
import { Binge, type Visit } from './binge.js';
import type { Clip } from './catalogue.js';
import { Chance } from './chance.js';
import { Listener } from './listener.js';
import type { Plan } from './plan.js';
import { Player, type SessionIdentity, type UntouchedEvent } from './player.js';
import { BEHAVIOURS, type Profile } from './profiles.js';
import type { Script } from './script.js';
import { playScript } from './script-play.js';

/** Sessions are made in blocks of this many, each from the seed and its number alone. */
export const BLOCK = 8;

/** A session as it was played, before any fault. */
export interface PlayedSession {
  /** Its number in the simulation, from 0. */
  readonly number: number;
  readonly sessionId: string;
  readonly profile: Profile | 'script';
  readonly clip: Clip;
  readonly events: readonly UntouchedEvent[];
}

/** Makes the sessions of one block; a binge never leaves its block. */
export function playBlock(plan: Plan, block: number): PlayedSession[] {
  return new BlockOfSessions(plan, block).play();
}

class BlockOfSessions {
  readonly #sessions: PlayedSession[] = [];
  readonly #chance: Chance;

  constructor(
    readonly plan: Plan,
    readonly block: number,
  ) {
    this.#chance = new Chance(plan.seed, block, 'listening');
  }

  play(): PlayedSession[] {
    while (this.#left > 0) {
      const clockMs = arrival(this.#chance, this.plan.start, this.plan.period);
      if (this.plan.script) {
        this.#script(this.plan.script, clockMs);
        continue;
      }
      const profile = this.#profile();
      if (profile === 'binge') this.#binge(clockMs);
      else this.#visit(profile, this.plan.catalogue.choose(this.#chance), clockMs);
    }
    return this.#sessions;
  }

  get #left(): number {
    return BLOCK - this.#sessions.length;
  }

  /** A profile by its weight; one that needs several sessions only where there is room for them. */
  #profile(): Profile {
    const { profiles, weights, total, onlyBinges } = this.plan.mix;
    for (;;) {
      const profile = profiles[this.#chance.weighted(weights, total)]!;
      if (profile !== 'binge' || this.#left > 1 || onlyBinges) return profile;
    }
  }

  #visit(profile: Profile, clip: number, clockMs: number): void {
    const behaviour = BEHAVIOURS[profile];
    const { durationMs } = this.plan.catalogue.clip(clip);
    const resumes = this.#chance.happens(behaviour.resumes);
    const fromMs = resumes ? Math.floor(durationMs * (0.03 + 0.67 * this.#chance.fraction())) : 0;
    const speed = this.#chance.byShare(behaviour.speeds);
    this.#listen(profile, { clip, fromMs, behaviour, clockMs, speed });
  }

  #binge(clockMs: number): void {
    const play = (visit: Visit): Player => this.#listen('binge', visit);
    new Binge(this.plan.catalogue, this.#chance, clockMs, this.#left, play).listen();
  }

  /** Every listener does what the script says; at a clip's end only where the caller told it. */
  #script(script: Script, clockMs: number): void {
    const clip = this.plan.catalogue.clip(this.plan.catalogue.choose(this.#chance));
    const end = clip.durationTold ? clip.durationMs : Number.POSITIVE_INFINITY;
    this.#add('script', clip, (identity) => playScript(script, identity, clockMs, end));
  }

  #listen(profile: Profile, { clip, fromMs, behaviour, clockMs, speed }: Visit): Player {
    const played = this.plan.catalogue.clip(clip);
    return this.#add(profile, played, (identity) => {
      const player = new Player(identity, clockMs, fromMs, speed);
      new Listener(player, played, behaviour, this.#chance).listen();
      return player;
    });
  }

  #add<P extends { readonly events: readonly UntouchedEvent[] }>(
    profile: PlayedSession['profile'],
    clip: Clip,
    play: (identity: SessionIdentity) => P,
  ): P {
    const { organizationId, source } = this.plan;
    const number = this.block * BLOCK + this.#sessions.length;
    const sessionId = this.plan.sessionId(number);
    const played = play({ organizationId, clipId: clip.id, sessionId, source });
    this.#sessions.push({ number, sessionId, profile, clip, events: played.events });
    return played;
  }
}
