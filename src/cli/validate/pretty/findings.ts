import type { ChalkInstance } from 'chalk';
import { escaped, formatNumber, pluralize } from '../../../domain/text.js';
import { type Finding, messageOf, type Severity } from '../../../domain/finding.js';
import { RULES } from '../../../rules/index.js';
import { hanging } from '../../wrapped.js';
import { type FindingGroup, findingGroups } from '../finding-groups.js';
import type { TextAt } from '../place-texts.js';
import type { PrettyReported } from '../reporters/pretty.js';
import { tokenLength } from '../token.js';
import { type Glyphs, glyphsFor } from './glyphs.js';
import { snippet } from './snippet.js';

/** How many places of one cause are shown. */
const SHOWN = 3;
/** How wide the excerpt of a line may be where no terminal tells. */
const WIDTH = 110;
const NARROWEST = 40;

/** The lines of the input that are shown, and how. */
interface Lines {
  readonly textAt: TextAt;
  readonly glyphs: Glyphs;
}

/** The findings, those of one cause together, each with the line that it stands in. */
export async function* findingsText(reported: PrettyReported): AsyncGenerator<string> {
  const { report, all, textsOf } = reported;
  const groups = findingGroups(report);
  const shown = groups.map(({ findings }) => (all ? findings : findings.slice(0, SHOWN)));
  const textAt = await textsOf(shown.flat());
  const glyphs = await glyphsFor(shown.flat().map(({ place }) => textAt(place)?.text ?? ''));
  const lines = { textAt, glyphs };
  for (const [i, group] of groups.entries()) yield* groupText(group, shown[i]!, lines, reported);
}

function* groupText(
  { rule, findings, total, share }: FindingGroup,
  shown: readonly Finding[],
  lines: Lines,
  { colors, columns }: PrettyReported,
): Generator<string> {
  const [{ severity, reference, hint }] = findings;
  const paint = painter(severity, colors);
  const basis = reference === null ? '' : colors.dim(` (${reference})`);
  const many = share !== null && total > 1 ? colors.dim(`, ${share}`) : '';
  yield `${hanging(`${paint(severity)} ${colors.bold(rule)}: ${RULES[rule].title}${basis}${many}`, columns)}\n`;
  const width = Math.max(NARROWEST, columns ?? WIDTH);
  for (const [i, finding] of shown.entries()) {
    yield `${hanging(`  ${placeText(finding, colors)}`, columns)}\n`;
    yield `${hanging(`    ${escaped(messageOf(finding))}`, columns)}\n`;
    if (!samePlace(finding, shown[i + 1])) yield lineText(finding, lines, width, colors, paint);
  }
  const more = total - shown.length;
  const listed = findings.length - shown.length;
  if (more > 0) yield `  ${colors.dim(`… and ${pluralize(more, 'more place')} (${howToSee(more, listed)})`)}\n`;
  yield `${hanging(`  ${colors.cyan('hint:')} ${escaped(hint)}`, columns)}\n\n`;
}

/** @param listed How many of them are kept, to be shown. */
function howToSee(more: number, listed: number): string {
  if (listed === 0) return '--max-findings sets how many are listed';
  return listed === more ? '-v shows all' : `-v shows ${formatNumber(listed)} of them`;
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

/** The line of the input that a finding stands in, with a caret under the place; nothing where it is not to be had. */
function lineText(
  { place }: Finding,
  { textAt, glyphs }: Lines,
  width: number,
  colors: ChalkInstance,
  paint: ChalkInstance,
): string {
  const excerpt = textAt(place);
  if (!excerpt) return '';
  const gutter = `    ${place.line} | `;
  const blank = `${' '.repeat(gutter.length - 2)}| `;
  const length = place.pointer === null ? 1 : tokenLength(excerpt);
  const { text, indent, carets } = snippet(excerpt, length, width - gutter.length, glyphs);
  return `${colors.dim(gutter)}${text}\n${colors.dim(blank)}${' '.repeat(indent)}${paint('^'.repeat(carets))}\n`;
}

/** Whether the line is shown with the next finding anyway. */
function samePlace({ place }: Finding, next: Finding | undefined): boolean {
  return (
    next !== undefined &&
    next.place.input.index === place.input.index &&
    next.place.line === place.line &&
    next.place.column === place.column
  );
}

function painter(severity: Severity, colors: ChalkInstance): ChalkInstance {
  return { error: colors.red, warning: colors.yellow, info: colors.blue }[severity];
}
