import { element } from '../../../browser/element.js';
import type { MockSession } from '../../page-data.js';
import { bounded, clockText, counted, latenessText, plural, positionText, spanText } from './format.js';
import { copyOnClick } from './panels.js';
import type { Findings, ListRow } from './request-log.js';
import { breaks } from './timeline.js';

const MAX_SHOWN_INTERVALS = 60;

/** What a row unfolds: its findings with their hints, what was heard when, and the ids in full. */
export function drawDetails(row: ListRow): HTMLElement {
  const all = element('div', { class: 'details' }, drawFindings(row));
  if (row.kind === 'session') {
    all.append(element('div', { class: 'facts' }, drawHeard(row.session), drawSession(row.session)));
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

function drawFindings(row: ListRow): HTMLElement {
  const omitted = row.kind === 'session' ? row.session.findingsOmitted : 0;
  if (row.findings.length === 0) {
    return element('p', { class: 'sound' }, 'No finding: this session is as the document wants it.');
  }
  const list = element(
    'ul',
    { class: 'findings', 'aria-label': 'Findings' },
    ...row.findings.map(drawFinding),
  );
  if (omitted > 0) list.append(element('li', { class: 'note' }, `and ${counted(omitted)} more`));
  return list;
}

function drawFinding({
  rule,
  severity,
  message,
  hint,
  reference,
  path,
  seqNumber,
}: Findings[number]): HTMLElement {
  const place = [
    ...(seqNumber === null ? [] : [`SeqNumber ${seqNumber}`]),
    ...(path === null || path === '' ? [] : [path]),
    ...(reference === null ? [] : [reference]),
  ];
  return element(
    'li',
    { class: severity },
    element(
      'p',
      { class: 'finding-head' },
      element('span', { class: `severity ${severity}` }, severity),
      element('code', {}, rule),
      element('span', { class: 'place' }, bounded(place.join(' \u00b7 '))),
    ),
    element('p', { class: 'message' }, bounded(message)),
    element('p', { class: 'hint' }, bounded(hint)),
  );
}

function drawHeard({ intervals, intervalsOmitted }: MockSession): HTMLElement {
  if (intervals.length === 0)
    return element('p', { class: 'note' }, 'What was heard cannot be told from its events.');
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
  if (kind === 'pause') return wait === '' ? 'went on at once' : `paused ${wait}`;
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

function pairs(of: readonly (readonly [string, string | null])[]): HTMLDListElement {
  const list = element('dl', { class: 'pairs' });
  for (const [name, value] of of) {
    if (value === null || value === '') continue;
    const shown = element('span', name.endsWith('Id') ? { class: 'id' } : {}, bounded(value));
    list.append(element('dt', {}, name), element('dd', {}, shown));
  }
  return list;
}
