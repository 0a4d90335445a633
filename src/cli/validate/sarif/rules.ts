import type { ReportingConfiguration, ReportingDescriptor, ToolComponent } from 'sarif';
import { RULE_IDS, type RuleId, type Severity } from '../../../domain/finding.js';
import { VERSION } from '../../../domain/version.js';
import { pointsOf } from '../../../wire/contract.js';
import { RULES } from '../../../rules/index.js';

/** What SARIF calls a severity. */
export const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<
  Severity,
  ReportingConfiguration.level
>;

/** What code scanning calls a severity. */
const PROBLEMS = { error: 'error', warning: 'warning', info: 'recommendation' } as const;

/** A rule's place among those of the driver. */
export const RULE_INDEX: ReadonlyMap<RuleId, number> = new Map(RULE_IDS.map((rule, i) => [rule, i]));

/** The program and its rules. */
export const DRIVER: ToolComponent = {
  name: 'omny-consume',
  version: VERSION,
  semanticVersion: VERSION,
  rules: RULE_IDS.map(descriptorOf),
};

function descriptorOf(id: RuleId): ReportingDescriptor {
  const { title, why, mend, severity, level } = RULES[id];
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: `${why}\n\nHow to mend a player: ${mend}`, markdown: markdownOf(id) },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      precision: 'very-high',
      'problem.severity': PROBLEMS[severity],
      tags: ['listening-data', level],
    },
  };
}

function markdownOf(id: RuleId): string {
  const { why, mend, reference } = RULES[id];
  const { firesWhen, inferred, code } = RULES[id].guide();
  const points = pointsOf(reference).map((point) =>
    point.documented ? `- ${point.id}: “${point.text}”` : `- ${point.id}, observed: ${point.text}`,
  );
  if (inferred !== null) points.push(`- Not in the API document: ${inferred}`);
  const parts = [
    `**Fires when** ${firesWhen}.`,
    why,
    `**How to mend a player:** ${mend}`,
    ...(code === undefined ? [] : [`\`\`\`js\n${code}\n\`\`\``]),
    ...(points.length === 0 ? [] : [`**Rests on**\n\n${points.join('\n')}`]),
  ];
  return parts.join('\n\n');
}
