import type { Cause } from '../../../domain/cause.js';
import { hanging } from '../../wrapped.js';
import type { PrettyReported } from '../reporters/pretty.js';

/** The causes for people: what is wrong with the player, how many sessions say so, how to mend it, and which of the findings it explains. */
export function* causesText(
  causes: readonly Cause[],
  { report, colors, columns }: PrettyReported,
): Generator<string> {
  const found = new Set(report.rules.map(({ rule }) => rule));
  for (const { cause, title, evidence, mend, rules, examples } of causes) {
    const explained = rules.filter((rule) => found.has(rule));
    const lines = [
      `${colors.magenta('cause')} ${colors.bold(cause)}: ${title}`,
      `  ${evidence}`,
      `  ${colors.dim(`as in ${examples.join(', ')}`)}`,
      `  ${colors.cyan('mend:')} ${mend}`,
      ...(explained.length > 0 ? [`  ${colors.dim(`explains: ${explained.join(', ')}`)}`] : []),
    ];
    yield `${lines.map((line) => hanging(line, columns)).join('\n')}\n\n`;
  }
}
