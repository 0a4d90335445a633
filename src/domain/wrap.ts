// oxlint-disable-next-line no-control-regex -- the sequences that colour text
const COLOURS = /\u001b\[[\d;]*m/g;
const ASCII = /^[\t\x20-\x7e]*$/;
const MARKS = /\p{Mn}|\p{Me}|\p{Cf}/u;
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/** How many columns of a terminal a line takes. Codes for colours take no column. */
export function widthOf(text: string): number {
  const shown = text.replace(COLOURS, '');
  if (ASCII.test(shown)) return shown.length;
  let width = 0;
  for (const character of shown) width += MARKS.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/**
 * Breaks a line between words. A number stays with its unit. A command to type is not broken, so that it can be copied;
 * it can be wider than the terminal.
 * @param indent The spaces before each further line.
 */
export function wrapped(text: string, width: number, indent = 0): string {
  if (widthOf(text) <= width) return text;
  const lines: string[] = [];
  let line = '';
  for (const { space, piece } of piecesOf(text)) {
    if (line.trim() === '' || widthOf(line + space + piece) <= width) line += space + piece;
    else {
      lines.push(line);
      line = ' '.repeat(indent) + piece;
    }
  }
  return [...lines, line].join('\n');
}

/** Wraps each line of a text. Its further lines are indented by two more spaces than its first. */
export function hanging(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => wrapped(line, width, line.length - line.trimStart().length + 2))
    .join('\n');
}

interface Piece {
  /** The spaces before the line. */
  readonly space: string;
  readonly piece: string;
}

/** Splits a line into parts that must not be broken, in order. */
function* piecesOf(text: string): Generator<Piece> {
  const words = Array.from(text.matchAll(/( *)([^ ]+)/g), ([, space = '', piece = '']) => ({ space, piece }));
  let whole: { space: string; piece: string } | null = null;
  let inCommand = false;
  for (const [i, { space, piece }] of words.entries()) {
    if (whole) whole.piece += space + piece;
    else whole = { space, piece };
    const [word, next] = [plain(piece), plain(words[i + 1]?.piece ?? '')];
    const introduced = i === 0 || BEFORE_COMMAND.test(plain(words[i - 1]!.piece));
    inCommand = inCommand ? !/[.;,)]$/.test(word) : introduced && COMMAND.test(word) && SUBCOMMAND.test(next);
    const beforeCommand = word === '|' && COMMAND.test(next);
    const beforeUnit = NUMBER.test(word) && words[i + 1]?.space === ' ';
    if (next !== '' && (inCommand || beforeCommand || beforeUnit)) continue;
    yield whole;
    whole = null;
  }
}

function plain(word: string): string {
  return word.replace(COLOURS, '');
}

const COMMAND = /^[(`]?omny-consume$/;
const BEFORE_COMMAND = /:$|^(?:\||with|add)$/;
const SUBCOMMAND = /^[a-z]+\b/;
const NUMBER = /^[([]?[~≈<>≥≤+−–-]*\d(?:[\d.,:/–−-]*\d)?$/;
