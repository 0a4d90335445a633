import type { InjectedFault } from './faults/inject.js';
import type { SimulatedEvent } from './player.js';
import type { Profile } from './profiles.js';

/** A synthetic listening session, in the form that writers take. */
export interface SimulatedSession {
  /** Its SessionId in lower case. */
  readonly key: string;
  readonly source: string | undefined;
  /** In order of SeqNumber. */
  readonly events: readonly SimulatedEvent[];
  /** How its listener behaves; `script` where a script says it. */
  readonly profile: Profile | 'script';
  /** What is wrong with it, where a fault was asked for. */
  readonly fault: InjectedFault | null;
}
