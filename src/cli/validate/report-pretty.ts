import type { ChalkInstance } from 'chalk';
import { type Finding, messageOf, type Severity } from '../../domain/finding.js';
import { RULES } from '../../rules/index.js';
import { escaped } from '../../rules/words.js';
import type { ValidationReport } from '../../validate/validate.js';
import { count, span } from '../words.js';
import { causesText } from './causes-text.js';

/** How many places of one cause are shown. */
const SHOWN = 3;

export interface PrettyOptions {
  readonly colors: ChalkInstance;
  /** Show every place. */
  readonly all: boolean;
}

/** The report for people: findings of one rule and one hint together, with the first places, then the counts. */
export function* reportPretty(report: ValidationReport, { colors, all }: PrettyOptions): Generator<string> {
  for (const group of grouped(report.findings)) yield* groupText(group, colors, all);
  if (report.omitted > 0) {
    yield `${colors.dim(`${count(report.omitted, 'more finding')} not listed: --max-findings sets how many are.`)}\n\n`;
  }
  yield* causesText(report.causes, colors);
  yield closing(report, colors);
}

function grouped(findings: readonly Finding[]): Iterable<readonly [Finding, ...Finding[]]> {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const key = `${finding.rule} ${finding.severity} ${finding.hint}`;
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return groups.values();
}

function* groupText(
  group: readonly [Finding, ...Finding[]],
  colors: ChalkInstance,
  all: boolean,
): Generator<string> {
  const [{ rule, severity, reference, hint }] = group;
  const paint = painter(severity, colors);
  const basis = reference === null ? '' : colors.dim(` (${reference})`);
  yield `${paint(severity)} ${colors.bold(rule)}: ${RULES[rule].title}${basis}\n`;
  const shown = all ? group : group.slice(0, SHOWN);
  for (const finding of shown) yield `  ${placeText(finding, colors)}\n    ${escaped(messageOf(finding))}\n`;
  const more = group.length - shown.length;
  if (more > 0) yield `  ${colors.dim(`… and ${count(more, 'more place')} (-v shows all)`)}\n`;
  yield `  ${colors.cyan('hint:')} ${escaped(hint)}\n\n`;
}

function placeText({ place, sessionId, seqNumber }: Finding, colors: ChalkInstance): string {
  const about = [
    place.pointer || null,
    sessionId && `session ${sessionId}`,
    seqNumber !== null && `SeqNumber ${seqNumber}`,
  ].filter(Boolean);
  const file = `${escaped(place.input.name)}:${place.line}:${place.column}`;
  return about.length === 0 ? file : `${file}  ${colors.dim(escaped(about.join(', ')))}`;
}

function closing({ summary }: ValidationReport, colors: ChalkInstance): string {
  const { files, requests, sessions, events, errors, warnings, infos, playedSeconds } = summary;
  const held = [count(sessions, 'session'), count(events, 'event')];
  if (requests > 0) held.push(count(requests, 'request'));
  if (files > 1) held.push(count(files, 'file'));
  const checked = `${held.join(', ')}; ${span(playedSeconds)} played`;
  const infoText = infos === 0 ? '' : `, ${count(infos, 'info')}`;
  if (errors + warnings === 0)
    return `${colors.green('✔ No errors, no warnings')}${infoText} in ${checked}\n`;
  const paint = painter(errors > 0 ? 'error' : 'warning', colors);
  const mark = errors > 0 ? '✖' : '⚠';
  return `${paint(`${mark} ${count(errors, 'error')}, ${count(warnings, 'warning')}`)}${infoText} in ${checked}\n`;
}

function painter(severity: Severity, colors: ChalkInstance): ChalkInstance {
  return { error: colors.red, warning: colors.yellow, info: colors.blue }[severity];
}
