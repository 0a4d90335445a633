import type { FiredSet, SessionProfile } from '../diagnoses/define.js';
import { UserError } from '../domain/errors.js';
import type { DiagnosisId } from '../domain/finding.js';
import type { Listening } from '../domain/listening.js';
import type { Place } from '../domain/place.js';
import type { Session } from '../domain/session.js';
import { clock, formatDuration, nearest } from '../domain/text.js';
import type { RuleSettings } from '../rules/define.js';
import { type Capture, MINUTE_MS, type RequestNote, SECOND_MS, type SessionNote } from './capture.js';

/** What a player can be seen to do, in the order of the sheet. */
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
 * The behaviours that are named; `all` stands for all of them.
 * @throws UserError of kind `usage` where no behaviour is called so
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

/** One thing seen in an input: which session it is about, where that stands, and what was seen, as one sentence. */
export interface Observation {
  /** The SessionId in lower case; null of what is about a request as a whole. */
  readonly session: string | null;
  readonly place: Place;
  readonly evidence: string;
}

/** A session, at the place where something was seen in it; `key` is null of what is about a request as a whole. */
export interface SeenAt {
  readonly key: string | null;
  readonly place: Place;
}

/** Takes what was seen of a behaviour. */
export interface Found {
  right(session: SeenAt, evidence: () => string): void;
  wrong(session: SeenAt, evidence: () => string): void;
  /** Of a request as a whole. */
  rightRequest(request: RequestNote, evidence: () => string): void;
  wrongRequest(request: RequestNote, evidence: () => string): void;
}

/** A session, or what a request holds of one, as a behaviour sees it. Used again for the next: to be looked at, not kept. */
export interface SeenPart {
  readonly session: Session;
  readonly note: SessionNote;
  /** The rules that fired for it, also those that are off; of bare events without those of single events. */
  readonly fired: FiredSet;
  /** What was listened to; null where that is not known: an event is not valid, or a SeqNumber stands twice. */
  readonly listening: Listening | null;
  /** How it went; null with `listening`. */
  readonly profile: SessionProfile | null;
  readonly settings: RuleSettings;
}

/** A request, and what it holds. To be looked at, not kept. */
export interface SeenRequest {
  readonly note: RequestNote;
  readonly sessions: readonly SessionNote[];
}

/**
 * A behaviour of a player: what to do to show it, and when a capture shows it right or wrong. It remembers nothing: `look` and `lookAtRequest`
 * see one thing at a time, `compare` sees all that the capture remembers.
 */
export interface Behaviour {
  readonly id: BehaviourId;
  /** What the player does: `Pauses and continues`. */
  readonly title: string;
  /** What a person does with the player to show it. */
  readonly how: string;
  /** When a capture shows it right, exactly. */
  readonly right: string;
  /** When a capture shows it wrong, exactly. Rules and diagnoses by their ids, in backticks. */
  readonly wrong: string;
  /** How to fix a player that does it wrong. */
  readonly fix: string;
  /** What looks the same and is not; null where nothing does. */
  readonly limits: string | null;
  readonly needs: Needs;
  /** Diagnoses that, where made, say that it is wrong. */
  readonly diagnoses: readonly DiagnosisId[];
  /** Looks at a session, or at what a request holds of one. */
  look?(seen: SeenPart, found: Found): void;
  /** Looks at a request, after its sessions; its answer may not be there yet. */
  lookAtRequest?(seen: SeenRequest, found: Found): void;
  /** Compares sessions and requests with each other. Called for every sheet, and changes nothing. */
  compare?(capture: Capture, found: Found): void;
}

/** Holds a behaviour to the contract. */
export function defineBehaviour<const B extends Behaviour>(behaviour: B): B {
  return behaviour;
}

/** Positions up to so far apart are the same: players report the position of the last tick. */
export const SAME_PLACE_MS = 1000;

/** A Start up to here is at the beginning of the clip. */
export const BEGINNING_MS = 1000;

/** A Start that follows a Stop at the same place this much later, or later still, is a pause; sooner, it is a stall. */
export const PAUSED_MS = 2000;

/** A wait of this length is a long pause: longer than phones leave a page in the background alone. */
export const LONG_PAUSE_MS = 10 * MINUTE_MS;

/** A request that begins this long after a session’s last event brings it late. */
export const LATE_MS = MINUTE_MS;
/** Sessions that are sent later than this are old data that was replayed, not what a player kept. */
export const LATEST_MS = 24 * 60 * MINUTE_MS;

/** The session at one of the events of its `listening`; the place is made where it is asked for. */
export function seenAt({ session, note: { key } }: SeenPart, i: number): SeenAt {
  return {
    key,
    get place() {
      return session.placeOf(session.listening.kept[i]!);
    },
  };
}

/** From one event of a session to the next, in milliseconds. */
export interface Step {
  /** The later event, by its index among the kept. */
  readonly i: number;
  readonly fromPositionMs: number;
  readonly toPositionMs: number;
  /** How far the Position is from that of the event before; negative where it lies before that. */
  readonly movedMs: number;
  /** How much later it is. */
  readonly waitedMs: number;
}

/**
 * The steps of a session from a Stop to the Start after it, where a further event shows that playback continued (`Start`); or between two events of
 * one type (`again`).
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

/** A position along the audio: `12:03`. */
export function placeText(positionMs: number): string {
  return clock(positionMs / 1000);
}

/** A length of time: `15 s`, `12 min`. */
export function spanText(ms: number): string {
  return formatDuration(ms / 1000);
}

/** How long one thing comes after another: `5 s after`, `right after`. */
export function afterText(ms: number): string {
  return ms < SECOND_MS ? 'right after' : `${spanText(ms)} after`;
}

/** How much later something comes: `5 s later`, `at once`. */
export function laterText(ms: number): string {
  return ms < SECOND_MS ? 'at once' : `${spanText(ms)} later`;
}
