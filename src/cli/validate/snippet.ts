import type { Finding } from '../../domain/finding.js';
import type { Place } from '../../domain/place.js';
import type { InputFormat } from '../../read/detect.js';
import type { LineExcerpt } from '../../read/line-excerpts.js';
import type { RereadableSources } from '../../read/source.js';
import type { Glyphs } from '../terminal.js';

/** A line as a terminal shows it, and the marked part in columns. */
export interface Snippet {
  readonly text: string;
  readonly indent: number;
  readonly carets: number;
}

const CUT_MARK = '…';
/** In a line that does not fit: the largest share of the width for the text before the place. */
const MAX_SHARE_BEFORE = 0.4;

/**
 * A line shortened around a place.
 * @param length The length of the marked part in UTF-16 units.
 * @param room The width in columns.
 */
export function snippet(
  { text, at, cut }: LineExcerpt,
  length: number,
  room: number,
  glyphs: Glyphs,
): Snippet {
  const before = glyphs.of(text.slice(0, at));
  const marked = glyphs.of(text.slice(at, at + length));
  const rest = [...marked, ...glyphs.of(text.slice(at + length))];
  // The caret needs a column even at the end of the line.
  const restRoom = Math.max(1, widthOf(rest, glyphs) + Number(cut.after));
  const leftRoom = Math.max(Math.floor(room * MAX_SHARE_BEFORE), room - restRoom);
  const left = fitting(before.toReversed(), leftRoom, cut.before, glyphs);
  const right = fitting(rest, room - left.width, cut.after, glyphs);
  const carets = Math.min(widthOf(marked, glyphs), right.width - Number(right.cut));
  return {
    text: `${left.cut ? CUT_MARK : ''}${left.shown.toReversed().join('')}${right.shown.join('')}${right.cut ? CUT_MARK : ''}`,
    indent: left.width,
    carets: Math.max(1, carets),
  };
}

interface Fitting {
  readonly shown: readonly string[];
  readonly width: number;
  readonly cut: boolean;
}

/** The characters from the front that fit, with room for the mark if the text is cut. */
function fitting(of: readonly string[], room: number, cutAlready: boolean, glyphs: Glyphs): Fitting {
  const all = widthOf(of, glyphs);
  if (!cutAlready && all <= room) return { shown: of, width: all, cut: false };
  const shown: string[] = [];
  let width = 1;
  for (const glyph of of) {
    const columns = glyphs.columns(glyph);
    if (width + columns > room) break;
    shown.push(glyph);
    width += columns;
  }
  return { shown, width, cut: true };
}

function widthOf(of: readonly string[], { columns }: Glyphs): number {
  return of.reduce((width, glyph) => width + columns(glyph), 0);
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\w.+-]*|true|false|null/y;

/** The length of the JSON string, number or word at a place, in UTF-16 units; 1 if there is nothing. */
export function tokenLength({ text, at }: LineExcerpt): number {
  TOKEN.lastIndex = at;
  return TOKEN.exec(text)?.[0].length ?? 1;
}

/** For how many places the line is read again. */
const MAX_PLACES_READ = 25_000;

/** The text around a place; undefined if it cannot be read again. */
export type TextAt = (place: Place) => LineExcerpt | undefined;

/** Reads the lines with findings again. */
export async function textsOf(
  findings: readonly Finding[],
  again: RereadableSources,
  format: InputFormat | 'auto',
): Promise<TextAt> {
  const { lineExcerpts } = await import('../../read/line-excerpts.js');
  const texts = new Map<number, ReadonlyMap<string, LineExcerpt>>();
  for (const [index, places] of byInput(findings.slice(0, MAX_PLACES_READ))) {
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
