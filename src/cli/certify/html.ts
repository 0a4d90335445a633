import type { Observation } from '../../certify/define.js';
import type { Sheet, SheetLine, Verdict } from '../../certify/sheet.js';
import { moment, pluralize } from '../../domain/text.js';
import { asText, policyHash } from '../../report/html/markup.js';
import style from './page.css?text';
import { MARKS, notSeenText, placeText, type SheetLook, timesText, verdictOf } from './sheet-words.js';

const WORDS: Readonly<Record<Verdict, string>> = { right: 'right', wrong: 'wrong', 'not-seen': 'not seen' };

/** The sheet as one page that needs no network and no script, to be read and printed: whatever comes from the input is text in it, never markup. */
export function* sheetHtml(
  sheet: Sheet,
  { inputs, now }: Pick<SheetLook, 'inputs' | 'now'>,
): Generator<string> {
  const policy = `default-src 'none'; style-src '${policyHash(style)}'; base-uri 'none'; form-action 'none'`;
  const { lines, sessions, requests, notes } = sheet;
  const { passed, text } = verdictOf(sheet);
  const read = [pluralize(sessions, 'session'), ...(requests > 0 ? [pluralize(requests, 'request')] : [])];
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Behaviours of the player</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Behaviours of the player</h1>
<p class="verdict ${passed ? 'right' : 'wrong'}">${asText(text)}</p>
<p class="note">${moment(now)}: ${read.join(' and ')} in ${inputs.map((name) => `<code>${asText(name)}</code>`).join(', ')}</p>
</header>
<main>
${notes.map((note) => `<p class="warning">${asText(note)}</p>\n`).join('')}<ul class="sheet">
`;
  for (const line of lines) yield lineHtml(line);
  yield `</ul>
</main>
</body>
</html>
`;
}

function lineHtml(line: SheetLine): string {
  const { behaviour, title, verdict, required, observations, next, possible } = line;
  const [first, ...more] = observations;
  const seen = first ? `${asText(first.evidence)}${asText(timesText(line))}` : asText(notSeenText(line));
  const badge = required ? ' <small class="required">required</small>' : '';
  const places = first && verdict === 'wrong' ? placesHtml([first, ...more]) : '';
  const toDo =
    next !== null && (possible || verdict === 'wrong') ? `<p class="next">${asText(next)}</p>` : '';
  return `<li class="${verdict}">
<span class="mark"><span aria-hidden="true">${MARKS[verdict]}</span> <span class="word">${WORDS[verdict]}</span></span>
<div><h2>${asText(title)}${badge} <code>${behaviour}</code></h2>
<p>${seen}</p>${places}${toDo}</div>
</li>
`;
}

function placesHtml(observations: readonly Observation[]): string {
  return `<ul class="places">${observations.map((its) => `<li><code>${asText(placeText(its))}</code></li>`).join('')}</ul>`;
}
