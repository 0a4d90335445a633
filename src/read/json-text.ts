import { type Node, type ParseErrorCode, parseTree, printParseErrorCode, visit } from 'jsonc-parser';
import type { TextPosition } from '../domain/place.js';
import { MAX_NESTING } from './limits.js';

const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };

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
  InvalidCommentToken: 'no comment: JSON has none',
  UnexpectedEndOfComment: 'no comment: JSON has none',
  UnexpectedEndOfString: 'a closing quote',
  UnexpectedEndOfNumber: 'the rest of a number',
  InvalidUnicode: 'four hexadecimal digits after \\u',
  InvalidEscapeCharacter: 'a JSON escape after the backslash',
  InvalidCharacter: 'a string without raw control characters',
};

/** Why a text is no JSON, and where. */
export interface JsonFault extends TextPosition {
  readonly expected: string;
  readonly received: string;
}

/** Where a text first breaks JSON's grammar, and how where that is known. */
interface JsonBreak {
  readonly offset: number;
  readonly error?: ParseErrorCode;
}

/** The text of one JSON value, for what is asked only when something is wrong: where a value stands, and where it breaks. */
export class JsonText {
  #tree: Node | undefined;
  #lineStarts: number[] | undefined;
  #broken: JsonBreak | undefined;

  /** @param start Where the text begins in its input. */
  constructor(
    readonly text: string,
    readonly start: TextPosition,
  ) {}

  /** Where the value behind a pointer stands; its nearest parent's place where there is no such value. */
  locate(pointer: string): TextPosition {
    this.#tree ??= parseTree(this.text, [], STRICT);
    let node = this.#tree;
    for (const segment of pointer.split('/').slice(1)) {
      const next = node && childOf(node, segment.replaceAll('~1', '/').replaceAll('~0', '~'));
      if (!next) break;
      node = next;
    }
    return this.#positionOf(node?.offset ?? 0);
  }

  /** Where and how the text breaks JSON's grammar. For a text that `JSON.parse` has refused. */
  fault(): JsonFault {
    const deep = offsetBelow(this.text, MAX_NESTING);
    if (deep !== null) return { ...this.#positionOf(deep), ...TOO_DEEP };
    const { offset, error } = this.#firstError();
    return {
      ...this.#positionOf(offset),
      expected: (error !== undefined && WANTED[printParseErrorCode(error)]) || 'JSON',
      received: offset >= this.text.trimEnd().length ? 'the end' : excerpt(this.text, offset),
    };
  }

  /** The offset of the first place that breaks JSON's grammar. For a text that `JSON.parse` has refused, and that is not too deep. */
  breaksAt(): number {
    return this.#firstError().offset;
  }

  /** Where the text is nested deeper than the limit; null where it is not. */
  tooDeep(): JsonFault | null {
    const offset = offsetBelow(this.text, MAX_NESTING);
    return offset === null ? null : { ...this.#positionOf(offset), ...TOO_DEEP };
  }

  #firstError(): JsonBreak {
    if (this.#broken) return this.#broken;
    let first: JsonBreak | undefined;
    const onError = (error: ParseErrorCode, offset: number): void => {
      if (!first || offset < first.offset) first = { offset, error };
    };
    visit(this.text, { onError }, STRICT);
    this.#broken = first ?? { offset: 0 };
    return this.#broken;
  }

  #positionOf(offset: number): TextPosition {
    this.#lineStarts ??= lineStarts(this.text);
    let [low, high] = [0, this.#lineStarts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    const column = offset - this.#lineStarts[low]!;
    return {
      line: this.start.line + low,
      column: low === 0 ? this.start.column + column : column + 1,
    };
  }
}

const TOO_DEEP = { expected: `at most ${MAX_NESTING} levels of nesting`, received: 'a deeper one' } as const;

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

function childOf(node: Node, segment: string): Node | undefined {
  if (node.type === 'array') return node.children?.[Number(segment)];
  return node.children?.findLast(({ children }) => children?.[0]?.value === segment)?.children?.[1];
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function excerpt(text: string, offset: number): string {
  const rest = text.slice(offset, offset + 20).split('\n', 1)[0] ?? '';
  return JSON.stringify(rest.trimEnd());
}
