import { BEHAVIOUR_IDS } from '../../certify/define.js';
import { isFailing, type Sheet, sheetJson } from '../../certify/sheet.js';
import { escaped } from '../../domain/text.js';
import { hanging, indented } from '../terminal.js';
import type { SheetFormat } from './flags.js';
import {
  MARKS,
  notSeenText,
  placeText,
  type SheetLook,
  type SheetReporter,
  timesText,
  toDoOf,
  verdictOf,
} from './sheet-words.js';

/** The formats of a sheet. Large ones are loaded when they are used. */
export const SHEET_REPORTERS: Readonly<Record<SheetFormat, () => Promise<SheetReporter>>> = {
  pretty: async () => prettySheet,
  json: async () => json,
  markdown: async () => markdown,
  html: async () => (await import('./html.js')).sheetHtml,
  junit: async () => (await import('./junit.js')).sheetJunit,
};

const ID_WIDTH = Math.max(...BEHAVIOUR_IDS.map((id) => id.length));
/** Narrower terminals show what was seen below its behaviour. */
const MIN_WIDTH_FOR_COLUMNS = 80;

/** The sheet for people: a line a behaviour, then what to do to see those that were not seen right. */
export function* prettySheet(sheet: Sheet, { colors, columns }: SheetLook): Generator<string> {
  const { lines, notes } = sheet;
  const anyRequired = lines.some(({ required }) => required);
  const paint = { right: colors.green, wrong: colors.red, 'not-seen': colors.dim };
  for (const line of lines) {
    const { behaviour, verdict, observations } = line;
    const painted = isFailing(line, anyRequired) ? colors.red : paint[verdict];
    const head = `${painted(MARKS[verdict])} ${colors.bold(behaviour)}`;
    const [first] = observations;
    const text = first ? `${escaped(first.evidence)}${timesText(line)}` : notSeenText(line);
    if (columns !== null && columns < MIN_WIDTH_FOR_COLUMNS) {
      yield `${head}\n${indented(text, 4, columns)}\n`;
    } else {
      const indent = ID_WIDTH + 4;
      const wrapped = columns === null ? text : indented(text, indent, columns).trimStart();
      yield `${head}${' '.repeat(indent - 2 - behaviour.length)}${wrapped}\n`;
    }
    if (verdict !== 'wrong') continue;
    for (const observation of observations)
      yield `${hanging(`    ${colors.dim(placeText(observation))}`, columns)}\n`;
  }
  const toDo = toDoOf(lines);
  if (toDo.length > 0) yield `\n${colors.bold('What to do next')}\n`;
  for (const { behaviour, verdict, next } of toDo) {
    const fix = verdict === 'wrong' ? `${colors.red('fix')} ` : '';
    yield `${hanging(`  ${fix}${colors.cyan(`${behaviour}:`)} ${next}`, columns)}\n`;
  }
  for (const note of notes) yield `\n${hanging(`${colors.yellow('note:')} ${escaped(note)}`, columns)}\n`;
  const { passed, text } = verdictOf(sheet);
  yield `\n${hanging((passed ? colors.green : colors.red)(text), columns)}\n`;
}

function* json(sheet: Sheet): Generator<string> {
  yield `${escapedJson(sheetJson(sheet))}\n`;
}

function escapedJson(value: object): string {
  return JSON.stringify(value, null, 2).split('\n').map(escaped).join('\n');
}

/** The sheet as a table for a pull request or a wiki. */
function* markdown(sheet: Sheet): Generator<string> {
  const anyRequired = sheet.lines.some(({ required }) => required);
  const { text } = verdictOf(sheet);
  yield `## Behaviours of the player\n\n${text}\n\n| | behaviour | what was seen |\n|---|---|---|\n`;
  for (const line of sheet.lines) {
    const { behaviour, title, verdict, observations } = line;
    const [first] = observations;
    const seen = first ? `${first.evidence}${timesText(line)}` : notSeenText(line);
    const place = first && verdict === 'wrong' ? ` (${placeText(first)})` : '';
    const mark = isFailing(line, anyRequired) && verdict === 'not-seen' ? '✖' : MARKS[verdict];
    yield `| ${mark} | \`${behaviour}\`: ${title} | ${cell(seen + place)} |\n`;
  }
  const toDo = toDoOf(sheet.lines);
  if (toDo.length > 0) yield '\n### What to do next\n\n';
  for (const { behaviour, verdict, next } of toDo)
    yield `- ${verdict === 'wrong' ? 'Fix ' : ''}\`${behaviour}\`: ${cell(next)}\n`;
  if (sheet.notes.length > 0) yield `\n${sheet.notes.map((note) => `> ${cell(note)}\n`).join('>\n')}`;
}

/** Text for a table's cell, escaped. */
function cell(text: string): string {
  return escaped(text).replaceAll(/[|<*_[\]`\\]/g, '\\$&');
}
