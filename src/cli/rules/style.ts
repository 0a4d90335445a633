import type { ChalkInstance } from 'chalk';
import { Help } from 'commander';
import type { Severity } from '../../domain/finding.js';

/** How what is said of rules is shown. */
export interface RuleStyle {
  readonly colors: ChalkInstance;
  /** Columns that it may take. */
  readonly width: number;
}

const help = new Help();

/** The text, broken into lines between words, each behind so many spaces. */
export function indented(text: string, indent: number, width: number): string {
  const space = ' '.repeat(indent);
  return help
    .boxWrap(text, width - indent)
    .split('\n')
    .map((line) => `${space}${line}`)
    .join('\n');
}

export function painted(severity: Severity, text: string, colors: ChalkInstance): string {
  return { error: colors.red, warning: colors.yellow, info: colors.blue }[severity](text);
}
