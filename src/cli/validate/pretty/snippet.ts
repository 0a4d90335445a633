import stringWidth from 'string-width';
import type { LineExcerpt } from '../../../read/line-excerpts.js';
import { escaped } from '../../../rules/words.js';

/** A line as a terminal shows it, and what of it is marked, in columns. */
export interface Snippet {
  readonly text: string;
  readonly indent: number;
  readonly carets: number;
}

const CUT = '…';
const ASCII = /^[\x20-\x7e]*$/;
/** What of the room may stand before the place where the line does not fit. */
const SHARE_BEFORE = 0.4;
const segmenter = new Intl.Segmenter('en');

/**
 * A line with a place in it, shortened around the place. Control characters are shown escaped, a tab as a blank.
 * @param length Of what is marked, in UTF-16 units of the line.
 * @param room In columns.
 */
export function snippet({ text, at, cut }: LineExcerpt, length: number, room: number): Snippet {
  const before = shapes(text.slice(0, at));
  const marked = shapes(text.slice(at, at + length));
  const after = shapes(text.slice(at + length));
  const rest = [...marked, ...after];
  const restRoom = widthOf(rest) + Number(cut.after);
  const left = fitting(
    before.toReversed(),
    Math.max(Math.floor(room * SHARE_BEFORE), room - restRoom),
    cut.before,
  );
  const right = fitting(rest, room - left.width, cut.after);
  const carets = Math.min(widthOf(marked), right.width - Number(right.cut));
  return {
    text: `${left.cut ? CUT : ''}${left.shapes.toReversed().join('')}${right.shapes.join('')}${right.cut ? CUT : ''}`,
    indent: left.width,
    carets: Math.max(1, carets),
  };
}

/** What a reader sees as characters, as they are shown. */
function shapes(text: string): readonly string[] {
  if (ASCII.test(text)) return text.split('');
  return Array.from(segmenter.segment(text), ({ segment }) => escaped(segment.replaceAll('\t', ' ')));
}

function widthOf(of: readonly string[]): number {
  return of.reduce((width, shape) => width + columnsOf(shape), 0);
}

function columnsOf(shape: string): number {
  return ASCII.test(shape) ? shape.length : stringWidth(shape);
}

/** As many from the front as fit, with room left for the mark where it is cut. */
function fitting(
  of: readonly string[],
  room: number,
  cutAlready: boolean,
): { readonly shapes: readonly string[]; readonly width: number; readonly cut: boolean } {
  if (!cutAlready && widthOf(of) <= room) return { shapes: of, width: widthOf(of), cut: false };
  const taken: string[] = [];
  let width = 1;
  for (const shape of of) {
    const columns = columnsOf(shape);
    if (width + columns > room) break;
    taken.push(shape);
    width += columns;
  }
  return { shapes: taken, width, cut: true };
}
