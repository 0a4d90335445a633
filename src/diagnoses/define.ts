import type { Diagnosis, DiagnosisId, RuleId, Severity } from '../domain/finding.js';
import type { Listening } from '../domain/listening.js';
import type { RepeatedExport } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import { formatNumber } from '../domain/text.js';
import type { RuleSettings } from '../rules/define.js';
import type { SessionFacts } from './session-facts.js';

/** Only a session that played at least this long shows whether its Timestamps were taken during playback. */
const LASTING_MS = 15_000;
const SLOWEST_STEADY = 0.5;

const MAX_EXAMPLES = 3;

/** The threshold for a diagnosis that one rule alone makes certain. */
export const CERTAIN = { sessions: 2, share: 0.01 } as const;

/** How evidence describes the sessions in which audio and clock can be compared. */
export const LONG_ONES = 'with 30 s or more between a Start and its Stop';

/** The rules that fired. */
export interface FiredSet {
  has(id: RuleId): boolean;
}

/** A session as diagnoses see it. The object is reused for the next session: copy what you keep. */
export interface SeenSession {
  readonly session: Session;
  /**
   * The rules that fired for it, including those that are switched off. For a session of bare events, without the rules about
   * single events.
   */
  readonly fired: FiredSet;
  /** What was heard; null if unknown, because an event is invalid or a SeqNumber is repeated. */
  readonly listening: Listening | null;
  /** Numbers about what was heard; null if `listening` is. */
  readonly profile: SessionProfile | null;
  /** A 32-bit hash of the ClipId of its first event in lower case. */
  readonly clipHash: number;
}

/** The evidence for a diagnosis: how many sessions show it, of how many, and a sentence that says this. */
export type Evidence = Pick<Diagnosis, 'sessions' | 'of' | 'evidence' | 'examples'>;

/** A group of sessions that diagnoses judge together: all sessions of an input, those of a Source, or the newest. */
export interface Part {
  readonly overview: Overview;
  /** The sessions that show the diagnosis, as returned by `look`. */
  readonly shown: Pick<ExampleCounter, 'sessions' | 'examples'>;
  /** The sessions, in order of their last event. Empty if there are too many to keep: then a sample of them is another part. */
  readonly facts: readonly SessionFacts[];
  /** Whether a session is in this part. `key` is its SessionId in lower case. */
  has(key: string): boolean;
  /** Whether this part is the whole input. */
  readonly whole: boolean;
}

/** Looks for one diagnosis in the sessions of one input, in any order and in bounded memory. */
export interface DiagnosisWatch {
  /**
   * Looks at a session of bare events, or at the first part of a session that a request holds. Returns whether it shows the
   * diagnosis.
   */
  look?(seen: SeenSession): boolean;
  /**
   * Looks at a later request's part of a session that an earlier request holds with other events. Returns whether it shows the
   * diagnosis.
   */
  lookAtSplit?(seen: SeenSession): boolean;
  /** Called if rows of a table are repeated. */
  noteRepeatedExport?(repeated: RepeatedExport): void;
  /**
   * The evidence in a part; null if it is not clear. Can be called after the last session or before it, since it changes
   * nothing.
   */
  end(part: Part): Evidence | null;
}

/** A kind of diagnosis. It is reported exactly when `threshold` is met. */
export interface DiagnosisKind extends Pick<Diagnosis, 'title' | 'mend' | 'rules'> {
  readonly id: DiagnosisId;
  /** The severity, unless a user sets another. */
  readonly severity: Severity;
  /** What a session must show. */
  readonly sees: string;
  /** The number of sessions that must show it, and the other conditions. */
  readonly threshold: string;
  /** Diagnoses that suppress this one because they explain the same findings. */
  readonly unless?: readonly DiagnosisId[];
  watch(settings: RuleSettings): DiagnosisWatch;
}

/** Returns the diagnosis unchanged. Checks its type, which keeps the exact id. */
export function defineDiagnosis<const K extends DiagnosisKind>(kind: K): K {
  return kind;
}

/** Whether enough sessions show a diagnosis: at least a number of them, and at least a share of those that could show it. */
export function enough(sessions: number, of: number, least: { sessions: number; share: number }): boolean {
  return sessions >= least.sessions && sessions >= least.share * of;
}

/** `312 of 340 sessions`, and what distinguishes the 340. */
export function sessionsOf(shown: number, of: number, whichOnes = ''): string {
  const which = whichOnes === '' ? '' : ` ${whichOnes}`;
  return `${formatNumber(shown)} of ${formatNumber(of)} ${of === 1 ? 'session' : 'sessions'}${which}`;
}

/** Counts of the sessions of an input or a part. */
export class Overview {
  /** All. */
  sessions = 0;
  /** Those that play 15 s or more. */
  lasting = 0;
  /** Those with a long interval: 30 s of clock or more between a Start and its Stop. */
  long = 0;
  /** Those with long intervals that play steadily: at least 0.5 s of audio per second, and not too fast. */
  steady = 0;
  /** Those that report a pause. */
  pausing = 0;
  /** Those that report a jump. */
  seeking = 0;
}

/** Whether a session plays 15 s or more. */
export function isLasting({ listening }: SeenSession): boolean {
  return listening !== null && listening.playedMs >= LASTING_MS;
}

export function isSteady({ profile, fired }: SeenSession): boolean {
  if (!profile || profile.longs === 0) return false;
  return profile.longAudioMs >= SLOWEST_STEADY * profile.longClockMs && !fired.has('playback-too-fast');
}

/** Keeps the few lowest SessionIds, so that the order in which they are added makes no difference. */
export class Examples {
  #ids: readonly string[] = [];

  add(sessionKey: string): void {
    const last = this.#ids[MAX_EXAMPLES - 1];
    if (last !== undefined && last <= sessionKey) return;
    if (!this.#ids.includes(sessionKey)) this.#ids = [...this.#ids, sessionKey].sort().slice(0, MAX_EXAMPLES);
  }

  get ids(): readonly string[] {
    return this.#ids;
  }
}

/** Counts the sessions that show a diagnosis, and keeps some as examples. */
export class ExampleCounter {
  sessions = 0;
  readonly #examples = new Examples();

  add(sessionKey: string): void {
    this.sessions += 1;
    this.#examples.add(sessionKey);
  }

  get examples(): readonly string[] {
    return this.#examples.ids;
  }
}

/** The evidence in a part, of `of` sessions that could show it; null if too few sessions show it for `least`. */
export function shownIn(
  { shown: { sessions, examples } }: Part,
  of: number,
  least: { readonly sessions: number; readonly share: number },
  words: { readonly which?: string; readonly show: string },
): Evidence | null {
  if (!enough(sessions, of, least)) return null;
  return { sessions, of, evidence: `${sessionsOf(sessions, of, words.which)} ${words.show}.`, examples };
}

/** Watches for a diagnosis that every session with a finding of one rule shows. */
export function watchRule(
  rule: RuleId,
  could: (overview: Overview) => number,
  words: { readonly which?: string; readonly show: string },
): DiagnosisWatch {
  return {
    look: ({ fired }) => fired.has(rule),
    end: (part) => shownIn(part, could(part.overview), CERTAIN, words),
  };
}

const SECOND_MS = 1000;

/** An interval with at least this much clock is *long*: enough to compare audio with clock. */
export const LONG_MS = 30_000;

const PAUSED_MS = 2000;

/** A Start up to this Position is at the beginning of the clip. */
export const BEGINNING_MS = 1000;

/** A Stop from this Position on is no longer at the beginning. */
export const UNDERWAY_MS = 30_000;

/** A Start at the beginning that follows a Stop by this long is another play. */
const LONG_AGO_MS = 60 * 60_000;

/**
 * The numbers about a session that diagnoses need. The object is reused: copy what you keep. Times and positions are in
 * milliseconds.
 */
export class SessionProfile {
  /** Whether Position changes in any interval. */
  moves = false;
  /** How many intervals are long, and the sums of their audio and clock. */
  longs = 0;
  longAudioMs = 0;
  longClockMs = 0;
  farthestMs = 0;
  /** How often a Start follows a Stop at the same place (within 1 s), 2 s or more later. */
  pauses = 0;
  /** How often a Start follows a Stop at another place. */
  seeks = 0;
  /**
   * Whether the clip is played again: a Start in its first second comes an hour or more after a Stop at the farthest Position
   * (within 1 s, and 30 s or more into the clip). A Start that comes sooner can be a loop.
   */
  playedAgain = false;

  /** Computes the profile of a session whose `listening` is known. */
  compute({ keptCount, stops, positionsMs, timestampsMs }: Listening): void {
    let [longs, longAudioMs, longClockMs] = [0, 0, 0];
    let [pauses, seeks] = [0, 0];
    let moves = false;
    let farthestMs = positionsMs[0]!;
    /** The farthest Stop that a Start at the beginning follows an hour or more later. */
    let againMs = 0;
    for (let i = 1; i < keptCount; i += 1) {
      const positionMs = positionsMs[i]!;
      if (positionMs > farthestMs) farthestMs = positionMs;
      if (stops[i] === stops[i - 1]) continue;
      const beforeMs = positionsMs[i - 1]!;
      const audioMs = positionMs - beforeMs;
      const clockMs = timestampsMs[i]! - timestampsMs[i - 1]!;
      if (stops[i] === 1) {
        if (audioMs !== 0) moves = true;
        if (clockMs < LONG_MS) continue;
        longs += 1;
        longAudioMs += audioMs;
        longClockMs += clockMs;
      } else {
        if (audioMs > SECOND_MS || audioMs < -SECOND_MS) seeks += 1;
        else if (clockMs >= PAUSED_MS) pauses += 1;
        // If the first event is a Stop, it does not end a play of this session.
        if (i === 1 || positionMs > BEGINNING_MS || beforeMs < UNDERWAY_MS) continue;
        if (clockMs >= LONG_AGO_MS && beforeMs > againMs) againMs = beforeMs;
      }
    }
    this.moves = moves;
    this.longs = longs;
    this.longAudioMs = longAudioMs;
    this.longClockMs = longClockMs;
    this.farthestMs = farthestMs;
    this.pauses = pauses;
    this.seeks = seeks;
    this.playedAgain = againMs > 0 && farthestMs - againMs <= SECOND_MS;
  }
}
