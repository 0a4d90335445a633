import type { Listening } from '../domain/listening.js';
import type { RuleSettings } from '../rules/define.js';
import { textHash } from './content.js';
import {
  type DiagnosisKind,
  type DiagnosisWatch,
  defineDiagnosis,
  ExampleCounter,
  enough,
  LONG_MS,
  LONG_ONES,
  type Part,
  type SessionProfile,
  sessionsOf,
  shownIn,
} from './define.js';

const HOUR = 3600;
const HUNDRED_MINUTES = 6000;

const THRESHOLD = { sessions: 3, share: 0.1 } as const;
const MIN_CLIPS = 2;
const MIN_AT_UNIT = 0.4;
/** Seconds of audio per second of clock. Nobody listens more slowly than this. */
const FASTEST = 0.4;
/** Intervals that cover a smaller share of the clip do not show its length. */
const MIN_COVERED = 0.1;

const MAX_SAMPLES = 20_000;
const MIN_SAMPLES = 3;
/** Samples agree within this share of the clip's length. */
const TOLERANCE = 0.1;
/** The longest sample that supports a length is this many times as long as the shortest. */
const SPREAD = 1.5;

export const positionAsFraction = defineDiagnosis({
  id: 'position-as-fraction',
  severity: 'warning',
  title: 'Position is a fraction of the clip, from 0 to 1',
  sees: 'an interval of at least 30 s by the clock, and no Position over 1',
  threshold:
    'at least 3 sessions, and at least 10 % of the sessions with such an interval. In addition, the clip lengths that follow from the intervals must agree: for more than half of the clips with 3 intervals of at least a tenth of the clip, half of these intervals (at least 3 of different lengths, in 3 sessions) give the same length within 10 %. Not reported if this length is one hour for every clip: then Positions are in hours',
  mend: 'Send seconds: audio.currentTime, or the fraction times the duration.',
  rules: ['nothing-heard', 'playback-too-slow', 'session-too-short'],
  unless: ['position-in-minutes', 'position-in-hours'],
  watch: (settings) =>
    watchShare({ whole: 1, above: 0, seemingSeconds: HOUR, words: 'from 0 to 1' }, settings),
});

export const positionAsPercentage = defineDiagnosis({
  id: 'position-as-percentage',
  severity: 'warning',
  title: 'Position is a percentage of the clip, from 0 to 100',
  sees: 'an interval of at least 30 s by the clock, a Position over 1 but none over 100, and in such intervals at most 0.4 s of audio per second',
  threshold:
    'as for `position-as-fraction`. Not reported if the length is 100 minutes for every clip: then Positions are in minutes',
  mend: 'Send seconds: audio.currentTime, or the percentage times the duration, divided by 100.',
  rules: ['nothing-heard', 'playback-too-slow', 'session-too-short'],
  unless: ['position-in-minutes', 'position-in-hours'],
  watch: (settings) =>
    watchShare({ whole: 100, above: 1, seemingSeconds: HUNDRED_MINUTES, words: 'from 0 to 100' }, settings),
});

/** A diagnosis for Positions in minutes or hours: then Position advances at 1/60, or 1/3,600, of the clock's speed. */
function inLargerUnit(
  unit: 'minutes' | 'hours',
  field: 'atMinutes' | 'atHours',
  part: string,
): DiagnosisKind {
  return {
    id: `position-in-${unit}`,
    severity: 'warning',
    title: `Position is in ${unit}`,
    sees: `an interval of at least 60 s by the clock in which Position advances at ${part} of the clock’s speed, within 5 %`,
    threshold:
      'at least 3 sessions and 2 clips, and at least 40 % of the intervals of 60 s or more by the clock',
    mend: 'Send seconds: audio.currentTime.',
    rules: ['nothing-heard', 'playback-too-slow', 'session-too-short'],
    watch: () => ({
      end({ facts }) {
        const long = facts.filter((session) => session.get('minutes') > 0);
        const shown = new ExampleCounter();
        const clips = new Set<number>();
        let [intervals, all] = [0, 0];
        for (const session of long) {
          all += session.get('minutes');
          if (session.get(field) === 0) continue;
          intervals += session.get(field);
          clips.add(session.get('clip'));
          shown.add(session.key);
        }
        const { sessions, examples } = shown;
        if (sessions < THRESHOLD.sessions || clips.size < MIN_CLIPS || intervals < MIN_AT_UNIT * all)
          return null;
        const of = long.length;
        const evidence = `${sessionsOf(sessions, of, 'with at least 60 s between a Start and its Stop')} have a Position that advances at ${part} of the clock’s speed.`;
        return { sessions, of, evidence, examples };
      },
    }),
  };
}

export const positionInMinutes = inLargerUnit('minutes', 'atMinutes', '1/60');
export const positionInHours = inLargerUnit('hours', 'atHours', '1/3,600');

/** A way in which players write Position as a share of the clip. */
interface Share {
  /** Position at the end of the clip. */
  readonly whole: number;
  /** Some Position of the session must be above this; otherwise Positions have another form. */
  readonly above: number;
  /** The length that every clip seems to have if Position is really in a larger unit of time. */
  readonly seemingSeconds: number;
  readonly words: string;
}

/** Watches for Positions that are a share of the clip. */
function watchShare({ whole, above, seemingSeconds, words }: Share, settings: RuleSettings): DiagnosisWatch {
  const lengths = new ClipLengths(settings);
  return {
    look(seen) {
      const { session, listening, profile } = seen;
      if (!listening || !profile || profile.longs === 0 || !isSlow(profile)) return false;
      if (profile.farthestMs > whole * 1000 || profile.farthestMs <= above * 1000) return false;
      sample(listening, session.key, seen.clipHash, whole, lengths);
      return true;
    },
    end(part) {
      const { long } = part.overview;
      if (!enough(part.shown.sessions, long, THRESHOLD)) return null;
      const clips = lengths.agreedLengths(part);
      if (new Set(clips.flatMap(({ sessions }) => sessions)).size < THRESHOLD.sessions) return null;
      if (clips.every(({ seconds }) => sameLength(seconds, seemingSeconds))) return null;
      return shownIn(part, long, THRESHOLD, {
        which: LONG_ONES,
        show: `have only Positions ${words}; read as shares of the clip, they give the same length for a clip repeatedly`,
      });
    },
  };
}

function isSlow({ longAudioMs, longClockMs }: SessionProfile): boolean {
  return longAudioMs <= FASTEST * longClockMs;
}

function sample(
  { intervalCount, audioMs, clockMs }: Listening,
  session: string,
  clip: number,
  whole: number,
  lengths: ClipLengths,
): void {
  for (let n = 0; n < intervalCount; n += 1) {
    const [audio, clock] = [audioMs[n]!, clockMs[n]!];
    const share = audio / 1000 / whole;
    if (clock >= LONG_MS && share >= MIN_COVERED) {
      lengths.add(clip, { session, audioMs: audio, seconds: clock / 1000 / share });
    }
  }
}

/** An interval, and the clip length that follows from it if Position is a share of the clip. */
interface Sample {
  readonly session: string;
  readonly audioMs: number;
  /** The length of the clip that follows, in seconds. */
  readonly seconds: number;
}

/** A clip for which several intervals give the same length. */
interface AgreedLength {
  readonly seconds: number;
  readonly sessions: readonly string[];
}

/**
 * Collects the clip lengths that follow from intervals if Position is a share of the clip. If intervals of different lengths
 * agree on a clip's length, Position is such a share.
 */
export class ClipLengths {
  readonly #byClip = new Map<number, Sample[]>();
  readonly #known: ReadonlyMap<number, number>;
  #samples = 0;

  constructor({ clipDurations }: Pick<RuleSettings, 'clipDurations'>) {
    this.#known = new Map([...clipDurations].map(([clip, seconds]) => [textHash(clip), seconds]));
  }

  /** @param clip A hash of the ClipId in lower case. */
  add(clip: number, sample: Sample): void {
    if (this.#samples === MAX_SAMPLES) return;
    this.#samples += 1;
    const samples = this.#byClip.get(clip);
    if (samples) samples.push(sample);
    else this.#byClip.set(clip, [sample]);
  }

  /** The clips on whose lengths intervals agree. Empty unless these are more than half of the clips with enough intervals. */
  agreedLengths(part: Pick<Part, 'has'>): readonly AgreedLength[] {
    const tried = [...this.#byClip]
      .map(([clip, samples]) => [clip, samples.filter(({ session }) => part.has(session))] as const)
      .filter(([, samples]) => samples.length >= MIN_SAMPLES);
    const agreedLengths = tried.flatMap(([clip, samples]) => this.#agreedLength(clip, samples) ?? []);
    return 2 * agreedLengths.length > tried.length ? agreedLengths : [];
  }

  #agreedLength(clip: number, samples: readonly Sample[]): AgreedLength | null {
    const lengths = samples.map(({ seconds }) => seconds).sort((a, b) => a - b);
    const seconds = this.#known.get(clip) ?? lengths[Math.floor(lengths.length / 2)]!;
    const agreeing = samples.filter((sample) => Math.abs(sample.seconds - seconds) <= TOLERANCE * seconds);
    if (agreeing.length < MIN_SAMPLES || 2 * agreeing.length < samples.length) return null;
    const audio = agreeing.map(({ audioMs }) => audioMs);
    if (Math.max(...audio) < SPREAD * Math.min(...audio)) return null;
    return { seconds, sessions: [...new Set(agreeing.map(({ session }) => session))] };
  }
}

/** Whether two clip lengths count as equal. */
function sameLength(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * b;
}
