import type { RuleId } from '../domain/finding.js';
import { type CauseWatch, enough } from './define.js';
import { Shown } from './examples.js';
import type { Overview } from './overview.js';
import { sessionsOf } from './sentence.js';

/** Of a rule that by itself is sure of the cause. */
export const SURE = { sessions: 2, share: 0.01 } as const;

/** Watches for a cause that is what one rule finds. */
export function watchRule(
  rule: RuleId,
  could: (overview: Overview) => number,
  words: { readonly which?: string; readonly show: string },
): CauseWatch {
  const shown = new Shown();
  return {
    look({ session, fired }) {
      if (fired.has(rule)) shown.add(session.key);
    },
    end(overview) {
      const of = could(overview);
      if (!enough(shown.sessions, of, SURE)) return null;
      const evidence = `${sessionsOf(shown.sessions, of, words.which)} ${words.show}.`;
      return { sessions: shown.sessions, of, evidence, examples: shown.examples };
    },
  };
}
