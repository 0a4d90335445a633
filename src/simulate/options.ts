import type { ClipOption } from './catalogue.js';
import type { FaultShare } from './faults/choose.js';
import { BEHAVIOURS, PROFILES, type Profile } from './profiles.js';
import type { Script } from './script.js';

/** A profile and how often it is met. */
export interface ProfileShare {
  readonly name: Profile;
  /** Share of the sessions, relative to the other weights. */
  readonly weight: number;
}

/** One of several programs that make a simulation together. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
}

export interface SimulateOptions {
  /** Any safe integer. The same seed and settings give the same sessions. */
  readonly seed: number;
  readonly sessions?: number | undefined;
  /** Unix seconds: the first moment at which a session can begin. */
  readonly start?: number | undefined;
  /** Seconds over which sessions begin; they may end later. */
  readonly period?: number | undefined;
  /** OrganizationId of all events; made from the seed where absent. */
  readonly organization?: string | undefined;
  /** The clips, the most popular first; made from the seed where absent. */
  readonly clips?: readonly ClipOption[] | undefined;
  /** Carried by every event; none where absent. */
  readonly source?: string | undefined;
  readonly profiles?: readonly ProfileShare[] | undefined;
  /** Every session is played as it says, and by no profile. */
  readonly script?: Script | undefined;
  /** What is to be wrong, and with which share of the sessions; the shares add up to at most 1, since a session has one fault. */
  readonly faults?: readonly FaultShare[] | undefined;
  /** The part to make: blocks whose number leaves `index` - 1 when divided by `count`. */
  readonly shard?: Shard | undefined;
}

/** What applies where an option is absent. */
export const SIMULATE_DEFAULTS = {
  sessions: 100,
  /** 2025-01-06T00:00:00Z, a Monday. */
  start: 1_736_121_600,
  /** 7 days. */
  period: 7 * 86_400,
  profiles: PROFILES.map((name) => ({ name, weight: BEHAVIOURS[name].weight })),
} as const satisfies Partial<SimulateOptions>;
