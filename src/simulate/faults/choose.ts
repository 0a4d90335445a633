import type { FaultId } from './define.js';

/** A rule to break, and the share of sessions that break it. */
export interface FaultShare {
  readonly rule: FaultId;
  /** From 0 to 1. */
  readonly share: number;
}

/** Seconds: shorter clips have no room for every fault. */
export const SHORTEST_CLIP = 60;

/**
 * Which fault the session of a number has. The faulty ones are spread evenly, so that of the first n sessions n times the share are
 * faulty, to the nearest whole number, and no session has two faults.
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

/** How many of those before a number are taken, where a share of all is. */
function before(number: number, share: number): number {
  return Math.floor(number * share + 0.5);
}

/** Whether a number is taken, as its place among those that are; null where it is not. */
function nth(number: number, share: number): number | null {
  const place = before(number, share);
  return before(number + 1, share) > place ? place : null;
}
