import type { LengthUnit, TimeUnit } from '../read/table-options.js';

/** What a header can say about its numbers; the last five cannot be read, whatever the flag. */
export type NamedUnit = LengthUnit | TimeUnit | 'h' | 'ticks' | 'percent' | 'fraction' | 'count';

/** The words for each unit. `anywhere`: a whole word of the header; `last`: only as its last word. */
const WORDS: Readonly<
  Record<NamedUnit, { readonly anywhere: readonly string[]; readonly last?: readonly string[] }>
> = {
  s: { anywhere: ['s', 'sec', 'secs', 'second', 'seconds'] },
  ms: { anywhere: ['ms', 'msec', 'msecs', 'milli', 'millis', 'millisecond', 'milliseconds'] },
  us: {
    anywhere: ['usec', 'usecs', 'micro', 'micros', 'microsecond', 'microseconds', 'µs'],
    last: ['us'],
  },
  ns: { anywhere: ['nsec', 'nsecs', 'nano', 'nanos', 'nanosecond', 'nanoseconds'], last: ['ns'] },
  min: { anywhere: ['mins', 'minute', 'minutes'], last: ['min'] },
  h: { anywhere: ['hr', 'hrs', 'hour', 'hours'], last: ['h'] },
  ticks: { anywhere: ['tick', 'ticks'] },
  percent: { anywhere: ['percent', 'percents', 'percentage', 'percentile', 'pct', '%'] },
  fraction: { anywhere: ['fraction', 'ratio', 'share'] },
  count: { anywhere: ['count', 'counts', 'quartile', 'quartiles'] },
};

const ANYWHERE = unitsByWord(({ anywhere }) => anywhere);
const LAST = unitsByWord(({ last = [] }) => last);

/**
 * What a header in small letters without a separator may consist of before `ms`: without this list `streams` and `items` would name
 * milliseconds.
 */
const BEFORE_MS =
  /^(?:listen|listened|listening|heard|consumed|play|played|playing|playback|watch|watched|watching|duration|length|position|pos|offset|playhead|progress|current|total|elapsed|start|started|end|ended|stop|stopped|time|timestamp|ts|at|event|created|updated|unix|epoch|session|clip|episode|audio|media)+$/;

const GLUED: readonly (readonly [ending: string, unit: NamedUnit])[] = [
  ['millis', 'ms'],
  ['minutes', 'min'],
  ['seconds', 's'],
];

/** A header's words in small letters: split at `_`, `-`, white space, dots, and where a small letter meets a capital. */
export function headerWords(header: string): string[] {
  return header
    .replaceAll('\ufeff', '')
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[\s_.-]+/)
    .filter((word) => word !== '');
}

/**
 * The unit that a header names: `ms` of `listened_ms`, `ticks` of `play_duration_ticks`; undefined where it names none. A word for
 * seconds wins over all others, then the first word counts.
 */
export function namedUnit(header: string): NamedUnit | undefined {
  const words = headerWords(header);
  const units = words.flatMap((word, index) => {
    const unit = ANYWHERE.get(word) ?? (index === words.length - 1 ? LAST.get(word) : undefined);
    return unit === undefined ? [] : [unit];
  });
  if (units.length > 0) return units.includes('s') ? 's' : units[0];
  return /^[a-z]+$/.test(header.replaceAll('\ufeff', '').trim()) ? gluedUnit(words[0]!) : undefined;
}

function gluedUnit(word: string): NamedUnit | undefined {
  const glued = GLUED.find(([ending]) => word.endsWith(ending));
  if (glued) return glued[1];
  return word.endsWith('ms') && BEFORE_MS.test(word.slice(0, -2)) ? 'ms' : undefined;
}

function unitsByWord(
  wordsOf: (entry: (typeof WORDS)[NamedUnit]) => readonly string[],
): ReadonlyMap<string, NamedUnit> {
  const units = Object.keys(WORDS) as NamedUnit[];
  return new Map(units.flatMap((unit) => wordsOf(WORDS[unit]).map((word) => [word, unit] as const)));
}

/** A unit as messages write it. */
export const UNIT_NAMES: Readonly<Record<NamedUnit, string>> = {
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
  min: 'minutes',
  h: 'hours',
  ticks: 'ticks',
  percent: 'a percentage',
  fraction: 'a fraction',
  count: 'a count',
};
