import type { Catalogue, Clip } from './catalogue.js';
import { Listener, Player, type SessionIdentity, type UntouchedEvent } from './listener.js';
import type { Plan } from './plan.js';
import { BEHAVIOURS, type Behaviour, type Profile } from './profiles.js';
import { Random } from './random.js';
import { LEAST_CLIP_MS, playScript, playThrough, playToEnd, type Script } from './script.js';

const HOUR = 3600;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** 1970-01-05 was the first Monday of unix time. */
const FIRST_MONDAY = 4 * DAY;

/**
 * Listening by the hour of the day, in percent. The simulation uses UTC as the listeners' local time. Edison Research's Share
 * of Ear (quoted by insideaudiomarketing.com, 2025, and edisonresearch.com, August 2022) gives 3 % for 2 to 6 o'clock, 24 % to
 * 10, 26 to 29 % to 14, 21 % to 18, 12 to 14 % to 22 and 11 % to 2; the division into hours is our own.
 */
const HOURLY_PERCENT = [
  2.6, 1.8, 0.9, 0.6, 0.6, 0.9, 3.6, 6.2, 7.2, 7, 7, 7.1, 7.1, 6.8, 5.8, 5.2, 5.1, 4.9, 3.9, 3.2, 3, 2.9, 3.4,
  3.2,
];
const BUSIEST_HOUR_PERCENT = 7.2;

/**
 * Listening by the day of the week, from Monday, relative to the busiest day. Podtrac (2019): most on Wednesdays, less at
 * weekends, least on Sundays; the numbers are our own.
 */
const DAILY_FACTORS = [0.95, 0.98, 1, 0.97, 0.92, 0.74, 0.66];

/**
 * When a listener starts, in unix milliseconds: a random moment of the period, more likely in busier hours of the week.
 * @param start unix seconds.
 * @param period seconds.
 */
export function arrival(random: Random, start: number, period: number): number {
  for (;;) {
    const moment = start + random.fraction() * period;
    if (random.happens(busyness(moment))) return Math.floor(moment * 1000);
  }
}

/** How busy a moment is, from 0.05 to 1, interpolated linearly between the hours. */
function busyness(moment: number): number {
  const hours = ((moment - FIRST_MONDAY) % WEEK) / HOUR;
  const hour = Math.floor(hours);
  const from = HOURLY_PERCENT[hour % 24]!;
  const listening = from + (HOURLY_PERCENT[(hour + 1) % 24]! - from) * (hours - hour);
  return (listening / BUSIEST_HOUR_PERCENT) * DAILY_FACTORS[Math.floor(hour / 24)]!;
}

/** One session of a listener with one clip. */
export interface Visit {
  readonly clip: number;
  readonly fromMs: number;
  readonly behaviour: Behaviour;
  /** Unix time in milliseconds. */
  readonly clockMs: number;
  readonly speed: number;
}

/** The longest pause between two clips, in milliseconds. The next clip starts automatically, or the listener chooses it. */
const MAX_PAUSE_BETWEEN_CLIPS_MS = 8000;
/** How often a listener leaves a clip, tries the next and comes back: A, B, A (API-9). */
const COME_BACK_SHARE = 0.3;
/** A clip that is left this many milliseconds before its end, or later, counts as heard to the end. */
const NEAR_END_MS = 1000;

const { binge } = BEHAVIOURS;
const LEAVES_MIDWAY: Behaviour = { ...binge, leavesEarly: 0, leavesMidway: 1, leavesAtOutro: 0 };
const LEAVES_EARLY: Behaviour = { ...binge, leavesEarly: 1, leavesMidway: 0, leavesAtOutro: 0 };

/** A listener who plays several clips one after another. Each clip is a separate session (API-9). */
export class Binge {
  readonly #speed: number;
  #left: number;
  #clockMs: number;

  constructor(
    readonly catalogue: Catalogue,
    readonly random: Random,
    readonly startMs: number,
    /** The most sessions that the binge can have. */
    room: number,
    readonly play: (visit: Visit) => Player,
  ) {
    this.#speed = random.byShare(binge.speeds);
    this.#clockMs = startMs;
    const length = Math.min(random.whole(2, 6), room);
    // Never leave room for a single session: if the mix has only binges, it could not be filled.
    this.#left = room - length === 1 ? room : length;
  }

  listen(): void {
    const { catalogue, random } = this;
    let clip = catalogue.choose(random);
    while (this.#left > 0) {
      const next = (clip + 1) % catalogue.length;
      if (this.#left >= 3 && next !== clip && random.happens(COME_BACK_SHARE)) this.#comeBack(clip, next);
      else this.#visit(clip, 0, binge);
      clip = next;
    }
  }

  #comeBack(clip: number, next: number): void {
    const leftAt = this.#visit(clip, 0, LEAVES_MIDWAY);
    this.#visit(next, 0, LEAVES_EARLY);
    const heard = leftAt > this.catalogue.clip(clip).durationMs - NEAR_END_MS;
    this.#visit(clip, heard ? 0 : leftAt, binge);
  }

  /** Plays a session. Returns the position at which it ended. */
  #visit(clip: number, fromMs: number, behaviour: Behaviour): number {
    const player = this.play({ clip, fromMs, behaviour, clockMs: this.#clockMs, speed: this.#speed });
    this.#clockMs = player.clockMs + this.random.whole(0, MAX_PAUSE_BETWEEN_CLIPS_MS);
    this.#left -= 1;
    return player.positionMs;
  }
}

/** Sessions are made in blocks of this size. A block depends only on the seed, the settings and its number. */
export const SESSIONS_PER_BLOCK = 8;

/** A simulated session before a fault changes it. */
export interface PlayedSession {
  /** Its number in the simulation, from 0. */
  readonly number: number;
  readonly sessionId: string;
  readonly profile: Profile | 'script';
  readonly clip: Clip;
  readonly events: readonly UntouchedEvent[];
}

/** Makes the sessions of one block. A binge never continues in the next block. */
export function playBlock(plan: Plan, block: number): PlayedSession[] {
  return new BlockOfSessions(plan, block).play();
}

class BlockOfSessions {
  readonly #sessions: PlayedSession[] = [];
  readonly #random: Random;

  constructor(
    readonly plan: Plan,
    readonly block: number,
  ) {
    this.#random = new Random(plan.seed, block, 'listening');
  }

  play(): PlayedSession[] {
    while (this.#left > 0) {
      const clockMs = arrival(this.#random, this.plan.start, this.plan.period);
      if (this.plan.script) {
        this.#script(this.plan.script, clockMs);
        continue;
      }
      const profile = this.#profile();
      if (profile === 'binge') this.#binge(clockMs);
      else if (profile === 'tester') this.#test(clockMs);
      else this.#visit(profile, this.plan.catalogue.choose(this.#random), clockMs);
    }
    return this.#sessions;
  }

  get #left(): number {
    return SESSIONS_PER_BLOCK - this.#sessions.length;
  }

  /** Chooses a profile by weight; a binge only if there is room for several sessions. */
  #profile(): Profile {
    const { profiles, weights, total, onlyBinges } = this.plan.mix;
    for (;;) {
      const profile = profiles[this.#random.weighted(weights, total)]!;
      if (profile !== 'binge' || this.#left > 1 || onlyBinges) return profile;
    }
  }

  #visit(profile: Profile, clip: number, clockMs: number): void {
    const behaviour = BEHAVIOURS[profile];
    const { durationMs } = this.plan.catalogue.clip(clip);
    const resumes = this.#random.happens(behaviour.resumes);
    const fromMs = resumes ? Math.floor(durationMs * (0.03 + 0.67 * this.#random.fraction())) : 0;
    const speed = this.#random.byShare(behaviour.speeds);
    this.#listen(profile, { clip, fromMs, behaviour, clockMs, speed });
  }

  #binge(clockMs: number): void {
    const play = (visit: Visit): Player => this.#listen('binge', visit);
    new Binge(this.plan.catalogue, this.#random, clockMs, this.#left, play).listen();
  }

  /**
   * A person tests a player: plays a clip to its end and then again, then the next clip, then the first clip once more. Stops
   * when the block is full.
   */
  #test(clockMs: number): void {
    const { catalogue } = this.plan;
    const clip = longEnough(catalogue, catalogue.choose(this.#random));
    const next = (clip + 1) % catalogue.length;
    const leave = (player: Player, { durationMs }: Clip): void => {
      player.play(Math.min(durationMs, this.#random.whole(15_000, 40_000)));
      player.stop();
    };
    const steps: readonly (readonly [clip: number, play: (player: Player, clip: Clip) => void])[] = [
      [clip, (player, played) => playThrough(player, played, this.#random)],
      [clip, (player, { durationMs }) => playToEnd(player, durationMs)],
      [next, leave],
      [clip, leave],
    ];
    let beginsMs = clockMs;
    for (const [number, play] of steps.slice(0, this.#left)) {
      const played = catalogue.clip(number);
      const player = this.#add('tester', played, (identity) => {
        const its = new Player(identity, beginsMs, 0, 1);
        play(its, played);
        return its;
      });
      beginsMs = player.clockMs + this.#random.whole(0, MAX_PAUSE_BETWEEN_CLIPS_MS);
    }
  }

  /** Adds a session that follows the script. The clip ends only if the caller gave its duration. */
  #script(script: Script, clockMs: number): void {
    const clip = this.plan.catalogue.clip(this.plan.catalogue.choose(this.#random));
    const end = clip.durationGiven ? clip.durationMs : Number.POSITIVE_INFINITY;
    this.#add('script', clip, (identity) => playScript(script, identity, clockMs, end));
  }

  #listen(profile: Profile, { clip, fromMs, behaviour, clockMs, speed }: Visit): Player {
    const played = this.plan.catalogue.clip(clip);
    return this.#add(profile, played, (identity) => {
      const player = new Player(identity, clockMs, fromMs, speed);
      new Listener(player, played, behaviour, this.#random).listen();
      return player;
    });
  }

  #add<P extends { readonly events: readonly UntouchedEvent[] }>(
    profile: PlayedSession['profile'],
    clip: Clip,
    play: (identity: SessionIdentity) => P,
  ): P {
    const { organizationId, source } = this.plan;
    const number = this.block * SESSIONS_PER_BLOCK + this.#sessions.length;
    const sessionId = this.plan.sessionId(number);
    const played = play({ organizationId, clipId: clip.id, sessionId, source });
    this.#sessions.push({ number, sessionId, profile, clip, events: played.events });
    return played;
  }
}

/** How many clips are examined for one that is long enough. */
const MAX_EXAMINED = 100;

/** The first clip, from index `from` on, that is long enough for `playThrough`; clip `from` if there is none. */
function longEnough(catalogue: Catalogue, from: number): number {
  for (let i = 0; i < Math.min(catalogue.length, MAX_EXAMINED); i += 1) {
    const clip = (from + i) % catalogue.length;
    if (catalogue.clip(clip).durationMs >= LEAST_CLIP_MS) return clip;
  }
  return from;
}
