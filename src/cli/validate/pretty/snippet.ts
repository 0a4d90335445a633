import type { LineExcerpt } from '../../../read/line-excerpts.js';
import type { Glyphs } from './glyphs.js';

/** A line as a terminal shows it, and what of it is marked, in columns. */
export interface Snippet {
  readonly text: string;
  readonly indent: number;
  readonly carets: number;
}

const CUT = '…';
/** What of the room may stand before the place where the line does not fit. */
const SHARE_BEFORE = 0.4;

/**
 * A line with a place in it, shortened around the place.
 * @param length Of what is marked, in UTF-16 units of the line.
 * @param room In columns.
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
  // The caret takes a column even at the end of the line.
  const restRoom = Math.max(1, widthOf(rest, glyphs) + Number(cut.after));
  const leftRoom = Math.max(Math.floor(room * SHARE_BEFORE), room - restRoom);
  const left = fitting(before.toReversed(), leftRoom, cut.before, glyphs);
  const right = fitting(rest, room - left.width, cut.after, glyphs);
  const carets = Math.min(widthOf(marked, glyphs), right.width - Number(right.cut));
  return {
    text: `${left.cut ? CUT : ''}${left.shown.toReversed().join('')}${right.shown.join('')}${right.cut ? CUT : ''}`,
    indent: left.width,
    carets: Math.max(1, carets),
  };
}

interface Fitting {
  readonly shown: readonly string[];
  readonly width: number;
  readonly cut: boolean;
}

/** As many from the front as fit, with room left for the mark where it is cut. */
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
