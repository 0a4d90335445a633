import { type ParseErrorCode, visit } from 'jsonc-parser';
import { MAX_NESTING } from './limits.js';

const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };

/** Where a text first breaks JSON's grammar, and how where that is known; or where it is nested too deep to be looked at. */
export interface JsonBreak {
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
 * The first place that breaks a text that `JSON.parse` has refused. The visitor is stopped there: it calls itself for what is nested, and
 * what it takes for nested behind a mistake has no bound.
 */
export function firstBreak(text: string): JsonBreak {
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
