import stringWidth from 'string-width';
import { escaped } from '../../../domain/text.js';
import type { Glyphs } from './glyphs.js';

const segmenter = new Intl.Segmenter('en');

/** Text of any script: control characters are shown escaped, a tab as a blank. */
export const ANY_GLYPHS: Glyphs = {
  of: (text) => Array.from(segmenter.segment(text), ({ segment }) => escaped(segment.replaceAll('\t', ' '))),
  columns: stringWidth,
};
