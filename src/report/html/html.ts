import { clock, escaped, formatNumber, moment, percent, pluralize } from '../../domain/text.js';
import { type ClipFigures, type ClipList, explanation, MAX_SHOWN, type Report } from '../output.js';
// oxlint-disable-next-line import/default -- scripts/text-modules.js provides it
import script from './client/main.ts?script';
import { asText, pageHead } from './markup.js';
import style from './page.css?text';
import { type PageClip, toText } from './page-data.js';

interface Column {
  readonly head: string;
  readonly title?: string;
  /** The value by which the column is sorted. */
  readonly value: (clip: ClipFigures) => number;
  readonly cell: (clip: ClipFigures) => string;
}

const share = (part: number, { plays }: ClipFigures): string =>
  plays === 0 ? '–' : `${formatNumber(part)} <small>${percent(part / plays)}</small>`;

const COLUMNS: readonly Column[] = [
  {
    head: 'Plays',
    title: 'Verified plays',
    value: ({ plays }) => plays,
    cell: ({ plays }) => formatNumber(plays),
  },
  {
    head: '≥ 60 s',
    title: 'Sessions that played at least 60 s',
    value: ({ verified60 }) => verified60,
    cell: ({ verified60 }) => formatNumber(verified60),
  },
  {
    head: 'Filtered',
    title: 'Sessions that played too little',
    value: ({ filtered }) => filtered,
    cell: ({ filtered }) => formatNumber(filtered),
  },
  {
    head: 'Average time',
    value: ({ averageSeconds }) => averageSeconds,
    cell: ({ averageSeconds }) => clock(averageSeconds),
  },
  {
    head: 'Duration',
    value: ({ duration }) => duration,
    cell: ({ duration, durationKnown }) => `${durationKnown ? '' : '~'}${clock(duration)}`,
  },
  {
    head: 'Completion',
    title: 'Average share of the clip heard',
    value: ({ completion }) => completion.average,
    cell: ({ completion, plays }) => (plays === 0 ? '–' : percent(completion.average)),
  },
  ...(['25', '50', '75', '100'] as const).map(
    (mark): Column => ({
      head: `${mark} %`,
      title: `Plays that reached ${mark} %`,
      value: ({ completion }) => completion.reached[mark],
      cell: (clip) => share(clip.completion.reached[mark], clip),
    }),
  ),
];

/** The report as one HTML page that needs no network. Data from the input is always text in it, never markup. */
export function* reportHtml(report: Report<ClipList>): Generator<string> {
  yield `${pageHead('Listening report', style, script)}<header>
<h1>Listening report</h1>
<p>${period(report)}</p>
</header>
<main>
${totals(report)}
<section aria-labelledby="clips-title">
<h2 id="clips-title">Clips</h2>
<p class="note on-screen">Click a column’s heading to sort. Click a clip to show or hide its graphs.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Table of clips">
<table id="clips">
<thead><tr><th scope="col">Clip</th>${COLUMNS.map(headCell).join('')}</tr></thead>
<tbody>
`;
  let shown = 0;
  for (const clip of report.clips) {
    if (shown === MAX_SHOWN) break;
    yield row(clip, shown);
    shown += 1;
  }
  yield `</tbody>
</table>
</div>
<p class="note" id="in-view" hidden></p>
${notShown(report.clips.length - shown)}</section>
<section id="graphs" aria-label="Graphs"><noscript><p>The graphs are drawn by a script, which this browser does not run.</p></noscript></section>
<section aria-labelledby="how-title" class="how">
<h2 id="how-title">What is counted</h2>
<ul>${explanation(report)
    .map((sentence) => `<li>${asText(sentence)}</li>`)
    .join('')}</ul>
</section>
<p id="said" role="status" class="hidden"></p>
</main>
<script type="application/json" id="data">{"bin":${report.bin},"clips":[`;
  let written = 0;
  for (const clip of report.clips) {
    if (written === MAX_SHOWN) break;
    yield `${written === 0 ? '' : ','}\n${inScript(pageClip(clip))}`;
    written += 1;
  }
  yield `]}</script>
<script>${script}</script>
</body>
</html>
`;
}

function notShown(clips: number): string {
  return clips === 0
    ? ''
    : `<p class="note">${pluralize(clips, 'more clip')}: --format csv and json list all.</p>\n`;
}

function period({ totals: { firstTimestamp, lastTimestamp } }: Report<ClipList>): string {
  if (firstTimestamp === null || lastTimestamp === null) return 'No session';
  return `${moment(firstTimestamp)} to ${moment(lastTimestamp)}`;
}

function totals({ totals: its, minDuration }: Report<ClipList>): string {
  const sources = Object.entries(its.sources).map(([name, sessions]) => `${name} ${formatNumber(sessions)}`);
  const tiles = [
    ['Sessions', formatNumber(its.sessions)],
    ['Verified plays', formatNumber(its.verified)],
    ['60 s or more', formatNumber(its.verified60)],
    [`Filtered (< ${minDuration} s)`, formatNumber(its.filtered)],
    ['Invalid', formatNumber(its.invalidSessions)],
    ['Hours heard', formatNumber(Math.round(its.totalSeconds / 360) / 10)],
    ['Clips', formatNumber(its.clips)],
    ['Sources', sources.join(', ')],
  ];
  const list = tiles.map(
    ([name = '', value = '']) => `<div><dt>${asText(name)}</dt><dd>${asText(value)}</dd></div>`,
  );
  return `<section aria-label="Totals"><dl class="totals">${list.join('')}</dl></section>`;
}

function headCell({ head, title }: Column, i: number): string {
  const tooltip = title === undefined ? '' : ` title="${asText(title)}"`;
  return `<th scope="col" aria-sort="${i === 0 ? 'descending' : 'none'}"${tooltip}><button type="button">${head}</button></th>`;
}

function row(clip: ClipFigures, i: number): string {
  const title = titleOf(clip);
  const hover = ` title="${asText(title === undefined ? clip.clipId : `${title} (${clip.clipId})`)}"`;
  const id = title === undefined ? ' class="id"' : '';
  const cells = COLUMNS.map(({ value, cell }) => `<td data-value="${value(clip)}">${cell(clip)}</td>`);
  return `<tr><th scope="row"><button type="button"${id} data-clip="${i}" aria-pressed="false"${hover}>${asText(title ?? clip.clipId)}</button></th>${cells.join('')}</tr>\n`;
}

/** The title of a clip; undefined where it is not known, or blank. */
function titleOf({ title = '' }: ClipFigures): string | undefined {
  return title.trim() === '' ? undefined : title;
}

function pageClip(clip: ClipFigures): PageClip {
  const title = titleOf(clip);
  return {
    id: clip.clipId,
    ...(title !== undefined && { title: escaped(title) }),
    duration: clip.duration,
    known: clip.durationKnown,
    plays: clip.plays,
    retention: toText(clip.retention),
    startAt: toText(clip.startAt),
    dropOff: toText(clip.dropOff),
    skips: toText(clip.skips),
  };
}

/** JSON that is safe in a script element: it cannot end the element or begin another. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
