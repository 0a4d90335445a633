import type { ChalkInstance } from 'chalk';
import type { Severity } from '../../domain/finding.js';

/** How what is said of rules is shown. */
export interface RuleStyle {
  readonly colors: ChalkInstance;
  /** Columns that it may take. */
  readonly width: number;
}

export function painted(severity: Severity, text: string, colors: ChalkInstance): string {
  return { error: colors.red, warning: colors.yellow, info: colors.blue }[severity](text);
}
