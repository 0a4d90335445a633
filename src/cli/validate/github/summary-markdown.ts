import { escaped, formatNumber, pluralize } from '../../../domain/text.js';
import { messageOf } from '../../../domain/finding.js';
import { RULES } from '../../../rules/index.js';
import type { ValidationReport } from '../../../validate/validate.js';
import { closingOf } from '../closing.js';
import { type FindingGroup, findingGroups, sessionCount } from '../finding-groups.js';

/** How many places of one cause are listed. */
const LISTED = 10;
/** What a note of what is left out takes, at most. */
const NOTE_BYTES = 200;

/** @param room In bytes of UTF-8; what does not fit is left out, cause by cause, and counted. */
export function summaryMarkdown(report: ValidationReport, room: number, warningsFail: boolean): string {
  const groups = findingGroups(report);
  const parts = [heading(report, warningsFail), ruleRows(report)];
  let left = room - NOTE_BYTES - parts.reduce((bytes, part) => bytes + Buffer.byteLength(part), 0);
  if (left < 0) return '';
  for (const [i, group] of groups.entries()) {
    const part = groupMarkdown(group);
    left -= Buffer.byteLength(part);
    if (left < 0) {
      parts.push(`\n${pluralize(groups.length - i, 'more cause')} left out: a step’s summary holds 1 MiB.\n`);
      break;
    }
    parts.push(part);
  }
  return parts.join('');
}

function heading(report: ValidationReport, warningsFail: boolean): string {
  const { verdict, checked } = closingOf(report, warningsFail);
  return `### omny-consume validate\n\n${verdict}${checked}\n\n`;
}

function ruleRows({ rules }: ValidationReport): string {
  if (rules.length === 0) return '';
  const rows = rules.map(
    (total) =>
      `| ${total.rule} | ${total.severity} | ${formatNumber(total.findings)} | ${total.sessions === 0 ? '–' : sessionCount(total)} |\n`,
  );
  return `| rule | severity | findings | sessions |\n| --- | --- | ---: | ---: |\n${rows.join('')}`;
}

function groupMarkdown({ rule, findings, total, share }: FindingGroup): string {
  const [{ severity, hint }] = findings;
  const listed = findings.slice(0, LISTED);
  const places = listed.map((finding) => {
    const { input, line, column } = finding.place;
    return `- ${plain(`${input.name}:${line}:${column}`)} ${plain(messageOf(finding))}\n`;
  });
  const more = total - listed.length;
  if (more > 0) places.push(`- … and ${pluralize(more, 'more place')}\n`);
  const sessions = share === null ? '' : `, ${share}`;
  return `\n**${severity} ${rule}**: ${plain(RULES[rule].title)}${sessions}\n\n${places.join('')}\n${plain(hint)}\n`;
}

/** Text that Markdown and HTML take for nothing but text. */
function plain(text: string): string {
  return escaped(text)
    .replaceAll(/[\\`*_{}[\]#|~>]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('@', '&#64;');
}
