import { type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser';
import type { TextPosition } from '../../domain/place.js';
import { formatNumber } from '../../domain/text.js';
import { MAX_NESTING, MAX_VALUES } from '../limits.js';
import { JsonOffsets, LineStarts } from './offsets.js';

const WANTED: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a JSON value',
  InvalidNumberFormat: 'a JSON number',
  PropertyNameExpected: 'a property name in double quotes',
  ValueExpected: 'a JSON value',
  ColonExpected: 'a colon',
  CommaExpected: 'a comma',
  CloseBraceExpected: 'a closing }',
  CloseBracketExpected: 'a closing ]',
  EndOfFileExpected: 'the end after the value',
  InvalidCommentToken: 'no comment: JSON cannot have comments',
  UnexpectedEndOfComment: 'no comment: JSON cannot have comments',
  UnexpectedEndOfString: 'a closing quote',
  UnexpectedEndOfNumber: 'the rest of a number',
  InvalidUnicode: 'four hexadecimal digits after \\u',
  InvalidEscapeCharacter: 'a JSON escape after the backslash',
  InvalidCharacter: 'a string without raw control characters',
};

/** Why a text is not JSON, and where. */
export interface JsonFault extends TextPosition {
  readonly expected: string;
  readonly received: string;
  /** Present where the cause is known. */
  readonly hint?: string;
}

const NO_BREAK_SPACE = {
  expected: 'a space or a line end between JSON values',
  received: 'a no-break space (U+00A0)',
  hint: 'JSON does not allow no-break spaces between its values, and text copied from a web page often has them: replace each with an ordinary space.',
} as const;

const NUL_BYTES = {
  expected: 'a JSON value',
  received: 'NUL bytes',
  hint: 'NUL bytes often come from a loss of power while a file is written: remove the line, and check whether the events around it are complete.',
} as const;

/** The text of one JSON value. Finds the place of a value, and the first invalid place; needed only when something is wrong. */
export class JsonText {
  #offsets: JsonOffsets | undefined;
  #lineStarts: LineStarts | undefined;
  #broken: JsonBreak | undefined;

  /** @param start Where the text begins in its input. */
  constructor(
    readonly text: string,
    readonly start: TextPosition,
  ) {}

  /**
   * The place of the value at a JSON pointer; of its nearest parent where there is no such value. Only for a text that
   * `JSON.parse` accepts.
   */
  locate(pointer: string): TextPosition {
    this.#offsets ??= new JsonOffsets(this.text);
    return this.#positionOf(this.#offsets.of(pointer));
  }

  /** Where and why the text is invalid JSON. Only for a text that `JSON.parse` rejected. */
  fault(): JsonFault {
    const { offset, error, deep } = this.#firstBreak();
    if (deep) return { ...this.#positionOf(offset), ...TOO_DEEP };
    if (this.text[offset] === '\u0000') return { ...this.#positionOf(offset), ...NUL_BYTES };
    if (this.text[offset] === '\u00a0') return { ...this.#positionOf(offset), ...NO_BREAK_SPACE };
    return {
      ...this.#positionOf(offset),
      expected: (error !== undefined && WANTED[printParseErrorCode(error)]) || 'JSON',
      received: offset >= this.text.trimEnd().length ? 'the end' : excerpt(this.text, offset),
    };
  }

  /** The offset of the place in `fault`. */
  breaksAt(): number {
    return this.#firstBreak().offset;
  }

  /** Where the text exceeds the limit on values or on blanks; null where it does not. */
  tooMany(most = MAX_VALUES): JsonFault | null {
    const excess = firstExcess(this.text, most);
    return (
      excess && { ...this.#positionOf(excess.offset), expected: `at most ${excess.most}`, received: 'more' }
    );
  }

  /** Where the text is nested deeper than the limit; null where it is not. */
  tooDeep(): JsonFault | null {
    const offset = offsetBelow(this.text, MAX_NESTING);
    return offset === null ? null : { ...this.#positionOf(offset), ...TOO_DEEP };
  }

  #firstBreak(): JsonBreak {
    this.#broken ??= firstBreak(this.text);
    return this.#broken;
  }

  #positionOf(offset: number): TextPosition {
    this.#lineStarts ??= new LineStarts(this.text);
    const { line, start } = this.#lineStarts.at(offset);
    const column = offset - start;
    return {
      line: this.start.line + line,
      column: line === 0 ? this.start.column + column : column + 1,
    };
  }
}

const TOO_DEEP = {
  expected: `at most ${MAX_NESTING} levels of nesting`,
  received: 'a deeper value',
} as const;

/** Whether a parsed value is nested deeper than the limit. */
export function isTooDeep(value: unknown, levels = MAX_NESTING): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && isTooDeep(inner, levels - 1)) return true;
  }
  return false;
}

function offsetBelow(text: string, levels: number): number | null {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (quoted) {
      if (char === '\\') i += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') {
      depth += 1;
      if (depth > levels) return i;
    } else if (char === '}' || char === ']') depth -= 1;
  }
  return null;
}

function excerpt(text: string, offset: number): string {
  const rest = text.slice(offset, offset + 20).split('\n', 1)[0] ?? '';
  return JSON.stringify(rest.trimEnd());
}

const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };

/** The first place where a text is invalid JSON, and why if that is known; or where it is nested too deep to be checked. */
interface JsonBreak {
  readonly offset: number;
  readonly error?: ParseErrorCode;
  readonly deep?: true;
}

class Found extends Error {
  constructor(readonly at: JsonBreak) {
    super('found');
  }
}

/**
 * The first invalid place of a text that `JSON.parse` rejected. The visitor must stop there: it is recursive, and after
 * a mistake it can recurse without limit.
 */
function firstBreak(text: string): JsonBreak {
  let depth = 0;
  const stopAt = (at: JsonBreak): never => {
    throw new Found(at);
  };
  const begin = (offset: number): void => {
    depth += 1;
    if (depth > MAX_NESTING) stopAt({ offset, deep: true });
  };
  const end = (): void => {
    depth -= 1;
  };
  try {
    visit(
      text,
      {
        onObjectBegin: begin,
        onObjectEnd: end,
        onArrayBegin: begin,
        onArrayEnd: end,
        onError: (error, offset) => stopAt({ offset, error }),
      },
      STRICT,
    );
  } catch (error) {
    if (error instanceof Found) return error.at;
    throw error;
  }
  return { offset: 0 };
}

const [QUOTE, BACKSLASH, COMMA, ARRAY, OBJECT, SPACE, TAB] = Array.from('"\\,[{ \t', (char) =>
  char.charCodeAt(0),
);
/** As how many values an object counts, in addition to itself and its content. */
const OF_AN_OBJECT = 8;
/** The parser that finds places needs about 30 bytes of memory for each blank of a run. */
const MAX_BLANKS = 1_000_000;

/** Where a JSON text exceeds a limit, and what the limit is. */
interface Excess {
  readonly offset: number;
  readonly most: string;
}

/**
 * The first place where a JSON text exceeds `most` values, as `MAX_VALUES` counts them, or has too many blanks in a
 * row; null without one.
 */
function firstExcess(text: string, most: number): Excess | null {
  let values = 0;
  let blanks = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charCodeAt(i);
    if (quoted) {
      if (char === BACKSLASH) i += 1;
      else if (char === QUOTE) quoted = false;
    } else if (char === SPACE || char === TAB) {
      blanks += 1;
      if (blanks > MAX_BLANKS) return { offset: i, most: `${formatNumber(MAX_BLANKS)} blanks in a row` };
    } else {
      blanks = 0;
      if (char === QUOTE) quoted = true;
      else if (char === COMMA || char === ARRAY || char === OBJECT) {
        values += char === OBJECT ? 1 + OF_AN_OBJECT : 1;
        if (values > most)
          return {
            offset: i,
            most: `${formatNumber(most)} values, where an object counts as ${OF_AN_OBJECT + 1}`,
          };
      }
    }
  }
  return null;
}
