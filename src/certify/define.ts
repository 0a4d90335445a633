import type { FiredSet, SessionProfile } from '../diagnoses/define.js';
import { UserError } from '../domain/errors.js';
import type { DiagnosisId } from '../domain/finding.js';
import type { Listening } from '../domain/listening.js';
import type { Place } from '../domain/place.js';
import type { Session } from '../domain/session.js';
import { clock, formatDuration, nearest } from '../domain/text.js';
import type { RuleSettings } from '../rules/define.js';
import { type Capture, MINUTE_MS, type RequestNote, SECOND_MS, type SessionNote } from './capture.js';

/** The behaviours that an input can show, in the order of the sheet. */
export const BEHAVIOUR_IDS = [
  'play-to-end',
  'pause',
  'long-pause',
  'seek-forward',
  'seek-back',
  'seek-while-paused',
  'speed',
  'stall',
  'replay',
  'next-clip',
  'a-b-a',
  'background',
  'leave-page',
  'recover-after-kill',
  'late-delivery',
  'retry-after-503',
  'stop-when-disabled',
  'several-sessions-in-a-request',
] as const;

export type BehaviourId = (typeof BEHAVIOUR_IDS)[number];

/**
 * The behaviours with these names; `all` means all of them.
 * @throws UserError of kind `usage` if there is no behaviour with a name
 */
export function behavioursNamed(names: readonly string[]): ReadonlySet<BehaviourId> {
  return new Set(names.flatMap((name) => (name === 'all' ? BEHAVIOUR_IDS : [behaviourNamed(name)])));
}

function behaviourNamed(name: string): BehaviourId {
  const id = BEHAVIOUR_IDS.find((known) => known === name);
  if (id) return id;
  const near = nearest(name, BEHAVIOUR_IDS);
  throw new UserError(
    'usage',
    `no behaviour is called ${JSON.stringify(name)}`,
    near ? `Did you mean ${near}?` : `Expected all, or ids from ${BEHAVIOUR_IDS.join(', ')}.`,
  );
}

/**
 * What an input must hold to show a behaviour: `sessions`, any input; `requests`, which sessions each request holds; `exchanges`, when requests
 * began and how they were answered (a HAR, or the mock).
 */
export type Needs = 'sessions' | 'requests' | 'exchanges';

/** Something that an input shows about a behaviour: in which session, at which place, and what, as one sentence. */
export interface Observation {
  /** The SessionId in lower case; null of what is about a request as a whole. */
  readonly session: string | null;
  readonly place: Place;
  readonly evidence: string;
}

/** The session and the place of an observation; `key` is null if it is about a request as a whole. */
export interface SeenAt {
  readonly key: string | null;
  readonly place: Place;
}

/** Receives what was seen of a behaviour. */
export interface Found {
  right(session: SeenAt, evidence: () => string): void;
  wrong(session: SeenAt, evidence: () => string): void;
  /** For observations about a request as a whole. */
  rightRequest(request: RequestNote, evidence: () => string): void;
  wrongRequest(request: RequestNote, evidence: () => string): void;
}

/**
 * A session, or a request's part of one, as behaviours see it. The object is reused for the next session: copy what you keep.
 */
export interface SeenPart {
  readonly session: Session;
  readonly note: SessionNote;
  /**
   * The rules that fired for it, including those that are switched off. For a session of bare events, without the rules about
   * single events.
   */
  readonly fired: FiredSet;
  /** What was heard; null if unknown, because an event is invalid or a SeqNumber is repeated. */
  readonly listening: Listening | null;
  /** Numbers about what was heard; null if `listening` is. */
  readonly profile: SessionProfile | null;
  readonly settings: RuleSettings;
}

/** A request and its sessions. Valid only during the call. */
export interface SeenRequest {
  readonly note: RequestNote;
  readonly sessions: readonly SessionNote[];
}

/**
 * A behaviour of a player: what to do to show it, and when a capture shows it right or wrong. It keeps no state: `look` gets
 * one session, `lookAtRequest` one request, and `compare` everything that the capture remembers.
 */
export interface Behaviour {
  readonly id: BehaviourId;
  /** What the player does: `Pauses and continues`. */
  readonly title: string;
  /** What a person does with the player to show it. */
  readonly how: string;
  /** The exact condition under which a capture shows it right. */
  readonly right: string;
  /** The exact condition under which a capture shows it wrong, with the ids of rules and diagnoses in backticks. */
  readonly wrong: string;
  /** How to fix a player that does it wrong. */
  readonly fix: string;
  /** What else looks the same; null if nothing does. */
  readonly limits: string | null;
  readonly needs: Needs;
  /** Diagnoses that show it wrong. */
  readonly diagnoses: readonly DiagnosisId[];
  /** Looks at a session, or at a request's part of one. */
  look?(seen: SeenPart, found: Found): void;
  /** Looks at a request, after its sessions. Its answer may still be unknown. */
  lookAtRequest?(seen: SeenRequest, found: Found): void;
  /** Compares sessions and requests with each other. Called for every sheet, and changes nothing. */
  compare?(capture: Capture, found: Found): void;
}

/** Returns the behaviour unchanged. Checks its type, which keeps the exact id. */
export function defineBehaviour<const B extends Behaviour>(behaviour: B): B {
  return behaviour;
}

/** Positions up to this far apart count as the same, because players report the position of their last update. */
export const SAME_PLACE_MS = 1000;

/** A Start up to this Position is at the beginning of the clip. */
export const BEGINNING_MS = 1000;

/** A Start that follows a Stop at the same place after this time or more is a pause; a Start that follows sooner is a stall. */
export const PAUSED_MS = 2000;

/** A pause of this length is long: by then, phones may have stopped a page in the background. */
export const LONG_PAUSE_MS = 10 * MINUTE_MS;

/** A session is late if its request starts this long after its last event. */
export const LATE_MS = MINUTE_MS;
/** Sessions that are sent later than this are probably old data that was sent again. */
export const LATEST_MS = 24 * 60 * MINUTE_MS;

/** The session, and the place of the i-th event of its `listening`. The place is computed on demand. */
export function seenAt({ session, note: { key } }: SeenPart, i: number): SeenAt {
  return {
    key,
    get place() {
      return session.placeOf(session.listening.kept[i]!);
    },
  };
}

/** A step from one event of a session to the next. Values are in milliseconds. */
export interface Step {
  /** The index of the later event among the kept ones. */
  readonly i: number;
  readonly fromPositionMs: number;
  readonly toPositionMs: number;
  /** The later Position minus the earlier one. */
  readonly movedMs: number;
  /** The time between the two events. */
  readonly waitedMs: number;
}

/**
 * The steps of a session. `Start`: from a Stop to the Start after it, if a further event shows that playback continued.
 * `again`: between two consecutive events of the same type.
 */
export function* stepsOf(
  { keptCount, stops, positionsMs, timestampsMs }: Listening,
  to: 'Start' | 'again',
): Generator<Step> {
  for (let i = 1; i < keptCount; i += 1) {
    const wanted =
      to === 'again' ? stops[i] === stops[i - 1] : stops[i] === 0 && stops[i - 1] === 1 && i + 1 < keptCount;
    if (!wanted) continue;
    const [fromPositionMs, toPositionMs] = [positionsMs[i - 1]!, positionsMs[i]!];
    const waitedMs = timestampsMs[i]! - timestampsMs[i - 1]!;
    yield { i, fromPositionMs, toPositionMs, movedMs: toPositionMs - fromPositionMs, waitedMs };
  }
}

/** A position in the audio: `12:03`. */
export function placeText(positionMs: number): string {
  return clock(positionMs / 1000);
}

/** A length of time: `15 s`, `12 min`. */
export function spanText(ms: number): string {
  return formatDuration(ms / 1000);
}

/** A time span before a noun: `5 s after`, `right after`. */
export function afterText(ms: number): string {
  return ms < SECOND_MS ? 'right after' : `${spanText(ms)} after`;
}

/** A time span without a noun: `5 s later`, `at once`. */
export function laterText(ms: number): string {
  return ms < SECOND_MS ? 'at once' : `${spanText(ms)} later`;
}
