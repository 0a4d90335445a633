import type { Diagnosis, DiagnosisId, RuleId, Severity } from '../domain/finding.js';
import type { Listening } from '../domain/listening.js';
import type { RepeatedExport } from '../domain/record.js';
import type { Session } from '../domain/session.js';
import { formatNumber } from '../domain/text.js';
import type { RuleSettings } from '../rules/define.js';
import type { SessionFacts } from './session-facts.js';

/** Played from here on, a session shows whether its Timestamps were taken as it was heard. */
const LASTING_MS = 15_000;
const SLOWEST_STEADY = 0.5;

const MAX_EXAMPLES = 3;

/** For a rule that is certain of the diagnosis on its own. */
export const CERTAIN = { sessions: 2, share: 0.01 } as const;

/** Sessions in which audio and clock can be compared, as all sentences call them. */
export const LONG_ONES = 'with 30 s or more between a Start and its Stop';

/** Rules whose condition was met. */
export interface FiredSet {
  has(id: RuleId): boolean;
}

/** A session as diagnoses see it. Used again for the next one: to be looked at, not kept. */
export interface SeenSession {
  readonly session: Session;
  /** The rules that fired for it, also those that are off; of bare events without those of single events. */
  readonly fired: FiredSet;
  /** What was listened to; null where that is not known: an event is not valid, or a SeqNumber stands twice. */
  readonly listening: Listening | null;
  /** How it went; null with `listening`. */
  readonly profile: SessionProfile | null;
  /** A hash, in 32 bits, of the ClipId of its first event in lower case. */
  readonly clipHash: number;
}

/** What a diagnosis rests on: where it shows, of how many, and the sentence that says so. */
export type Evidence = Pick<Diagnosis, 'sessions' | 'of' | 'evidence' | 'examples'>;

/** Sessions that are looked at together: all of an input, those of a Source, or the newest. */
export interface Part {
  readonly overview: Overview;
  /** Those in which the diagnosis shows, as `look` said. */
  readonly shown: Pick<ExampleCounter, 'sessions' | 'examples'>;
  /** By the time of their last event. Empty where there are too many to keep: a sample of them is a part of its own. */
  readonly facts: readonly SessionFacts[];
  /** Whether a session is among them, by its SessionId in lower case. */
  has(key: string): boolean;
  /** Whether it is the whole input. */
  readonly whole: boolean;
}

/** Looks at the sessions of one input, in whatever order, in bounded memory. */
export interface DiagnosisWatch {
  /** A session of bare events, or what the first request that holds some of a session holds of it. Gives whether the diagnosis shows in it. */
  look?(seen: SeenSession): boolean;
  /**
   * A later request's part of a session that an earlier request holds with other events. Returns whether it shows the
   * diagnosis.
   */
  lookAtSplit?(seen: SeenSession): boolean;
  /** Rows of a table stand twice. */
  noteRepeatedExport?(repeated: RepeatedExport): void;
  /** After the last, or so far: the evidence in a part, null where it is not clear. It changes nothing. */
  end(part: Part): Evidence | null;
}

/** A kind of diagnosis. It is reported exactly when `threshold` is met. */
export interface DiagnosisKind extends Pick<Diagnosis, 'title' | 'mend' | 'rules'> {
  readonly id: DiagnosisId;
  /** Unless a user sets another. */
  readonly severity: Severity;
  /** What it sees in a session. */
  readonly sees: string;
  /** The number of sessions from which it is reported, and the other conditions. */
  readonly threshold: string;
  /** Diagnoses that suppress this one because they explain the same findings. */
  readonly unless?: readonly DiagnosisId[];
  watch(settings: RuleSettings): DiagnosisWatch;
}

/** Holds a diagnosis to the contract. */
export function defineDiagnosis<const K extends DiagnosisKind>(kind: K): K {
  return kind;
}

/** Whether there are enough sessions, and enough of all that could show it. */
export function enough(sessions: number, of: number, least: { sessions: number; share: number }): boolean {
  return sessions >= least.sessions && sessions >= least.share * of;
}

/** `312 of 340 sessions`, with what they have in common and what shows in them. */
export function sessionsOf(shown: number, of: number, whichOnes = ''): string {
  const which = whichOnes === '' ? '' : ` ${whichOnes}`;
  return `${formatNumber(shown)} of ${formatNumber(of)} ${of === 1 ? 'session' : 'sessions'}${which}`;
}

/** The sessions of an input, counted. */
export class Overview {
  /** All. */
  sessions = 0;
  /** Those that play 15 s or more. */
  lasting = 0;
  /** Those with a long interval: 30 s of clock or more between a Start and its Stop. */
  long = 0;
  /**
   * The sessions among them whose long intervals play steadily: at least 0.5 s of audio per second, and not too fast.
   */
  steady = 0;
  /** Those that report a pause. */
  pausing = 0;
  /** Those that report a jump. */
  seeking = 0;
}

/** Whether a session has long intervals, and whether it plays steadily. `Overview` counts both. */
export function isLasting({ listening }: SeenSession): boolean {
  return listening !== null && listening.playedMs >= LASTING_MS;
}

export function isSteady({ profile, fired }: SeenSession): boolean {
  if (!profile || profile.longs === 0) return false;
  return profile.longAudioMs >= SLOWEST_STEADY * profile.longClockMs && !fired.has('playback-too-fast');
}

/** Keeps the first few SessionIds in their order, whatever the order in which they come. */
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

/** Counts the sessions in which a diagnosis shows, and keeps some as examples. */
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

/** The evidence that this many sessions show it; null if they are fewer than `least`. */
export function shownIn(
  { shown: { sessions, examples } }: Part,
  of: number,
  least: { readonly sessions: number; readonly share: number },
  words: { readonly which?: string; readonly show: string },
): Evidence | null {
  if (!enough(sessions, of, least)) return null;
  return { sessions, of, evidence: `${sessionsOf(sessions, of, words.which)} ${words.show}.`, examples };
}

/** Watches for a diagnosis that is what one rule finds. */
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

/** A Start up to here is at the beginning of the clip. */
export const BEGINNING_MS = 1000;

/** A Stop from here on has left the beginning. */
export const UNDERWAY_MS = 30_000;

/** After a Stop this long ago, a Start at the beginning is another play. */
const LONG_AGO_MS = 60 * 60_000;

/**
 * A session in numbers that diagnoses need. The object is reused: copy what you keep. Times and positions are in
 * milliseconds.
 */
export class SessionProfile {
  /** Whether Position changes in any interval. */
  moves = false;
  /** How many intervals are long, and their audio and clock together. */
  longs = 0;
  longAudioMs = 0;
  longClockMs = 0;
  farthestMs = 0;
  /** How often a Start follows a Stop at the same place (within 1 s), 2 s or more later. */
  pauses = 0;
  /** How often a Start follows a Stop at another place. */
  seeks = 0;
  /**
   * Whether the clip is played again: a Start in its first second follows a Stop at the farthest Position (within 1 s, and 30 s or more into the
   * clip) an hour later. What follows sooner may be a loop.
   */
  playedAgain = false;

  /** Computes the profile of a session of which it is known what was listened to. */
  compute({ keptCount, stops, positionsMs, timestampsMs }: Listening): void {
    let [longs, longAudioMs, longClockMs] = [0, 0, 0];
    let [pauses, seeks] = [0, 0];
    let moves = false;
    let farthestMs = positionsMs[0]!;
    /** The farthest Stop before a Start at the beginning an hour later. */
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
        // A Stop that comes first ends no play of this session.
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
