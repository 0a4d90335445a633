import { UserError } from '../domain/errors.js';
import type { RuleId, TABLE_RULE_IDS, TRAFFIC_RULE_IDS } from '../domain/finding.js';
import { isEmptyGuid, isGuid } from '../domain/guid.js';
import { type Catalogue, type ClipOption, catalogueOf } from './catalogue.js';
import { BEHAVIOURS, PROFILES, type Profile } from './profiles.js';
import { madeGuid, Random, type SessionIds, sessionIds } from './random.js';
import type { Script } from './script.js';

/** A profile and how often it occurs. */
export interface ProfileShare {
  readonly name: Profile;
  /** Its share of the sessions, relative to the other weights. */
  readonly weight: number;
}

/** The part of a simulation that one of several parallel programs makes. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
}

/**
 * Every rule that the data of a session can break. The others are broken in another way: `syntax` by text, rules about traffic
 * by how requests are sent, rules about tables by whole columns, and `event-resent` by a second file.
 */
export type FaultId = Exclude<
  RuleId,
  'syntax' | 'event-resent' | (typeof TRAFFIC_RULE_IDS)[number] | (typeof TABLE_RULE_IDS)[number]
>;

/** A rule to break, and the share of sessions that break it. */
export interface FaultShare {
  readonly rule: FaultId;
  /** From 0 to 1. */
  readonly share: number;
}

/** The shortest clip, in seconds, in which every fault is possible. */
export const MIN_CLIP_SECONDS = 60;

export interface SimulateOptions {
  /** Any safe integer. The same seed and settings give the same sessions. */
  readonly seed: number;
  readonly sessions?: number | undefined;
  /** Unix seconds: the first moment at which a session can begin. */
  readonly start?: number | undefined;
  /** Seconds over which sessions begin; they may end later. */
  readonly period?: number | undefined;
  /** The OrganizationId of all events; if absent, it is made from the seed. */
  readonly organization?: string | undefined;
  /** The clips, the most popular first; if absent, they are made from the seed. */
  readonly clips?: readonly ClipOption[] | undefined;
  /** The Source of every event; absent: events have no Source. */
  readonly source?: string | undefined;
  readonly profiles?: readonly ProfileShare[] | undefined;
  /** Every session follows this script instead of a profile. */
  readonly script?: Script | undefined;
  /**
   * The rules to break, each with its share of the sessions. The shares add up to at most 1, because a session has at most one
   * fault.
   */
  readonly faults?: readonly FaultShare[] | undefined;
  /** The part to make: the blocks whose number modulo `count` is `index` - 1. */
  readonly shard?: Shard | undefined;
}

/** The defaults of absent options. */
export const SIMULATE_DEFAULTS = {
  sessions: 100,
  /** 2025-01-06T00:00:00Z, a Monday. */
  start: 1_736_121_600,
  /** 7 days. */
  period: 7 * 86_400,
  profiles: PROFILES.map((name) => ({ name, weight: BEHAVIOURS[name].weight })).filter(
    ({ weight }) => weight > 0,
  ),
} as const satisfies Partial<SimulateOptions>;

/** How often each profile is chosen for a listener. */
export interface Mix {
  readonly profiles: readonly Profile[];
  readonly weights: readonly number[];
  readonly total: number;
  /** Whether binge is the only profile. */
  readonly onlyBinges: boolean;
}

/** The checked options, with all defaults. */
export interface Plan {
  readonly seed: number;
  readonly sessions: number;
  readonly start: number;
  readonly period: number;
  readonly organizationId: string;
  readonly source: string | undefined;
  readonly catalogue: Catalogue;
  readonly mix: Mix;
  readonly script: Script | undefined;
  readonly faults: readonly FaultShare[];
  readonly shard: Shard;
  readonly sessionId: SessionIds;
}

/** How many sessions a binge has, on average. */
const MEAN_BINGE_SESSIONS = 3.5;
/** Largest number of sessions: their numbers take 51 bits of a SessionId. */
const MAX_SESSIONS = 2 ** 50;

/** @throws UserError (`usage`) if an option is out of its range. */
export function planOf(options: SimulateOptions): Plan {
  const { sessions, start, period, profiles } = { ...SIMULATE_DEFAULTS, ...defined(options) };
  const { seed, organization, clips, source, script, faults = [], shard = { index: 1, count: 1 } } = options;
  checkFaults(faults, clips);
  expect(!script || faults.length === 0, 'either a script or faults', 'both');
  expect(Number.isSafeInteger(seed), `a whole number as the seed, from -(2^53 - 1) to 2^53 - 1`, seed);
  expect(
    Number.isInteger(sessions) && sessions >= 0 && sessions <= MAX_SESSIONS,
    'a whole number of sessions',
    sessions,
  );
  expect(start >= 1e9 && start < 1e11, 'a start in unix seconds, from 1e9 to 1e11', start);
  expect(period > 0 && start + period < 1e11, 'a period of more than 0 seconds', period);
  expect(organization === undefined || usable(organization), 'a GUID as the organization', organization);
  expect(clips === undefined || clips.length > 0, 'at least one clip', 0);
  for (const { id, seconds } of clips ?? []) {
    expect(usable(id), 'a GUID as the clip', id);
    expect(
      seconds === undefined || (seconds >= 1 && seconds <= 1e7),
      `at least 1 second of clip ${id}`,
      seconds,
    );
  }
  expect(
    [shard.index, shard.count].every(Number.isInteger) && shard.index >= 1 && shard.index <= shard.count,
    'a shard from 1/N to N/N',
    `${shard.index}/${shard.count}`,
  );
  const settings = JSON.stringify([organization, clips, source, start, period, script ?? profiles]);
  return {
    seed,
    sessions,
    start,
    period,
    organizationId: organization ?? madeGuid(new Random(seed, 1, 'catalogue')),
    source,
    catalogue: catalogueOf(seed, clips),
    mix: mixOf(profiles),
    script,
    faults,
    shard,
    sessionId: sessionIds(seed, settings),
  };
}

/** Computes the mix. A binge makes several sessions, so it must be chosen less often than its weight says. */
function mixOf(shares: readonly ProfileShare[]): Mix {
  for (const { name, weight } of shares) {
    expect(Object.hasOwn(BEHAVIOURS, name), `one of the profiles ${PROFILES.join(', ')}`, name);
    expect(weight >= 0 && Number.isFinite(weight), `a weight of at least 0 for ${name}`, weight);
  }
  const weights = shares.map(({ name, weight }) =>
    name === 'binge' ? weight / MEAN_BINGE_SESSIONS : weight,
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  expect(total > 0, 'a profile whose weight is above 0', total);
  const onlyBinges = shares.every(({ name, weight }) => name === 'binge' || weight === 0);
  return { profiles: shares.map(({ name }) => name), weights, total, onlyBinges };
}

function checkFaults(faults: readonly FaultShare[], clips: readonly ClipOption[] = []): void {
  for (const { rule, share } of faults) {
    expect(share >= 0 && share <= 1, `a share from 0 to 1 of ${rule}`, share);
  }
  const sum = faults.reduce((total, { share }) => total + share, 0);
  expect(sum <= 1 + 1e-9, 'shares of faults that add up to at most 1, since a session has one fault', sum);
  for (const { id, seconds = MIN_CLIP_SECONDS } of faults.length > 0 ? clips : []) {
    expect(
      seconds >= MIN_CLIP_SECONDS,
      `clips of at least ${MIN_CLIP_SECONDS} s, because some sessions have faults`,
      `${id}:${seconds}`,
    );
  }
}

function usable(id: string): boolean {
  return isGuid(id) && !isEmptyGuid(id);
}

function defined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}

function expect(holds: boolean, wanted: string, seen: unknown): void {
  if (!holds) throw new UserError('usage', `Expected ${wanted}, received ${String(seen)}`);
}
