import type { ExplainedRule } from '../src/cli/rules/explained.js';

export function withRuleTable(readme: string, rules: readonly ExplainedRule[]): string;
