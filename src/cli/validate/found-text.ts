import { totalsOf } from '../../validate/rule-totals.js';
import type { ValidationReport } from '../../validate/validate.js';
import type { Reported } from './reporters/reporter.js';

/** What a command found on its way, as `validate` tells it, without the lines of the input. */
export async function* foundText(
  found: Pick<ValidationReport, 'summary' | 'findings' | 'omitted'>,
  look: Pick<Reported, 'colors' | 'columns' | 'all'>,
): AsyncGenerator<string> {
  const { pretty } = await import('./reporters/pretty.js');
  const rules = found.omitted === 0 ? totalsOf(found.findings) : [];
  yield* pretty({ report: { ...found, rules }, ...look, textsOf: async () => () => undefined });
}
