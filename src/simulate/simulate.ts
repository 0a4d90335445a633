import { EVENT_FLAG, EventBatch, ID_WORDS, type IdName, WORDS_PER_EVENT } from '../domain/event-batch.js';
import { RULE_IDS, type RuleId } from '../domain/finding.js';
import { writeGuid } from '../domain/guid.js';
import { DEFAULT_MIN_DURATION, LENGTH_UNKNOWN_AFTER, longestClockMs, toMs } from '../domain/listening.js';
import { Session, type SessionOrigin } from '../domain/session.js';
import { addEvent, sourceNumber } from '../wire/event-columns.js';
import { type PlayedSession, playBlock, SESSIONS_PER_BLOCK } from './block.js';
import { brokenBy, faultOf, type InjectedFault, inject } from './faults/inject.js';
import { type PlayedEvent, type SimulatedEvent, wireOf } from './listener.js';
import { type Plan, planOf, type SimulateOptions } from './plan.js';
import type { Profile } from './profiles.js';

export type { Carrier } from './faults/define.js';
export { carrierOf, FAULT_IDS } from './faults/inject.js';
export {
  type FaultId,
  type FaultShare,
  type ProfileShare,
  type Shard,
  SIMULATE_DEFAULTS,
  type SimulateOptions,
} from './plan.js';
export { PROFILES, type Profile } from './profiles.js';

/** A synthetic listening session. */
export interface SimulatedSession {
  /** Its SessionId in lower case. */
  readonly key: string;
  /** In order of SeqNumber. */
  readonly events: readonly SimulatedEvent[];
  /** The profile of its listener; `script` if the session follows a script. */
  readonly profile: Profile | 'script';
  /** The fault of the session; null for a valid one. */
  readonly fault: InjectedFault | null;
}

const ID_PROPERTIES = { session: 'sessionId', clip: 'clipId', organization: 'organizationId' } as const;
const ID_NAMES = Object.keys(ID_PROPERTIES) as readonly IdName[];

/** Turns simulated events into the sessions that writers and rules accept. The same object is reused for each session. */
export class SessionMaker {
  readonly #batch = new EventBatch();
  readonly #session = new Session();
  readonly #origin: SessionOrigin = {
    raw: (i) => this.#batch.raws.get(i)!,
    locate: () => ({ line: 1, column: 1 }),
    pointer: () => '',
  };
  #last: PlayedEvent | null = null;

  /** Makes a session of bare events. An event that a fault broke is marked invalid, whatever the fault is. */
  sessionOf(events: readonly SimulatedEvent[]): Session {
    const batch = this.#batch;
    batch.clear();
    this.#last = null;
    for (const { played, raw, source } of events) {
      const i = played && raw === undefined ? this.#addPlayed(played) : addEvent(batch, raw, { bare: true });
      if (played === null) batch.flags[i]! |= EVENT_FLAG.invalid;
      if (source !== undefined) batch.sources[i] = sourceNumber(source);
      batch.lines[i] = 1;
      batch.columns[i] = 1;
    }
    const session = this.#session;
    session.begin(this.#origin, []);
    for (let i = 0; i < batch.count; i += 1) session.add(batch, i);
    session.settle();
    return session;
  }

  #addPlayed(event: PlayedEvent): number {
    const batch = this.#batch;
    const i = batch.push();
    const at = i * WORDS_PER_EVENT;
    const last = this.#last;
    for (const name of ID_NAMES) {
      const property = ID_PROPERTIES[name];
      const word = at + ID_WORDS[name];
      const id = event[property];
      if (last?.[property] === id) {
        const before = word - WORDS_PER_EVENT;
        batch.ids.copyWithin(word, before, before + 4);
        continue;
      }
      if (id !== id.toLowerCase()) {
        this.#last = null;
        batch.count -= 1;
        return addEvent(batch, wireOf(event), { bare: true });
      }
      writeGuid(id, batch.ids, word);
    }
    this.#last = event;
    batch.flags[i] = event.type === 'Stop' ? EVENT_FLAG.stop : 0;
    batch.positions[i] = event.position;
    batch.seqNumbers[i] = event.seqNumber;
    batch.timestamps[i] = event.timestamp;
    return i;
  }
}

/** Synthetic sessions in the form that `send` accepts. Each is valid until the next one is read. */
export function* toSessions(simulated: Iterable<SimulatedSession>): Generator<Session> {
  const maker = new SessionMaker();
  for (const { events } of simulated) yield maker.sessionOf(events);
}

/**
 * Makes listening sessions one after another, in constant memory. Session k depends only on the seed and the settings, not on
 * the number of sessions, the machine or the Node version: all arithmetic is exact or rounded as IEEE 754 defines it (see
 * `Random`), positions are whole milliseconds and Timestamps whole seconds. SessionIds are recognizable as simulated: see
 * `isSimulatedId`.
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

/** The findings that a checker must report for a session: a line of `--labels`. */
export interface Label {
  /** Null if, because of a fault, the request holds no event of the session. */
  readonly SessionId: string | null;
  readonly profile: SimulatedSession['profile'];
  /** The rules in catalogue order, each as often as it fires, infos included. Empty for a valid session. */
  readonly findings: readonly RuleId[];
}

const maker = new SessionMaker();

/**
 * The expected findings of a session, with default settings and known clip durations. Two sessions if a fault needed
 * a valid one in its request.
 */
export function labelsOf(session: SimulatedSession): Label[] {
  const { key, profile, fault } = session;
  if (!fault) return [{ SessionId: key, profile, findings: infos(session.events, null) }];
  const own = ({ rule }: { rule: RuleId }): boolean => INFOS.has(rule);
  const noted = fault.sessionless ? [] : infos(fault.judged, fault.rule);
  const broken = own(fault) ? [] : brokenBy(fault);
  const findings = [...broken, ...noted].sort((a, b) => RULE_IDS.indexOf(a) - RULE_IDS.indexOf(b));
  const label = { SessionId: fault.sessionless ? null : key, profile, findings };
  if (!fault.companion) return [label];
  const { sessionId, profile: beside, events } = fault.companion;
  return [{ SessionId: sessionId, profile: beside, findings: infos(events, null) }, label];
}

/** Infos that depend only on the events. */
const INFOS: ReadonlySet<RuleId> = new Set<RuleId>([
  'repeated-event',
  'playback-too-slow',
  'session-too-short',
]);

/** The findings of severity info of a session's events. Empty if an event is broken or the order of the events is unknown. */
function infos(events: readonly SimulatedEvent[], fault: RuleId | null): RuleId[] {
  if (fault === 'seq-duplicate') return [];
  const { listening } = maker.sessionOf(events);
  if (!listening.known) return [];
  const { repeated, intervalCount, audioMs, clockMs, playedMs } = listening;
  const found: RuleId[] = repeated.map(() => 'repeated-event');
  for (let n = 0; n < intervalCount; n += 1) {
    if (clockMs[n]! > longestClockMs(audioMs[n]!)) found.push('playback-too-slow');
  }
  const known = fault === null || !LENGTH_UNKNOWN_AFTER.some((rule) => rule === fault);
  if (known && playedMs < toMs(DEFAULT_MIN_DURATION)) found.push('session-too-short');
  return found;
}
