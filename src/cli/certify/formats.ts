import type { ChalkInstance } from 'chalk';
import { BEHAVIOUR_IDS, type Observation } from '../../certify/define.js';
import {
  isFailing,
  isPassed,
  type Sheet,
  type SheetLine,
  sheetJson,
  type Verdict,
} from '../../certify/sheet.js';
import { requestWords } from '../../domain/place.js';
import { escaped, formatNumber, moment, pluralize } from '../../domain/text.js';
import { asText, pageHead } from '../../report/html/markup.js';
import type { SheetFormat } from '../options/rules.js';
import { indented } from '../terminal.js';
import { element, testSuites } from '../validate/reporters/junit.js';
import style from './page.css?text';

/** How to print a sheet. */
interface SheetLook {
  readonly colors: ChalkInstance;
  /** The width of the terminal; null without one. */
  readonly columns: number | null;
  /** The names of the inputs. */
  readonly inputs: readonly string[];
  /** Unix seconds. */
  readonly now: number;
}

type SheetReporter = (sheet: Sheet, look: SheetLook) => Iterable<string>;

const MARKS: Readonly<Record<Verdict, string>> = { right: '✔', wrong: '✖', 'not-seen': '–' };

/** The mark of a behaviour. One that is required and was not seen is marked as one that is wrong: both fail the sheet. */
function markOf(line: SheetLine, anyRequired: boolean): string {
  return isFailing(line, anyRequired) ? MARKS.wrong : MARKS[line.verdict];
}

/** Whether a sheet passes, and its verdict as one line of text. */
export function verdictOf(sheet: Sheet): { readonly passed: boolean; readonly text: string } {
  const { lines } = sheet;
  const count = (verdict: Verdict): number => lines.filter((line) => line.verdict === verdict).length;
  const required = lines.filter((line) => line.required);
  const met = required.filter(({ verdict }) => verdict === 'right').length;
  const passed = isPassed(sheet);
  const counts = [`${count('right')} right`, `${count('wrong')} wrong`, `${count('not-seen')} not seen`].join(
    ', ',
  );
  const metText = required.length === 0 ? '' : `; ${met} of ${required.length} required seen right`;
  return { passed, text: `${passed ? '✔' : '✖'} ${counts} in ${readOf(sheet).join(', ')}${metText}` };
}

/** How many sessions and requests were read: `3 sessions`, `5 requests`. */
function readOf({ sessions, requests }: Sheet): readonly string[] {
  return [pluralize(sessions, 'session'), ...(requests > 0 ? [pluralize(requests, 'request')] : [])];
}

/** How often a behaviour was seen, if more than once: ` (3 times)`. */
function timesText({ verdict, right, wrong }: SheetLine): string {
  const times = verdict === 'wrong' ? wrong : right;
  const among = verdict === 'wrong' && right > 0 ? `, and right ${formatNumber(right)}` : '';
  return times + (among === '' ? 0 : right) < 2 ? '' : ` (${pluralize(times, 'time')}${among})`;
}

function notSeenText({ required, possible }: SheetLine): string {
  const text = required ? 'not seen, and required' : 'not seen';
  return possible ? text : `${text}: this input cannot show it`;
}

/** Where a behaviour was seen: `player.har:1:1, entry 3, session …`. */
function placeText({ place, session }: Observation): string {
  const file = `${place.input.name}:${place.line}:${place.column}`;
  const about = [...requestWords({ ...place, pointer: null }), ...(session ? [`session ${session}`] : [])];
  return escaped([file, ...about].join(', '));
}

/**
 * What to do next about the behaviours, wrong ones first. If some behaviours are required, leaves out other behaviours
 * that were not seen. Also leaves out behaviours that the input cannot show: a note of the sheet names them.
 */
function toDoOf(lines: readonly SheetLine[]): readonly ToDo[] {
  const anyRequired = lines.some(({ required }) => required);
  const wrong: ToDo[] = [];
  const notSeen: ToDo[] = [];
  for (const { behaviour, verdict, next, required, possible } of lines) {
    if (next === null) continue;
    if (verdict === 'wrong') wrong.push({ behaviour, verdict, next });
    else if (possible && (required || !anyRequired)) notSeen.push({ behaviour, verdict, next });
  }
  return [...wrong, ...notSeen];
}

/** What to do next about a behaviour. */
type ToDo = Pick<SheetLine, 'behaviour' | 'verdict'> & { readonly next: string };

/** The formats of a sheet. */
export const SHEET_REPORTERS: Readonly<Record<SheetFormat, SheetReporter>> = {
  pretty: prettySheet,
  json,
  markdown,
  html: sheetHtml,
  junit: sheetJunit,
};

const ID_WIDTH = Math.max(...BEHAVIOUR_IDS.map((id) => id.length));
/** On a narrower terminal, what was seen is on the line below the behaviour. */
const MIN_WIDTH_FOR_COLUMNS = 80;

/** The sheet for people: one line per behaviour, then what to do next, the notes, and the verdict. */
export function* prettySheet(sheet: Sheet, { colors, columns }: SheetLook): Generator<string> {
  const { lines, notes } = sheet;
  const anyRequired = lines.some(({ required }) => required);
  const paint = { right: colors.green, wrong: colors.red, 'not-seen': colors.dim };
  for (const line of lines) {
    const { behaviour, verdict, observations } = line;
    const painted = isFailing(line, anyRequired) ? colors.red : paint[verdict];
    const head = `${painted(markOf(line, anyRequired))} ${colors.bold(behaviour)}`;
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
    for (const observation of observations) yield `    ${colors.dim(placeText(observation))}\n`;
  }
  const toDo = toDoOf(lines);
  if (toDo.length > 0) yield `\n${colors.bold('What to do next')}\n`;
  for (const { behaviour, verdict, next } of toDo) {
    const fix = verdict === 'wrong' ? `${colors.red('fix')} ` : '';
    yield `  ${fix}${colors.cyan(`${behaviour}:`)} ${next}\n`;
  }
  for (const note of notes) yield `\n${colors.yellow('note:')} ${escaped(note)}\n`;
  const { passed, text } = verdictOf(sheet);
  yield `\n${(passed ? colors.green : colors.red)(text)}\n`;
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
    yield `| ${markOf(line, anyRequired)} | \`${behaviour}\`: ${title} | ${cell(seen + place)} |\n`;
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

const WORDS: Readonly<Record<Verdict, string>> = { right: 'right', wrong: 'wrong', 'not-seen': 'not seen' };

/**
 * The sheet as one HTML page to read and to print. The page needs no network and no script. Text from the input is
 * escaped, so that it is never markup.
 */
function* sheetHtml(sheet: Sheet, { inputs, now }: Pick<SheetLook, 'inputs' | 'now'>): Generator<string> {
  const { lines, notes } = sheet;
  const { passed, text } = verdictOf(sheet);
  yield `${pageHead('Behaviours of the player', style)}<header>
<h1>Behaviours of the player</h1>
<p class="verdict ${passed ? 'right' : 'wrong'}">${asText(text)}</p>
<p class="note">${moment(now)}: ${readOf(sheet).join(' and ')} in ${namesHtml(inputs)}</p>
</header>
<main>
${notes.map((note) => `<p class="warning">${asText(note)}</p>\n`).join('')}<ul class="sheet">
`;
  const anyRequired = lines.some(({ required }) => required);
  for (const line of lines) yield lineHtml(line, anyRequired);
  yield `</ul>
</main>
</body>
</html>
`;
}

function lineHtml(line: SheetLine, anyRequired: boolean): string {
  const { behaviour, title, verdict, required, observations, next } = line;
  const classes = isFailing(line, anyRequired) ? `${verdict} fails` : verdict;
  const badge = required ? ' <small class="required">required</small>' : '';
  const places = verdict === 'wrong' ? placesHtml(observations) : '';
  const toDo = next === null ? '' : `<p class="next">${withCode(next)}</p>`;
  return `<li class="${classes}">
<span class="mark"><span aria-hidden="true">${markOf(line, anyRequired)}</span> ${WORDS[verdict]}</span>
<div><h2>${asText(title)}${badge} <code>${behaviour}</code></h2>
${seenHtml(line)}${places}${toDo}</div>
</li>
`;
}

/** What was seen, or that the input cannot show the behaviour. Empty if neither applies. */
function seenHtml(line: SheetLine): string {
  const [first] = line.observations;
  if (first) return `<p>${asText(first.evidence + timesText(line))}</p>`;
  return line.possible ? '' : '<p>This input cannot show it.</p>';
}

/** Our own text as HTML, with the parts between backticks as code. */
function withCode(text: string): string {
  return asText(text).replaceAll(/`([^`]*)`/g, '<code>$1</code>');
}

/** How many names of inputs the page lists. */
const MAX_NAMES = 5;

function namesHtml(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => `<code>${asText(name)}</code>`);
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${pluralize(more, 'more file')}` : '');
}

function placesHtml(observations: readonly Observation[]): string {
  return `<ul class="places">${observations.map((its) => `<li><code>${asText(placeText(its))}</code></li>`).join('')}</ul>`;
}

/**
 * The sheet as JUnit XML, one test case per behaviour. A behaviour that fails the sheet is a failure. Another behaviour
 * that was not seen is skipped.
 */
function* sheetJunit({ lines, notes }: Sheet): Generator<string> {
  const anyRequired = lines.some(({ required }) => required);
  const fails = (line: SheetLine): boolean => isFailing(line, anyRequired);
  const suite = {
    name: 'behaviours',
    tests: lines.length,
    failures: lines.filter(fails).length,
    skipped: lines.filter((line) => line.verdict === 'not-seen' && !fails(line)).length,
    cases: () => lines.map((line) => caseXml(line, fails(line), notes)),
  };
  yield* testSuites([suite], 'omny-consume certify');
}

function caseXml(line: SheetLine, failing: boolean, notes: readonly string[]): string {
  const { behaviour, title, verdict, observations, next } = line;
  const attributes = { classname: 'behaviours', name: `${behaviour}: ${title}`, time: '0' };
  const seen = observations.map((its) => `${placeText(its)}: ${its.evidence}`);
  const text = [
    ...seen,
    ...(next === null ? [] : [`${verdict === 'wrong' ? 'fix' : 'to show it'}: ${next}`]),
  ];
  if (failing) {
    const message = observations[0]?.evidence ?? notSeenText(line);
    const type = verdict === 'wrong' ? 'wrong' : 'not-seen';
    return element('testcase', attributes, element('failure', { message, type }, [...text, ...notes]));
  }
  if (verdict === 'not-seen')
    return element('testcase', attributes, element('skipped', { message: `not seen. ${next ?? ''}`.trim() }));
  return element('testcase', attributes, element('system-out', {}, text));
}
