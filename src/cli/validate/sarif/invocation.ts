import type { ConfigurationOverride, Invocation, Notification } from 'sarif';
import { pluralize } from '../../../domain/text.js';
import { RULE_IDS } from '../../../domain/finding.js';
import { RULES } from '../../../rules/index.js';
import type { Reported } from '../reporters/reporter.js';
import { LEVELS, RULE_INDEX } from './rules.js';

/** How the run went, and which rules' severities the user set. */
export function invocationOf(
  { exitCode, severityOf }: Reported,
  notifications: readonly Notification[],
): Invocation {
  const overrides = RULE_IDS.flatMap((rule): ConfigurationOverride[] => {
    const severity = severityOf(rule);
    if (severity === RULES[rule].severity) return [];
    return [
      {
        descriptor: { id: rule, index: RULE_INDEX.get(rule)! },
        configuration: severity === 'off' ? { enabled: false } : { level: LEVELS[severity] },
      },
    ];
  });
  return {
    executionSuccessful: true,
    exitCode,
    ...(overrides.length > 0 && { ruleConfigurationOverrides: overrides }),
    ...(notifications.length > 0 && { toolExecutionNotifications: [...notifications] }),
  };
}

/** Tells how many findings are not among the results. */
export function leftOut(findings: number): readonly Notification[] {
  if (findings === 0) return [];
  return [
    { level: 'warning', message: { text: `${pluralize(findings, 'more finding')} left out of the results` } },
  ];
}
