import type { RuleId } from '../../domain/finding.js';
import type { PlayedSession } from '../block.js';
import { Chance } from '../chance.js';
import { madeGuid } from '../identity.js';
import type { Plan } from '../plan.js';
import { Player, type SimulatedEvent } from '../player.js';
import type { Breakage, Draft, FaultId, Material } from './define.js';
import { FAULTS } from './index.js';

/** Milliseconds of the plain session that takes the place of one with nothing to break. */
const PLAIN_PART = 30_000;
const PLAIN_PAUSE = 20_000;

/** What a fault made of a session. */
export interface InjectedFault {
  readonly rule: FaultId;
  /** How often the rule is broken. */
  readonly times: number;
  /** The bodies that carry it, in order, each of which must stand alone in its request; null where its events do. */
  readonly requests: readonly unknown[] | null;
  /** Nothing of the session is left in its request. */
  readonly sessionless: boolean;
  /** The events that are judged for infos besides; null where the events are broken, or in an order that is not known. */
  readonly judged: readonly SimulatedEvent[];
  /** The sound session that stands in the request too. */
  readonly companion: PlayedSession | null;
}

/** Breaks a session in exactly one way. What is drawn for it moves nothing of the other sessions. */
export function inject(
  rule: FaultId,
  session: PlayedSession,
  plan: Plan,
): InjectedFault & { readonly events: readonly SimulatedEvent[] } {
  const chance = new Chance(plan.seed, session.number, 'faults');
  const attempt = (played: PlayedSession): Breakage | null =>
    FAULTS[rule].break(materialOf(played, plan, chance));
  const broken = attempt(session) ?? attempt(plain(session));
  if (!broken) throw new Error(`The fault ${rule} cannot break a plain session`);
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

/** The rules that a fault itself breaks: those of info are found again when the events are judged. */
export function brokenBy({ rule, times }: InjectedFault): readonly RuleId[] {
  return Array.from({ length: times }, () => rule);
}

function materialOf(session: PlayedSession, plan: Plan, chance: Chance): Material {
  return {
    session,
    events: session.events.map(({ played }): Draft => ({ ...played })),
    chance,
    companion: () => {
      const sessionId = plan.sessionId(session.number, true);
      return plain({ ...session, sessionId, profile: 'complete' }, madeGuid(chance));
    },
  };
}

/** Two parts with a pause between, at the session's place and time: something in it for every fault. */
function plain(session: PlayedSession, organizationId?: string): PlayedSession {
  const { played, source } = session.events[0]!;
  const identity = {
    organizationId: organizationId ?? played.organizationId,
    clipId: played.clipId,
    sessionId: session.sessionId,
    source,
  };
  const player = new Player(identity, played.timestamp * 1000, 0, 1);
  player.play(PLAIN_PART);
  player.wait(PLAIN_PAUSE);
  player.play(PLAIN_PART);
  player.stop();
  return { ...session, events: player.events };
}
