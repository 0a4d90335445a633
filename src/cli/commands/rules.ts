import { UserError } from '../../domain/errors.js';
import { RULE_IDS, type RuleId } from '../../domain/finding.js';
import { escaped, nearest } from '../../domain/text.js';
import { inputOf } from '../../guide/example-text.js';
import { RULES } from '../../rules/index.js';
import type { Cli } from '../cli.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { CommonFlags } from '../options/option.js';
import { openOutput, writeAll } from '../output.js';
import { colorsFor } from '../terminal.js';
import { explained, rulePage, ruleTable } from './rule-page.js';

export interface RulesFlags extends CommonFlags {
  readonly format: 'pretty' | 'json';
  readonly example?: 'broken' | 'mended';
}

const DEFAULT_WIDTH = 80;
const MAX_WIDTH = 100;

export async function runRules(id: string | undefined, flags: RulesFlags, cli: Cli): Promise<ExitCode> {
  const text = await textOf(id === undefined ? null : ruleNamed(id), flags, cli);
  await writeAll(await openOutput(flags.output, cli.stdout), [text]);
  return EXIT.ok;
}

async function textOf(id: RuleId | null, flags: RulesFlags, cli: Cli): Promise<string> {
  if (flags.example) return exampleOf(id, flags.example);
  const now = flags.now ?? cli.now();
  const rules = await Promise.all((id === null ? RULE_IDS : [id]).map((each) => explained(each, now)));
  if (flags.format === 'json') return `${JSON.stringify({ version: 1, rules }, null, 2)}\n`;
  const toFile = flags.output !== undefined;
  const style = {
    colors: colorsFor(cli.stdout, toFile ? 'never' : flags.color, cli.env),
    width: Math.min(MAX_WIDTH, (toFile ? undefined : cli.stdout.columns) ?? DEFAULT_WIDTH),
  };
  const [only] = rules;
  return id !== null && only
    ? rulePage(only, style)
    : ruleTable(rules, { ...style, all: flags.verbose === true });
}

/** @throws UserError of kind `usage` where no rule is called so. */
function ruleNamed(text: string): RuleId {
  const id = RULE_IDS.find((known) => known === text);
  if (id) return id;
  const near = nearest(text, RULE_IDS);
  throw new UserError(
    'usage',
    `no rule is called "${escaped(text)}"`,
    near ? `Did you mean ${near}?` : 'omny-consume rules lists them.',
  );
}

function exampleOf(id: RuleId | null, which: 'broken' | 'mended'): string {
  if (id === null) {
    throw new UserError(
      'usage',
      '--example needs the id of a rule',
      `omny-consume rules seq-gap --example ${which}`,
    );
  }
  return inputOf(RULES[id].guide()[which]).text;
}
