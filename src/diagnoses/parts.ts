import { ID_WORDS } from '../domain/event-batch.js';
import { DIAGNOSIS_IDS } from '../domain/finding.js';
import type { Session } from '../domain/session.js';
import { formatNumber } from '../domain/text.js';
import { ExampleCounter, isLasting, isSteady, Overview, type Part, type SeenSession } from './define.js';
import { FactTable, type SessionFacts, TRAIT } from './session-facts.js';

/** Smaller parts are not judged separately. */
const MIN_IN_PART = 20;
/** At most this many Sources are counted separately. */
const MAX_SOURCES = 16;
const NEWEST = [
  [2, 'half'],
  [4, 'quarter'],
  [8, 'eighth'],
] as const;

/** A group of sessions that diagnoses judge together, and the words with which its evidence begins. */
export interface LookedAt {
  readonly words: string;
  /** The part for one diagnosis, given by its number. */
  of(diagnosis: number): Part;
}

/** Counts all sessions of an input, and keeps some numbers about each. */
export class WholeInput {
  readonly #overview = new Overview();
  readonly #shown = DIAGNOSIS_IDS.map(() => new ExampleCounter());
  readonly #table = new FactTable();
  readonly #sources = new Map<string, number>();

  /** @param shows The diagnoses that the session shows, as bits. */
  add(seen: SeenSession, shows: number): void {
    const traits = traitsOf(seen);
    count(this.#overview, traits);
    for (let number = 0, rest = shows; rest !== 0; number += 1, rest >>>= 1)
      if ((rest & 1) !== 0) this.#shown[number]!.add(seen.session.key);
    this.#table.add(seen, shows, traits, this.#sourceOf(seen.session));
  }

  /** Notes that a session that was added before shows one more diagnosis. */
  mark(session: Session, diagnosis: number): void {
    this.#shown[diagnosis]!.add(session.key);
    this.#table.mark(session.ids, ID_WORDS.session, diagnosis);
  }

  /**
   * The parts of the input: all sessions; a sample, if there are very many; each Source; and the newest half, quarter and
   * eighth. Leaves out parts that are too small.
   */
  parts(): readonly LookedAt[] {
    const facts = this.#table.inTime();
    const { whole } = this.#table;
    const sampled = `a sample of ${formatNumber(facts.length)} sessions`;
    const sample = whole ? '' : `${sampled}, `;
    const parts: LookedAt[] = whole
      ? [this.#whole(facts)]
      : [this.#whole([]), partOf(`Of ${sampled}: `, facts)];
    const add = (words: string, its: readonly SessionFacts[]): void => {
      if (its.length >= MIN_IN_PART && its.length < facts.length) parts.push(partOf(words, its));
    };
    if (this.#sources.size > 1) {
      for (const [source, number] of this.#sources) {
        add(
          `Of ${sample}Source ${source}: `,
          facts.filter((session) => session.get('source') === number),
        );
      }
    }
    for (const [times, name] of NEWEST)
      add(`Of ${sample}the newest ${name}: `, facts.slice(facts.length - Math.floor(facts.length / times)));
    return parts;
  }

  #whole(facts: readonly SessionFacts[]): LookedAt {
    return {
      words: '',
      of: (diagnosis) => ({
        overview: this.#overview,
        shown: this.#shown[diagnosis]!,
        facts,
        has: () => true,
        whole: true,
      }),
    };
  }

  #sourceOf(session: Session): number {
    const source = session.source ?? 'Custom';
    const known = this.#sources.get(source);
    if (known !== undefined) return known;
    if (this.#sources.size === MAX_SOURCES) return MAX_SOURCES;
    this.#sources.set(source, this.#sources.size);
    return this.#sources.size - 1;
  }
}

function partOf(words: string, facts: readonly SessionFacts[]): LookedAt {
  const overview = new Overview();
  for (const session of facts) count(overview, session.traits);
  let keys: ReadonlySet<string> | undefined;
  const has = (key: string): boolean => {
    keys ??= new Set(facts.map((session) => session.key));
    return keys.has(key);
  };
  return {
    words,
    of: (diagnosis) => {
      const shown = new ExampleCounter();
      for (const session of facts) if (session.shows(diagnosis)) shown.add(session.key);
      return { overview, shown, facts, has, whole: false };
    },
  };
}

/** The traits of a session, as bits of `TRAIT`. */
export function traitsOf(seen: SeenSession): number {
  const { listening, profile } = seen;
  if (!listening || !profile) return 0;
  const { stops, keptCount, audioMs, intervalCount } = listening;
  let still = intervalCount > 1;
  for (let n = 0; n < intervalCount - 1 && still; n += 1) still = audioMs[n] === 0;
  let traits: number = TRAIT.known;
  if (isLasting(seen)) traits |= TRAIT.lasting;
  if (profile.longs > 0) traits |= TRAIT.long;
  if (isSteady(seen)) traits |= TRAIT.steady;
  if (profile.pauses > 0) traits |= TRAIT.pausing;
  if (profile.seeks > 0) traits |= TRAIT.seeking;
  if (stops[0] === 1) traits |= TRAIT.startsWithStop;
  if (stops[keptCount - 1] === 0) traits |= TRAIT.endsOpen;
  if (still) traits |= TRAIT.stillBefore;
  return traits;
}

/** Adds a session with these traits to the counts. */
export function count(overview: Overview, traits: number): void {
  overview.sessions += 1;
  if ((traits & TRAIT.lasting) !== 0) overview.lasting += 1;
  if ((traits & TRAIT.long) !== 0) overview.long += 1;
  if ((traits & TRAIT.steady) !== 0) overview.steady += 1;
  if ((traits & TRAIT.pausing) !== 0) overview.pausing += 1;
  if ((traits & TRAIT.seeking) !== 0) overview.seeking += 1;
}
