import { toMs } from '../../domain/listening.js';
import type { InputRecord } from '../../domain/record.js';
import { memoryBudget, shareOf } from '../../sessions/memory.js';
import { inspect } from '../../validate/inspect.js';
import type { Inspected, InspectedSession } from '../../validate/inspected.js';
import { INSPECT_DEFAULTS, type InspectOptions } from '../../validate/options.js';
import { NEWER_MIN_DURATION } from '../output.js';
import { Play } from '../play.js';
import { Durations } from '../report.js';
import { PORTAL_FIGURES, type PortalFigure, type PortalFigures } from './figures.js';

/** A day in a time zone, in unix seconds. `to` is the start of the next day. */
export interface PortalDay {
  readonly zone: string;
  readonly from: number;
  readonly to: number;
}

/** One of the ways to count that the API document and Omny's help pages leave open. */
export interface Definition {
  /** The minimum number of seconds played for a session to count. */
  readonly minDuration: number;
  /** Whether a part that was heard twice counts once in a play's time, or each time. */
  readonly repeatedParts: 'once' | 'each time';
  readonly invalidSessions: 'left out' | 'counted';
  readonly resentSessions: 'once' | 'each time';
  /** The zone of the day; null where no day was given. */
  readonly dayIn: string | null;
}

/** A figure by one definition, compared with the portal's figure. */
export interface PortalDifference {
  /** The figure; null where there is no play. */
  readonly value: number | null;
  /** The figure minus the portal's figure; null if it is unknown. */
  readonly difference: number | null;
  readonly matches: boolean;
}

export interface DefinitionResult extends Definition {
  readonly figures: Readonly<Partial<Record<PortalFigure, PortalDifference>>>;
  /** Whether all figures that were given match. */
  readonly matches: boolean;
}

export interface PortalComparison {
  readonly portal: PortalFigures;
  /** Definitions that match come first, then the others by how much they differ. */
  readonly definitions: readonly DefinitionResult[];
  /** Choices that make no difference in this input: only the first is in `definitions`. */
  readonly noDifference: readonly Choice[];
  /** Whether a clip that was played has no known duration: completion cannot be computed. */
  readonly unknownDurations: boolean;
}

export interface PortalOptions extends InspectOptions {
  readonly portal: PortalFigures;
  /** The day in UTC, and in another zone. Empty: all sessions count. */
  readonly days: readonly PortalDay[];
  readonly onInspected?: ((inspected: Inspected) => void) | undefined;
}

/** Computes the figures by each definition. `minDuration` is tried in addition to 10 s and 60 s. */
export async function comparePortal(
  records: AsyncIterable<readonly InputRecord[]>,
  options: Partial<PortalOptions> & Pick<PortalOptions, 'now' | 'portal'>,
): Promise<PortalComparison> {
  const settings = { ...INSPECT_DEFAULTS, days: [], ...options };
  const memory = settings.memory ?? memoryBudget();
  const durations = new Durations(settings.clipDurations, shareOf(memory, 0.1));
  const counts = new PortalCounts(settings);
  try {
    for await (const chunk of inspect(durations.watch(records), {
      ...settings,
      memory: shareOf(memory, 0.9),
    })) {
      for (const inspected of chunk) {
        settings.onInspected?.(inspected);
        if (inspected.kind === 'session') counts.add(inspected, durations);
      }
    }
    return counts.compared();
  } finally {
    durations.close();
  }
}

const DOCUMENTED_MIN_DURATION = 10;

class PortalCounts {
  readonly #play = new Play();
  readonly #sums: readonly (readonly [Definition, Sums])[];
  #unknownDurations = false;

  constructor(readonly options: Pick<PortalOptions, 'portal' | 'days' | 'minDuration'>) {
    const { days, minDuration } = options;
    const least = [...new Set([DOCUMENTED_MIN_DURATION, NEWER_MIN_DURATION, minDuration])];
    const zones = days.length === 0 ? [null] : days.map(({ zone }) => zone);
    this.#sums = zones.flatMap((dayIn) =>
      least.flatMap((minDuration) =>
        (['once', 'each time'] as const).flatMap((repeatedParts) =>
          (['left out', 'counted'] as const).flatMap((invalidSessions) =>
            (['once', 'each time'] as const).map((resentSessions) => {
              const definition = { dayIn, minDuration, repeatedParts, invalidSessions, resentSessions };
              return [definition, new Sums()] as const;
            }),
          ),
        ),
      ),
    );
  }

  add({ session, hasDataError, occurrence }: InspectedSession, durations: Durations): void {
    // If a session is split over several requests, only the first part counts.
    if (occurrence === 'split') return;
    const play = this.#play;
    const { days, portal } = this.options;
    if (!play.read(session) || (portal.clip !== undefined && play.clipId !== portal.clip)) return;
    const durationMs = durations.whenSessionComes(play.clipId, session) ?? null;
    const beganAt = play.firstTimestampMs / 1000;
    const zones = days.filter(({ from, to }) => beganAt >= from && beganAt < to).map(({ zone }) => zone);
    let counts = false;
    for (const [definition, sums] of this.#sums) {
      const { dayIn, minDuration, repeatedParts, invalidSessions, resentSessions } = definition;
      if (dayIn !== null && !zones.includes(dayIn)) continue;
      if (hasDataError && invalidSessions === 'left out') continue;
      if (occurrence === 'resent' && resentSessions === 'once') continue;
      if (play.playedMs < toMs(minDuration)) continue;
      counts = true;
      sums.add(repeatedParts === 'once' ? play.heardMs : play.playedMs, durationMs);
    }
    if (counts && durationMs === null) this.#unknownDurations = true;
  }

  compared(): PortalComparison {
    const { portal } = this.options;
    const results = this.#sums.map(([definition, sums]) => resultOf(definition, sums.figures(), portal));
    const { definitions, noDifference } = distinct(results);
    return {
      portal,
      definitions: definitions.toSorted((a, b) => compareResults(a, b, portal)),
      noDifference,
      unknownDurations: this.#unknownDurations,
    };
  }
}

type Values = Readonly<Record<PortalFigure, number | null>>;

class Sums {
  #plays = 0;
  #heardMs = 0;
  #completion = 0;
  #durationsKnown = true;

  add(heardMs: number, durationMs: number | null): void {
    this.#plays += 1;
    this.#heardMs += heardMs;
    if (durationMs === null) this.#durationsKnown = false;
    else if (durationMs > 0) this.#completion += Math.min(1, heardMs / durationMs);
  }

  figures(): Values {
    const plays = this.#plays;
    return {
      plays,
      average: plays === 0 ? null : rounded(this.#heardMs / plays / 1000),
      completion: plays === 0 || !this.#durationsKnown ? null : rounded(this.#completion / plays),
    };
  }
}

/** Removes the rounding error of binary fractions. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function resultOf(
  definition: Definition,
  values: Values,
  { figures: wanted }: PortalFigures,
): DefinitionResult {
  const figures: Partial<Record<PortalFigure, PortalDifference>> = {};
  for (const figure of PORTAL_FIGURES) {
    const given = wanted[figure];
    if (given === undefined) continue;
    const value = values[figure];
    const difference = value === null ? null : rounded(value - given.value);
    const matches = difference !== null && Math.abs(difference) < rounded(given.unit);
    figures[figure] = { value, difference, matches };
  }
  return { ...definition, figures, matches: Object.values(figures).every(({ matches }) => matches) };
}

/** The choices of a definition. */
const CHOICES = ['dayIn', 'resentSessions', 'invalidSessions', 'repeatedParts', 'minDuration'] as const;
export type Choice = (typeof CHOICES)[number];

/** Leaves out choices that never make a difference. Of such a choice, only definitions with its first value are kept. */
function distinct(results: readonly DefinitionResult[]): {
  readonly definitions: readonly DefinitionResult[];
  readonly noDifference: readonly Choice[];
} {
  let definitions = results;
  const noDifference: Choice[] = [];
  for (const choice of CHOICES) {
    const standing = definitions.filter((result) => result[choice] === results[0]![choice]);
    const figuresOf = new Map(standing.map((result) => [otherChoices(result, choice), figuresKey(result)]));
    if (standing.length === definitions.length) continue;
    if (definitions.some((result) => figuresOf.get(otherChoices(result, choice)) !== figuresKey(result)))
      continue;
    definitions = standing;
    noDifference.push(choice);
  }
  return { definitions, noDifference };
}

function otherChoices(definition: Definition, choice: Choice): string {
  return JSON.stringify(CHOICES.filter((other) => other !== choice).map((other) => definition[other]));
}

function figuresKey({ figures }: DefinitionResult): string {
  return JSON.stringify(figures);
}

/**
 * Compares two definitions by how much they differ from the portal: first by the number of different figures, then by
 * their relative differences.
 */
function compareResults(a: DefinitionResult, b: DefinitionResult, { figures }: PortalFigures): number {
  const differing = (result: DefinitionResult): number =>
    PORTAL_FIGURES.filter((figure) => result.figures[figure]?.matches === false).length;
  const distance = (result: DefinitionResult): number =>
    PORTAL_FIGURES.reduce((sum, figure) => {
      const { difference = 0, matches = true } = result.figures[figure] ?? {};
      const { value = 0, unit = 1 } = figures[figure] ?? {};
      return sum + (matches ? 0 : Math.abs(difference ?? value) / Math.max(value, unit));
    }, 0);
  return differing(a) - differing(b) || distance(a) - distance(b);
}
