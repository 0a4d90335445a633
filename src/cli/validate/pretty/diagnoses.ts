import type { Diagnosis } from '../../../domain/diagnosis.js';
import { hanging } from '../../wrapped.js';
import type { PrettyReported } from '../reporters/pretty.js';

/** The diagnoses for people: what is wrong with the player, how many sessions say so, how to mend it, and which of the findings it explains. */
export function* diagnosesText(
  diagnoses: readonly Diagnosis[],
  { report, colors, columns }: PrettyReported,
): Generator<string> {
  const found = new Set(report.rules.map(({ rule }) => rule));
  for (const { diagnosis, title, evidence, mend, rules, examples } of diagnoses) {
    const explained = rules.filter((rule) => found.has(rule));
    const lines = [
      `${colors.magenta('cause')} ${colors.bold(diagnosis)}: ${title}`,
      `  ${evidence}`,
      `  ${colors.dim(`as in ${examples.join(', ')}`)}`,
      `  ${colors.cyan('mend:')} ${mend}`,
      ...(explained.length > 0 ? [`  ${colors.dim(`explains: ${explained.join(', ')}`)}`] : []),
    ];
    yield `${lines.map((line) => hanging(line, columns)).join('\n')}\n\n`;
  }
}
