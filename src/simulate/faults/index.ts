import type { Carrier, Fault, FaultId } from './define.js';
import { EVENT_FAULTS } from './event-faults.js';
import { LISTENING_FAULTS } from './listening-faults.js';
import { REQUEST_FAULTS } from './request-faults.js';
import { IDENTITY_FAULTS } from './session-faults.js';

export type { Carrier, FaultId } from './define.js';

/** A fault for every rule that data can break: a rule without one does not compile. */
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
