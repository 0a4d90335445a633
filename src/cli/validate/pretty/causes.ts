import type { ChalkInstance } from 'chalk';
import type { Cause } from '../../../domain/cause.js';

/** The causes for people: what is wrong with the player, how many sessions say so, how to mend it. */
export function* causesText(causes: readonly Cause[], colors: ChalkInstance): Generator<string> {
  for (const { cause, title, evidence, mend, rules, examples } of causes) {
    yield `${colors.magenta('cause')} ${colors.bold(cause)}: ${title}\n`;
    yield `  ${evidence}\n`;
    yield `  ${colors.dim(`as in ${examples.join(', ')}`)}\n`;
    yield `  ${colors.cyan('mend:')} ${mend}\n`;
    yield `  ${colors.dim(`explains: ${rules.join(', ')}`)}\n\n`;
  }
}
