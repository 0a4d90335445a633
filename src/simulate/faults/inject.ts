import type { RuleId } from '../../domain/finding.js';
import type { PlayedSession } from '../block.js';
import { Player, type SimulatedEvent } from '../listener.js';
import type { FaultId, FaultShare, Plan } from '../plan.js';
import { madeGuid, Random } from '../random.js';
import type { Carrier, Draft, Fault, FaultInput, FaultResult } from './define.js';
import { EVENT_FAULTS } from './event-faults.js';
import { LISTENING_FAULTS } from './listening-faults.js';
import { IDENTITY_FAULTS, REQUEST_FAULTS } from './request-faults.js';

/** A fault for every rule that data can break. The type makes sure that no rule is missing. */
export const FAULTS: Readonly<Record<FaultId, Fault>> = {
  ...REQUEST_FAULTS,
  ...EVENT_FAULTS,
  ...IDENTITY_FAULTS,
  ...LISTENING_FAULTS,
};

/** The rules that `simulate` can break. */
export const FAULT_IDS = Object.keys(FAULTS) as readonly FaultId[];

/** Which outputs can carry a rule's fault. */
export function carrierOf(rule: FaultId): Carrier {
  return FAULTS[rule].carrier;
}

/**
 * The fault of the session with this number; null for none. Faults are spread evenly: of the first n sessions, n times the
 * share are faulty, to the nearest whole number. No session has two faults.
 */
export function faultOf(faults: readonly FaultShare[], number: number): FaultId | null {
  const total = faults.reduce((sum, { share }) => sum + share, 0);
  let place = nth(number, total);
  let left = total;
  for (const { rule, share } of faults) {
    if (place === null) return null;
    const among = left <= 0 ? 0 : Math.min(1, share / left);
    if (nth(place, among) !== null) return rule;
    place -= before(place, among);
    left -= share;
  }
  return null;
}

/** How many of the numbers below `number` are chosen, if a share of all numbers is. */
function before(number: number, share: number): number {
  return Math.floor(number * share + 0.5);
}

/** The position of a number among the chosen ones; null if it is not chosen. */
function nth(number: number, share: number): number | null {
  const place = before(number, share);
  return before(number + 1, share) > place ? place : null;
}

/** The intervals and the pause, in milliseconds, of the plain session that replaces one that a fault cannot break. */
const PLAIN_PART_MS = 30_000;
const PLAIN_PAUSE_MS = 20_000;

/** The result of a fault in a session. */
export interface InjectedFault {
  readonly rule: FaultId;
  /** How often the rule is broken. */
  readonly times: number;
  /** The request bodies with the fault, in order, each in a separate request; null if the fault is in the events. */
  readonly requests: readonly unknown[] | null;
  /** Whether the request holds no event of the session. */
  readonly sessionless: boolean;
  /** The events to check for infos; null if the events are invalid, or their order is unknown. */
  readonly judged: readonly SimulatedEvent[];
  /** The valid session that is also in the request. */
  readonly companion: PlayedSession | null;
}

/** Breaks a session in exactly one way. Uses a random stream of its own, so it changes nothing in other sessions. */
export function inject(
  rule: FaultId,
  session: PlayedSession,
  plan: Plan,
): InjectedFault & { readonly events: readonly SimulatedEvent[] } {
  const random = new Random(plan.seed, session.number, 'faults');
  const attempt = (played: PlayedSession): FaultResult | null =>
    FAULTS[rule].break(faultInputOf(played, plan, random));
  const broken = attempt(session) ?? attempt(plain(session));
  if (!broken)
    throw new Error(
      `The fault ${rule} returns null for the plain session (two intervals of 30 s, 20 s apart): add events to it, so that it can be broken`,
    );
  const {
    events,
    times = 1,
    requests = null,
    judged = events,
    sessionless = false,
    companion = null,
  } = broken;
  return { rule, events, times, requests, judged, sessionless, companion };
}

/** The rule that a fault breaks, once per finding. */
export function brokenBy({ rule, times }: InjectedFault): readonly RuleId[] {
  return Array.from({ length: times }, () => rule);
}

function faultInputOf(session: PlayedSession, plan: Plan, random: Random): FaultInput {
  return {
    session,
    events: session.events.map(({ played }): Draft => ({ ...played })),
    random,
    companion: () => {
      const sessionId = plan.sessionId(session.number, true);
      return plain({ ...session, sessionId, profile: 'complete' }, madeGuid(random));
    },
  };
}

/**
 * Makes a session with the ids and the time of another one: two intervals with a pause in between, which every fault can break.
 */
function plain(session: PlayedSession, organizationId?: string): PlayedSession {
  const { played, source } = session.events[0]!;
  const identity = {
    organizationId: organizationId ?? played.organizationId,
    clipId: played.clipId,
    sessionId: session.sessionId,
    source,
  };
  const player = new Player(identity, played.timestamp * 1000, 0, 1);
  player.play(PLAIN_PART_MS);
  player.wait(PLAIN_PAUSE_MS);
  player.play(PLAIN_PART_MS);
  player.stop();
  return { ...session, events: player.events };
}
