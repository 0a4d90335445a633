import type { Observation } from '../../certify/define.js';
import { isFailing, type Sheet, type SheetLine, type Verdict } from '../../certify/sheet.js';
import { moment, pluralize } from '../../domain/text.js';
import { asText, pageHead } from '../../report/html/markup.js';
import style from './page.css?text';
import { MARKS, placeText, type SheetLook, timesText, verdictOf } from './sheet-words.js';

const WORDS: Readonly<Record<Verdict, string>> = { right: 'right', wrong: 'wrong', 'not-seen': 'not seen' };

/** The sheet as one page that needs no network and no script, to be read and printed: whatever comes from the input is text in it, never markup. */
export function* sheetHtml(
  sheet: Sheet,
  { inputs, now }: Pick<SheetLook, 'inputs' | 'now'>,
): Generator<string> {
  const { lines, sessions, requests, notes } = sheet;
  const { passed, text } = verdictOf(sheet);
  const read = [pluralize(sessions, 'session'), ...(requests > 0 ? [pluralize(requests, 'request')] : [])];
  yield `${pageHead('Behaviours of the player', style)}<header>
<h1>Behaviours of the player</h1>
<p class="verdict ${passed ? 'right' : 'wrong'}">${asText(text)}</p>
<p class="note">${moment(now)}: ${read.join(' and ')} in ${namesHtml(inputs)}</p>
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
<span class="mark"><span aria-hidden="true">${MARKS[verdict]}</span> ${WORDS[verdict]}</span>
<div><h2>${asText(title)}${badge} <code>${behaviour}</code></h2>
${seenHtml(line)}${places}${toDo}</div>
</li>
`;
}

/** What was seen; where nothing was, why it could not. */
function seenHtml(line: SheetLine): string {
  const [first] = line.observations;
  if (first) return `<p>${asText(first.evidence + timesText(line))}</p>`;
  return line.possible ? '' : '<p>This input cannot show it.</p>';
}

/** Text of ours, in which backticks stand around code. */
function withCode(text: string): string {
  return asText(text).replaceAll(/`([^`]*)`/g, '<code>$1</code>');
}

/** How many names of inputs are shown. */
const MAX_NAMES = 5;

function namesHtml(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => `<code>${asText(name)}</code>`);
  const more = names.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${pluralize(more, 'more file')}` : '');
}

function placesHtml(observations: readonly Observation[]): string {
  return `<ul class="places">${observations.map((its) => `<li><code>${asText(placeText(its))}</code></li>`).join('')}</ul>`;
}
