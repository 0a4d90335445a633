import type { Finding } from '../../domain/finding.js';
import type { Place } from '../../domain/place.js';
import type { InputFormat } from '../../read/detect.js';
import type { LineExcerpt } from '../../read/line-excerpts.js';
import type { SourcesAgain } from '../../read/source.js';

/** Of how many places the text is read again. */
const MOST_PLACES = 25_000;

/** The text around a place; undefined where it is not to be had. */
export type TextAt = (place: Place) => LineExcerpt | undefined;

/** Reads the lines again in which findings stand. */
export async function textsOf(
  findings: readonly Finding[],
  again: SourcesAgain,
  format: InputFormat | 'auto',
): Promise<TextAt> {
  const { lineExcerpts } = await import('../../read/line-excerpts.js');
  const texts = new Map<number, ReadonlyMap<string, LineExcerpt>>();
  for (const [index, places] of byInput(findings.slice(0, MOST_PLACES))) {
    const source = await again.open(index);
    if (source) texts.set(index, await lineExcerpts(source, places, format));
  }
  return ({ input, line, column }) => texts.get(input.index)?.get(`${line}:${column}`);
}

function byInput(findings: readonly Finding[]): ReadonlyMap<number, readonly Place[]> {
  const places = new Map<number, Place[]>();
  for (const { place } of findings) {
    const its = places.get(place.input.index);
    if (its) its.push(place);
    else places.set(place.input.index, [place]);
  }
  return places;
}
