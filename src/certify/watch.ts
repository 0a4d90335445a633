import type { FiredSet } from '../diagnoses/define.js';
import { SessionProfile } from '../diagnoses/define.js';
import { type Diagnosis, RULE_IDS, type RuleId } from '../domain/finding.js';
import { guidKey } from '../domain/guid.js';
import { type Listening, longestClockMs, toMs } from '../domain/listening.js';
import type { Place } from '../domain/place.js';
import type { Answer, Exchange } from '../domain/record.js';
import { Session } from '../domain/session.js';
import { clipDurationOf, type RuleSettings, type SessionPart } from '../rules/define.js';
import { RULES } from '../rules/index.js';
import { BEHAVIOURS } from './behaviours/index.js';
import { Capture, type RequestNote, SECOND_MS, type SessionNote } from './capture.js';
import { BEHAVIOUR_IDS, type Behaviour, type BehaviourId, type Needs, type SeenPart } from './define.js';
import { Observations, type Sheet, sheetOf } from './sheet.js';

/** A request during the inspection. */
export interface ObservedRequest {
  /** The number of the request in this run, from 0. */
  readonly number: number;
  readonly place: Place;
  readonly exchange: Exchange | null;
  readonly organizationId: string | null;
  /** The rules about its body that fired. */
  readonly fired: FiredSet;
}

/** The properties of a session part that behaviours need. */
type ObservedPart = Pick<SessionPart, 'session' | 'occurrence'>;

export interface WatchOptions {
  /** How many of the newest sessions, and of the newest requests, to compare with each other. */
  readonly most?: number | undefined;
  /**
   * Whether requests are inspected as they arrive, with times and answers. Then every behaviour is possible, even before the
   * first request.
   */
  readonly live?: boolean | undefined;
}

const LIVE = ['requests', 'exchanges'] as const satisfies readonly Needs[];

/**
 * Watches an inspection for the behaviours of a player: it gets every session with the rules that fired for it, every request,
 * and its answer. Uses bounded memory. Can make the sheet at any time.
 */
export class CertifyWatch {
  readonly #settings: RuleSettings;
  readonly #seen = Object.fromEntries(BEHAVIOUR_IDS.map((id) => [id, new Observations()])) as Record<
    BehaviourId,
    Observations
  >;
  readonly #capture: Capture;
  readonly #part: Writable<SeenPart>;
  readonly #profile = new SessionProfile();
  readonly #shows = new Set<Needs>(['sessions']);
  /** The current request, and those of its sessions that were already seen. */
  #request: RequestNote | null = null;
  #ofRequest: SessionNote[] = [];
  #order = 0;
  #sessions = 0;
  #flawed = 0;
  #requests = 0;

  constructor(settings: RuleSettings, { most, live = false }: WatchOptions = {}) {
    this.#settings = settings;
    this.#capture = new Capture(settings, most);
    if (live) for (const needs of LIVE) this.#shows.add(needs);
    this.#part = {
      session: new Session(),
      note: NO_NOTE,
      fired: new Set(),
      listening: null,
      profile: null,
      settings,
    };
  }

  /**
   * Looks at a session of bare events, or at a request's part of a session.
   * @param fired The rules that fired for it, including those that are switched off.
   */
  session({ session, occurrence }: ObservedPart, fired: FiredSet, request: ObservedRequest | null): void {
    const part = this.#part;
    part.session = session;
    part.fired = fired;
    part.listening = session.listening.known ? session.listening : null;
    part.profile = part.listening && this.#profile;
    if (part.listening) this.#profile.compute(part.listening);
    const note = this.#noteOf(part, occurrence, request && this.#noteOfRequest(request));
    part.note = note;
    this.#capture.add(note);
    if (request) this.#ofRequest.push(note);
    if (occurrence === 'first') {
      this.#sessions += 1;
      if (note.flawed) this.#flawed += 1;
    }
    if (occurrence === 'resent') return;
    for (const behaviour of LOOKING) behaviour.look!(part, this.#seen[behaviour.id]);
  }

  /** Looks at a request. Call it after its sessions. */
  request(request: ObservedRequest): void {
    const note = this.#noteOfRequest(request);
    this.#request = null;
    this.#requests += 1;
    this.#shows.add('requests');
    if (request.exchange) this.#shows.add('exchanges');
    this.#capture.addRequest(note);
    const seen = { note, sessions: this.#ofRequest };
    for (const behaviour of LOOKING_AT_REQUESTS) behaviour.lookAtRequest!(seen, this.#seen[behaviour.id]);
    this.#ofRequest = [];
  }

  /** Adds the answer of an earlier request. @param number The number that the request had. */
  answered(number: number, answer: Answer): void {
    this.#capture.answered(number, answer);
  }

  /**
   * The sheet of everything seen so far.
   * @param diagnoses The diagnoses so far, whatever their severity.
   * @param endedAt Unix seconds: nothing more arrived until then. Absent if unknown.
   */
  sheet({
    diagnoses,
    required = new Set(),
    endedAt,
  }: {
    readonly diagnoses: readonly Diagnosis[];
    readonly required?: ReadonlySet<BehaviourId> | undefined;
    readonly endedAt?: number | undefined;
  }): Sheet {
    this.#capture.endedMs = endedAt === undefined ? null : endedAt * 1000;
    return sheetOf({
      seen: this.#seen,
      capture: this.#capture,
      diagnoses,
      required,
      sessions: this.#sessions,
      requests: this.#requests,
      flawed: this.#flawed,
      shows: this.#shows,
    });
  }

  #noteOfRequest({ number, place, exchange, organizationId, fired }: ObservedRequest): RequestNote {
    if (this.#request?.number === number) return this.#request;
    this.#request = {
      number,
      place,
      exchange,
      organization: organizationId && guidKey(organizationId),
      fired: firedOf(fired),
      beganMs: exchange?.beganAt == null ? null : exchange.beganAt * 1000,
      answer: exchange?.answer ?? null,
    };
    return this.#request;
  }

  #noteOf(
    { session, fired, listening, profile }: SeenPart,
    occurrence: SessionPart['occurrence'],
    request: RequestNote | null,
  ): SessionNote {
    const firedIds = firedOf(fired);
    const { seqNumbers, count } = session;
    const seconds = clipDurationOf(session, this.#settings);
    return {
      key: session.key,
      clip: guidKey(session.firstId('clip') ?? ''),
      organization: guidKey(session.firstId('organization') ?? ''),
      source: session.source ?? '',
      occurrence,
      order: this.#order++,
      place: session.placeOf(0),
      request,
      flawed: listening === null || occurrence === 'split' || firedIds.some((id) => ERRORS.has(id)),
      fired: firedIds,
      known: listening !== null,
      clipMs: Number.isFinite(seconds) ? toMs(seconds) : Number.NaN,
      lowest: seqNumbers[0]!,
      highest: seqNumbers[count - 1]!,
      pauses: profile?.pauses ?? 0,
      ...(listening
        ? passage(session, listening, profile!.farthestMs, this.#settings.maxSpeed)
        : unknownPassage(session)),
    };
  }
}

/** The behaviours that look at sessions, and those that look at requests. */
const ALL: readonly Behaviour[] = BEHAVIOUR_IDS.map((id) => BEHAVIOURS[id]);
const LOOKING = ALL.filter((behaviour) => behaviour.look !== undefined);
const LOOKING_AT_REQUESTS = ALL.filter((behaviour) => behaviour.lookAtRequest !== undefined);

/** Rules that keep a session from showing a behaviour as right: errors of sessions, events and tables, and `nothing-heard`. */
const ERRORS: ReadonlySet<RuleId> = new Set(
  RULE_IDS.filter((id) => {
    const { severity, level } = RULES[id];
    return id === 'nothing-heard' || (severity === 'error' && level !== 'request');
  }),
);

const NONE: readonly RuleId[] = [];

function firedOf(fired: FiredSet): readonly RuleId[] {
  const ids = RULE_IDS.filter((id) => fired.has(id));
  return ids.length === 0 ? NONE : ids;
}

type Passage = Pick<
  SessionNote,
  | 'firstMs'
  | 'lastMs'
  | 'firstPositionMs'
  | 'lastPositionMs'
  | 'farthestMs'
  | 'beginsWithStop'
  | 'endsOpen'
  | 'endsTwice'
  | 'playedMs'
  | 'steadyMs'
  | 'unreportedMs'
  | 'silentMs'
  | 'lastStartMs'
  | 'gaps'
>;

const MAX_GAPS = 8;
const NO_GAPS: SessionNote['gaps'] = [];
/** In an interval with less audio, the player may only have reported a wrong Position in its Stop. */
const LEAST_HEARD_MS = 10_000;
/** With less audio per second, Position is late or something is not reported. */
const LEAST_STEADY = 0.9;
/** Timestamps are whole seconds. */
const SAME_TIME_MS = 2000;
/** In a shorter pause, no other session can be played. */
const LEAST_GAP_MS = 2000;

/** The times and positions of a session whose events are in a known order. */
function passage(session: Session, listening: Listening, farthestMs: number, maxSpeed: number): Passage {
  const { keptCount, kept, stops, positionsMs, timestampsMs, repeated, playedMs } = listening;
  const { intervalCount, intervalStops, audioMs, clockMs } = listening;
  const last = keptCount - 1;
  let [steadyMs, unreportedMs, silentMs, lastMs, lastStartMs] = [0, 0, 0, timestampsMs[0]!, Number.NaN];
  const gaps: (readonly [number, number])[] = [];
  for (let n = 0; n < intervalCount; n += 1) {
    const [audio, clock, stop] = [audioMs[n]!, clockMs[n]!, intervalStops[n]!];
    lastStartMs = timestampsMs[stop - 1]!;
    if (session.hasDerivedClock(kept[stop]!)) continue;
    if (audio >= LEAST_HEARD_MS && clock > longestClockMs(audio))
      unreportedMs = Math.max(unreportedMs, clock - audio);
    if (clock > steadyMs && audio >= LEAST_STEADY * clock && audio <= maxSpeed * (clock + SECOND_MS))
      steadyMs = clock;
  }
  for (let i = 1; i < keptCount; i += 1) {
    lastMs = Math.max(lastMs, timestampsMs[i]!);
    if (stops[i] === 1 || stops[i - 1] === 0) continue;
    const waitedMs = timestampsMs[i]! - timestampsMs[i - 1]!;
    const movedMs = positionsMs[i]! - positionsMs[i - 1]!;
    if (Math.abs(movedMs - waitedMs) <= SAME_TIME_MS) silentMs = Math.max(silentMs, waitedMs);
    if (waitedMs >= LEAST_GAP_MS && gaps.length < MAX_GAPS)
      gaps.push([timestampsMs[i - 1]!, timestampsMs[i]!]);
  }
  return {
    firstMs: timestampsMs[0]!,
    lastMs,
    firstPositionMs: positionsMs[0]!,
    lastPositionMs: positionsMs[last]!,
    farthestMs,
    beginsWithStop: stops[0] === 1,
    endsOpen: stops[last] === 0,
    endsTwice: repeated.includes(session.count - 1),
    playedMs,
    steadyMs,
    unreportedMs,
    silentMs,
    lastStartMs,
    gaps: gaps.length === 0 ? NO_GAPS : gaps,
  };
}

/** Only the times, for a session whose order is unknown. */
function unknownPassage({ timestamps, count }: Session): Passage {
  let [firstMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < count; i += 1) {
    const ms = toMs(timestamps[i]!);
    if (ms < firstMs) firstMs = ms;
    if (ms > lastMs) lastMs = ms;
  }
  return {
    firstMs: Number.isFinite(firstMs) ? firstMs : 0,
    lastMs: Number.isFinite(lastMs) ? lastMs : 0,
    firstPositionMs: Number.NaN,
    lastPositionMs: Number.NaN,
    farthestMs: Number.NaN,
    beginsWithStop: false,
    endsOpen: false,
    endsTwice: false,
    playedMs: 0,
    steadyMs: 0,
    unreportedMs: 0,
    silentMs: 0,
    lastStartMs: Number.NaN,
    gaps: NO_GAPS,
  };
}

const NO_NOTE = {} as SessionNote;

type Writable<T> = { -readonly [K in keyof T]: T[K] };
