import type { RuleSettings } from '../rules/define.js';
import { textHash } from './content-hash.js';

const MOST_SAMPLES = 20_000;
const LEAST_SAMPLES = 3;
/** Samples agree within this share of the clip's length. */
const TOLERANCE = 0.1;
/** Of the samples of a clip that bear a length out, the longest is so many times as long as the shortest. */
const SPREAD = 1.5;

/** One interval, as it would be if Position were a share of the clip. */
export interface Sample {
  readonly session: string;
  readonly audioMs: number;
  /** Seconds that the clip would last. */
  readonly seconds: number;
}

/** A clip whose length intervals bear out. */
interface BorneOut {
  readonly seconds: number;
  readonly sessions: readonly string[];
}

/** Collects how long clips would be, if Position were a share of the clip: it is, where intervals of different lengths agree. */
export class ClipLengths {
  readonly #byClip = new Map<number, Sample[]>();
  readonly #known: ReadonlyMap<number, number>;
  #samples = 0;

  constructor({ clipDurations }: Pick<RuleSettings, 'clipDurations'>) {
    this.#known = new Map([...clipDurations].map(([clip, seconds]) => [textHash(clip), seconds]));
  }

  /** @param clip A hash of the ClipId in lower case. */
  add(clip: number, sample: Sample): void {
    if (this.#samples === MOST_SAMPLES) return;
    this.#samples += 1;
    const its = this.#byClip.get(clip);
    if (its) its.push(sample);
    else this.#byClip.set(clip, [sample]);
  }

  /** The clips whose lengths intervals bear out; none where for as many clips or more they do not. */
  borneOut(): readonly BorneOut[] {
    const tried = [...this.#byClip].filter(([, samples]) => samples.length >= LEAST_SAMPLES);
    const borneOut = tried.flatMap(([clip, samples]) => this.#borneOut(clip, samples) ?? []);
    return 2 * borneOut.length > tried.length ? borneOut : [];
  }

  #borneOut(clip: number, samples: readonly Sample[]): BorneOut | null {
    const lengths = samples.map(({ seconds }) => seconds).sort((a, b) => a - b);
    const seconds = this.#known.get(clip) ?? lengths[Math.floor(lengths.length / 2)]!;
    const agreeing = samples.filter((sample) => Math.abs(sample.seconds - seconds) <= TOLERANCE * seconds);
    if (agreeing.length < LEAST_SAMPLES || 2 * agreeing.length < samples.length) return null;
    const audio = agreeing.map(({ audioMs }) => audioMs);
    if (Math.max(...audio) < SPREAD * Math.min(...audio)) return null;
    return { seconds, sessions: [...new Set(agreeing.map(({ session }) => session))] };
  }
}

/** Whether two lengths are the same, as far as lengths of clips are told apart here. */
export function sameLength(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE * b;
}
