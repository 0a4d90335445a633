import { DIAGNOSIS_IDS } from '../domain/diagnosis.js';
import { ID_WORDS } from '../domain/event-batch.js';
import type { Session } from '../domain/session.js';
import { formatNumber } from '../domain/text.js';
import { ExampleCounter, isLasting, isSteady, Overview, type Part, type SeenSession } from './define.js';
import { FactTable, type SessionFacts, TRAIT } from './session-facts.js';

/** Smaller parts are not looked at by themselves. */
const LEAST_IN_PART = 20;
/** Sources beyond so many are not told apart. */
const MAX_SOURCES = 16;
const NEWEST = [
  [2, 'half'],
  [4, 'quarter'],
  [8, 'eighth'],
] as const;

/** Sessions that are looked at together, and how the evidence begins that shows in them. */
export interface LookedAt {
  readonly words: string;
  /** The part as the diagnosis of a number sees it. */
  of(diagnosis: number): Part;
}

/** All sessions of an input: counted, and some numbers of each kept. */
export class WholeInput {
  readonly #overview = new Overview();
  readonly #shown = DIAGNOSIS_IDS.map(() => new ExampleCounter());
  readonly #table = new FactTable();
  readonly #sources = new Map<string, number>();

  /** @param shows The diagnoses that show in the session, as bits. */
  add(seen: SeenSession, shows: number): void {
    const flags = traitsOf(seen);
    count(this.#overview, flags);
    for (let number = 0, rest = shows; rest > 0; number += 1, rest = Math.floor(rest / 2))
      if (rest % 2 === 1) this.#shown[number]!.add(seen.session.key);
    this.#table.add(seen, flags + shows, this.#sourceOf(seen.session));
  }

  /** Notes that a diagnosis shows in a session that was added before, in which it did not. */
  mark(session: Session, diagnosis: number): void {
    this.#shown[diagnosis]!.add(session.key);
    this.#table.mark(session.ids, ID_WORDS.session, diagnosis);
  }

  /** The whole, each Source, and the newest half, quarter and eighth, as far as these are large enough. */
  parts(): readonly LookedAt[] {
    const facts = this.#table.inTime();
    const sample = this.#table.whole ? '' : `a sample of ${formatNumber(facts.length)} sessions, `;
    const parts: LookedAt[] = [this.#whole(facts)];
    const add = (words: string, its: readonly SessionFacts[]): void => {
      if (its.length >= LEAST_IN_PART && its.length < facts.length) parts.push(partOf(words, its));
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
  for (const session of facts) count(overview, session.get('flags'));
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

/** What a session is, as `TRAIT`s. */
export function traitsOf(seen: SeenSession): number {
  const { listening, profile } = seen;
  if (!listening || !profile) return 0;
  const { stops, keptCount, audioMs, intervalCount } = listening;
  let still = intervalCount > 1;
  for (let n = 0; n < intervalCount - 1 && still; n += 1) still = audioMs[n] === 0;
  let flags: number = TRAIT.known;
  if (isLasting(seen)) flags += TRAIT.lasting;
  if (profile.longs > 0) flags += TRAIT.long;
  if (isSteady(seen)) flags += TRAIT.steady;
  if (profile.pauses > 0) flags += TRAIT.pausing;
  if (profile.seeks > 0) flags += TRAIT.seeking;
  if (stops[0] === 1) flags += TRAIT.startsWithStop;
  if (stops[keptCount - 1] === 0) flags += TRAIT.endsOpen;
  if (still) flags += TRAIT.stillBefore;
  return flags;
}

const COUNTED = ['lasting', 'long', 'steady', 'pausing', 'seeking'] as const;

/** Counts a session with these traits. */
export function count(overview: Overview, flags: number): void {
  overview.sessions += 1;
  for (const trait of COUNTED) if (Math.floor(flags / TRAIT[trait]) % 2 === 1) overview[trait] += 1;
}
