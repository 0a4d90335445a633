import { formatNumber } from '../../../domain/text.js';
import { plainTable } from '../../../report/text/plain-table.js';
import { sessionCount } from '../finding-groups.js';
import type { PrettyReported } from '../reporters/pretty.js';

/** Columns under which the severity is told by the rule's colour alone. */
const ROOM_FOR_SEVERITY = 54;

/** What each rule found, in the catalogue's order. */
export function ruleTable({ report, colors, columns }: PrettyReported): string {
  const narrow = columns !== null && columns < ROOM_FOR_SEVERITY;
  const paint = { error: colors.red, warning: colors.yellow, info: colors.blue };
  const rows = report.rules.map(({ rule, severity, findings, ...its }) => {
    const sessions = its.sessions === 0 ? '–' : sessionCount(its);
    const numbers = [formatNumber(findings), sessions];
    return narrow ? [paint[severity](rule), ...numbers] : [rule, paint[severity](severity), ...numbers];
  });
  const head = ['rule', ...(narrow ? [] : ['severity']), 'findings', 'sessions'];
  return plainTable(
    head.map((name) => colors.bold(name)),
    rows,
    head.map((name) => (name === 'rule' || name === 'severity' ? 'left' : 'right')),
  );
}
