import type { ReportingConfiguration, ReportingDescriptor, ToolComponent } from 'sarif';
import { RULE_IDS, type RuleId, type Severity } from '../../../domain/finding.js';
import { VERSION } from '../../../domain/version.js';
import { RULES } from '../../../rules/index.js';

const INFORMATION = 'https://www.npmjs.com/package/omny-consume';

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
  informationUri: INFORMATION,
  rules: RULE_IDS.map(descriptorOf),
};

function descriptorOf(id: RuleId): ReportingDescriptor {
  const { title, why, mend, reference, severity, level } = RULES[id];
  const basis = reference === '' ? '' : `Rests on ${reference} of Omny’s document.`;
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: {
      text: [why, mend, basis].filter(Boolean).join('\n'),
      markdown: [why, `**How to mend the player:** ${mend}`, basis].filter(Boolean).join('\n\n'),
    },
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      precision: 'very-high',
      'problem.severity': PROBLEMS[severity],
      tags: ['listening-data', level],
    },
  };
}
