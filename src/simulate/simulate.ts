import { type PlayedSession, playBlock, SESSIONS_PER_BLOCK } from './block.js';
import { faultOf, inject } from './faults/inject.js';
import { type Plan, planOf, type SimulateOptions } from './plan.js';
import type { SimulatedSession } from './session.js';

export type { Carrier } from './faults/define.js';
export { carrierOf, FAULT_IDS } from './faults/inject.js';
export { type Label, labelsOf } from './label.js';
export {
  type FaultId,
  type FaultShare,
  type ProfileShare,
  type Shard,
  SIMULATE_DEFAULTS,
  type SimulateOptions,
} from './plan.js';
export { PROFILES, type Profile } from './profiles.js';
export { SessionMaker, type SimulatedSession, toSessions } from './session.js';

/**
 * Makes listening sessions one after another, in constant memory. Session k depends on the seed and the settings, not on how many are made, on
 * the machine or the Node version: all arithmetic is exact or rounded as IEEE 754 defines it (see `Random`), positions are whole
 * milliseconds and Timestamps whole seconds. SessionIds are marked: see `isSimulatedId`.
 * @throws UserError (`usage`) for an option out of its range.
 */
export function simulate(options: SimulateOptions): Generator<SimulatedSession, void, undefined> {
  return sessionsOf(planOf(options));
}

function* sessionsOf(plan: Plan): Generator<SimulatedSession, void, undefined> {
  const { index, count } = plan.shard;
  for (let block = index - 1; block * SESSIONS_PER_BLOCK < plan.sessions; block += count) {
    const left = plan.sessions - block * SESSIONS_PER_BLOCK;
    for (const session of playBlock(plan, block).slice(0, left)) yield simulated(session, plan);
  }
}

function simulated(session: PlayedSession, plan: Plan): SimulatedSession {
  const { sessionId: key, events, profile, number } = session;
  const rule = plan.faults.length > 0 ? faultOf(plan.faults, number) : null;
  if (rule === null) return { key, events, profile, fault: null };
  const { events: broken, ...fault } = inject(rule, session, plan);
  return { key, events: broken, profile, fault };
}
