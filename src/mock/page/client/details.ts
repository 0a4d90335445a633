import { element } from '../../../browser/element.js';
import { wordsOf } from '../../../domain/place.js';
import type { MockSession, RuleText } from '../../page-data.js';
import { bounded, clockText, counted, latenessText, plural, positionText, spanText } from './format.js';
import { copyOnClick } from './panels.js';
import { eventOf, type RawEvents, showEvent } from './raw-events.js';
import type { Findings, ListRow } from './request-log.js';
import { breaks } from './timeline.js';

const MAX_SHOWN_INTERVALS = 60;

/**
 * The details under an open row: its findings with hints, its events as they arrived, what was heard when, and the full ids.
 */
export function drawDetails(row: ListRow, { rawEvents, resized }: DetailsContext): HTMLElement {
  const all = element('div', { class: 'details' });
  all.append(drawFindings(row, (finding) => showEvent(all, finding), resized));
  if (row.kind === 'session' || row.request.number !== null) all.append(rawEvents.draw(row));
  if (row.kind === 'session') {
    all.append(element('div', { class: 'facts' }, drawPlayed(row.session), drawSession(row.session)));
  } else {
    const { number, method, url, contentType, bytes, userAgent, origin, status } = row.request;
    all.append(
      pairs([
        ['Request', `${number ?? 'not counted'} \u00b7 ${bounded(`${method} ${url}`)}`],
        ['Content-Type', contentType ?? 'none'],
        ['Body', plural(bytes, 'byte')],
        ['Answered', status === null ? 'nothing' : String(status)],
        ['Origin', origin],
        ['User-Agent', userAgent],
      ]),
    );
  }
  return all;
}

export interface DetailsContext {
  readonly rawEvents: RawEvents;
  /** Called when the height of details changes without a click on the row. */
  readonly resized: () => void;
}

/** How many findings of one rule are listed at first. */
const MAX_PLACES = 3;

function drawFindings(
  row: ListRow,
  show: (finding: Findings[number]) => void,
  resized: () => void,
): HTMLElement {
  const omitted = row.kind === 'session' ? row.session.findingsOmitted : 0;
  if (row.findings.length === 0) {
    return element('p', { class: 'valid' }, 'No finding: this session is valid.');
  }
  const byRule = new Map<string, Findings[number][]>();
  for (const finding of row.findings)
    byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  const list = element(
    'ul',
    { class: 'findings', 'aria-label': 'Findings' },
    ...[...byRule.values()].map((findings) => drawRule(findings, show, resized)),
  );
  if (omitted > 0) list.append(element('li', { class: 'note' }, `and ${counted(omitted)} more`));
  return list;
}

/** The findings of one rule in a row. */
function drawRule(
  findings: Findings,
  show: (finding: Findings[number]) => void,
  resized: () => void,
): HTMLElement {
  const [{ rule, severity, hint, reference }] = findings as [Findings[number]];
  const places = findings.map((finding) => drawPlace(finding, hint, show));
  const rest = places.slice(MAX_PLACES);
  const about = element('div', { class: 'about' });
  const explain = element(
    'button',
    { type: 'button', class: 'link', 'aria-expanded': 'false' },
    'About this rule',
  );
  about.hidden = true;
  explain.addEventListener('click', () => {
    about.hidden = !about.hidden;
    explain.setAttribute('aria-expanded', String(!about.hidden));
    void fillAbout(about, rule).then(resized);
  });
  const more = element('details', {}, element('summary', {}, `${counted(rest.length)} more`), ...rest);
  more.addEventListener('toggle', resized);
  return element(
    'li',
    { class: severity },
    element(
      'p',
      { class: 'finding-head' },
      element('span', { class: `severity ${severity}` }, severity),
      element('code', {}, rule),
      ...[findings.length > 1 ? `${counted(findings.length)} places` : null, reference].flatMap((text) =>
        text === null ? [] : [element('span', { class: 'place' }, text)],
      ),
      explain,
    ),
    ...places.slice(0, MAX_PLACES),
    ...(rest.length > 0 ? [more] : []),
    element('p', { class: 'hint' }, bounded(hint)),
    about,
  );
}

/** One place of a finding; a button if the place is an event. @param hint The hint shown below all places. */
function drawPlace(
  finding: Findings[number],
  hint: string,
  show: (finding: Findings[number]) => void,
): HTMLElement {
  const { message, path, seqNumber, request } = finding;
  const place = [...wordsOf({ input: { isMock: true }, request, pointer: path })];
  if (seqNumber !== null) place.unshift(`SeqNumber ${seqNumber}`);
  const where = bounded(place.join(', '));
  const button = element('button', { type: 'button', class: 'link place', title: 'Show the event' }, where);
  button.addEventListener('click', () => show(finding));
  const isEvent = eventOf(path) !== null;
  return element(
    'div',
    { class: 'found' },
    element('p', { class: 'message' }, bounded(message)),
    isEvent ? button : element('span', { class: 'place' }, where),
    ...(finding.hint === hint ? [] : [element('p', { class: 'hint' }, bounded(finding.hint))]),
  );
}

let ruleTexts: Promise<readonly RuleText[]> | undefined;

async function fillAbout(about: HTMLElement, id: string): Promise<void> {
  ruleTexts ??= fetch('_mock/rules').then(
    async (answer) => ((await answer.json()) as { rules: RuleText[] }).rules,
  );
  const texts = await ruleTexts.catch(() => {
    ruleTexts = undefined;
    return [];
  });
  const rule = texts.find((text) => text.id === id);
  if (!rule) return;
  const { title, why, firesWhen, inferred, code } = rule;
  about.replaceChildren(
    element('p', {}, element('b', {}, title), '. ', why),
    pairs(
      [
        ['Reported when', firesWhen],
        ['Not in the document', inferred],
      ],
      Number.POSITIVE_INFINITY,
    ),
    ...(code === null ? [] : [element('pre', {}, code)]),
    element('p', { class: 'note' }, 'With examples: ', element('code', {}, `omny-consume rules ${id}`)),
  );
}

function drawPlayed({ intervals, intervalsOmitted }: MockSession): HTMLElement {
  if (intervals.length === 0)
    return element('p', { class: 'note' }, 'Its events do not show what was played.');
  const between = breaks(intervals);
  const rows = intervals.slice(0, MAX_SHOWN_INTERVALS).map(([from, to, clockFrom, clockTo], i) => {
    const clock = clockTo - clockFrom;
    const next = between[i];
    return element(
      'tr',
      {},
      element('td', {}, `${positionText(from)} \u2013 ${positionText(to)}`),
      element('td', {}, positionText(to - from)),
      element('td', {}, clockText(clockFrom)),
      element('td', {}, clock > 0 && to > from ? `${((to - from) / clock).toFixed(2)}\u00d7` : '\u2013'),
      element('td', {}, next ? afterwards(next.kind, next.to, next.clock) : 'ended'),
    );
  });
  const more = intervals.length - rows.length + intervalsOmitted;
  const head = ['Heard', 'Audio', 'From', 'Speed', 'Then'].map((name) =>
    element('th', { scope: 'col' }, name),
  );
  const table = element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...rows),
  );
  const box = element('div', { class: 'heard-table' }, table);
  if (more > 0) box.append(element('p', { class: 'note' }, `and ${plural(more, 'interval')} more`));
  return box;
}

function afterwards(kind: 'pause' | 'ahead' | 'back', to: number, clock: number): string {
  const wait = clock >= 1 ? spanText(clock) : clock <= -1 ? `clock ${spanText(clock)} back` : '';
  if (kind === 'pause') return wait === '' ? 'continued at once' : `paused ${wait}`;
  return `${kind === 'ahead' ? 'ahead' : 'back'} to ${positionText(to)}${wait === '' ? '' : ` after ${wait}`}`;
}

function drawSession(session: MockSession): HTMLElement {
  const { sessionId, clipId, organizationId, source, events, receivedAt, lastTimestamp, lateSeconds } =
    session;
  const button = element(
    'button',
    { type: 'button', class: 'copy', 'aria-label': 'Copy the SessionId' },
    'Copy',
  );
  copyOnClick(button, () => sessionId);
  const list = pairs([
    ['ClipId', clipId],
    ['OrganizationId', organizationId],
    ['Source', source],
    ['Events', counted(events)],
    ['Newest event', lastTimestamp === null ? null : clockText(lastTimestamp)],
    ['Received', clockText(receivedAt)],
    ['Lateness', lateSeconds === null ? null : latenessText(lateSeconds)],
    ['Requests', standingText(session)],
  ]);
  list.prepend(
    element('dt', {}, 'SessionId'),
    element('dd', {}, element('span', { class: 'id' }, bounded(sessionId)), ' ', button),
  );
  return list;
}

function standingText({ standing, requests }: MockSession): string {
  const numbers = requests.map((number) => `#${number}`).join(', ');
  if (standing === 'first') return numbers;
  return `${numbers} \u00b7 ${standing === 'resent' ? 'sent again' : 'split over requests'}`;
}

/** @param longest The length to which longer texts are cut. */
function pairs(of: readonly (readonly [string, string | null])[], longest?: number): HTMLDListElement {
  const list = element('dl', { class: 'pairs' });
  for (const [name, value] of of) {
    if (value === null || value === '') continue;
    const shown = element('span', name.endsWith('Id') ? { class: 'id' } : {}, bounded(value, longest));
    list.append(element('dt', {}, name), element('dd', {}, shown));
  }
  return list;
}
