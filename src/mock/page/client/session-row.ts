import { element, svgElement } from '../../../browser/element.js';
import { type DetailsContext, drawDetails } from './details.js';
import { bounded, clockText, latenessShort, latenessText, plural, positionText, shortId } from './format.js';
import type { ListRow, State } from './request-log.js';
import { drawTimeline, timelineText } from './timeline.js';
import type { RowElement } from './window-list.js';

/** A row, and everything else that changes how it looks. */
export interface ShownRow {
  readonly row: ListRow;
  readonly open: boolean;
  /** The length of the timeline in seconds. */
  readonly scale: number;
  /** Whether it has just arrived. */
  readonly fresh: boolean;
}

export const STATE_WORDS: Readonly<Record<State, string>> = {
  ok: 'no error or warning',
  warning: 'warning',
  error: 'error',
};

const MAX_BADGES = 2;
/** A delay from which on the row marks it, in seconds. */
const NOTABLY_LATE_SECONDS = 300;

/** A row of the list: a button that summarizes the session, and the details that it opens. */
export function sessionRow(toggle: (row: ListRow) => void, context: DetailsContext): RowElement<ShownRow> {
  const button = element('button', { type: 'button', class: 'row' });
  const all = element('li', { class: 'session' }, element('h3', {}, button));
  let last: ShownRow | undefined;
  let details: HTMLElement | undefined;
  button.addEventListener('click', () => last && toggle(last.row));

  const show = (shown: ShownRow, place: number, of: number) => {
    all.setAttribute('aria-posinset', String(place));
    all.setAttribute('aria-setsize', String(of));
    if (last?.row === shown.row && last.open === shown.open && last.scale === shown.scale) return;
    const { row, open, scale } = shown;
    if (last?.row !== row || last.scale !== scale) {
      button.replaceChildren(...glance(row, scale));
      button.setAttribute('aria-label', spoken(row));
      all.dataset.state = row.state;
      all.classList.toggle('fresh', shown.fresh);
    }
    button.setAttribute('aria-expanded', String(open));
    all.classList.toggle('open', open);
    if (!open || last?.row !== row) {
      details?.remove();
      details = undefined;
    }
    if (open && !details) {
      details = drawDetails(row, context);
      all.append(details);
    }
    last = shown;
  };
  return { element: all, control: button, show };
}

/** The mark of a state. Each state has another shape, so that the marks differ without colours, too. */
export function stateMark(state: State): SVGSVGElement {
  const shapes = {
    ok: [
      svgElement('circle', { cx: 8, cy: 8, r: 7 }),
      svgElement('path', { class: 'sign', d: 'M4.8 8.3l2.2 2.2 4.2-4.8' }),
    ],
    warning: [
      svgElement('path', { d: 'M8 1.2 15.4 14.5H.6z' }),
      svgElement('path', { class: 'sign', d: 'M8 6v4M8 12v.3' }),
    ],
    error: [
      svgElement('path', { d: 'M5 .8h6L15.2 5v6L11 15.2H5L.8 11V5z' }),
      svgElement('path', { class: 'sign', d: 'M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4' }),
    ],
  };
  return svgElement(
    'svg',
    { class: `mark-${state}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    ...shapes[state],
  );
}

function glance(row: ListRow, scale: number): HTMLElement[] {
  const session = row.kind === 'session' ? row.session : null;
  const title = row.kind === 'session' ? shortId(row.session.sessionId) : requestName(row.request.number);
  const under = session
    ? [clipMark(row.clip), element('span', { class: 'id' }, shortId(session.clipId))]
    : [element('span', {}, 'no session')];
  const source = session?.source ?? null;
  const late = session?.lateSeconds ?? null;
  const lateClass = late !== null && Math.abs(late) > NOTABLY_LATE_SECONDS ? 'late notable' : 'late';
  return [
    element('span', { class: 'state' }, stateMark(row.state)),
    element(
      'span',
      { class: 'who' },
      element('span', { class: 'id' }, title),
      element('span', { class: 'under' }, ...under),
    ),
    element(
      'span',
      { class: 'what' },
      session ? drawTimeline(session.intervals, scale) : element('span', { class: 'no-timeline' }),
      element('span', { class: 'caption' }, ...caption(row)),
    ),
    element(
      'span',
      { class: 'played' },
      element('b', {}, session?.played == null ? '\u2013' : positionText(session.played)),
      element('span', { class: 'under' }, source === null ? '' : bounded(source)),
    ),
    element(
      'span',
      { class: 'when' },
      element('span', {}, clockText(row.receivedAt)),
      element('span', { class: `under ${lateClass}` }, late === null ? '' : latenessShort(late)),
    ),
    element('span', { class: 'chevron', 'aria-hidden': 'true' }),
  ];
}

function caption(row: ListRow): (HTMLElement | string)[] {
  const rules = [...new Map(row.findings.map((finding) => [finding.rule, finding])).values()];
  const badges = rules
    .slice(0, MAX_BADGES)
    .map(({ rule, severity }) => element('span', { class: `badge ${severity}` }, bounded(rule)));
  const more = rules.length - badges.length;
  if (more > 0) badges.push(element('span', { class: 'badge more' }, `+${more}`));
  const heard =
    row.kind === 'session' ? timelineText(row.session.intervals) : bounded(row.findings[0]?.message ?? '');
  return [...badges, element('span', { class: 'heard-text' }, heard)];
}

function clipMark(clip: string | null): HTMLElement {
  const mark = element('i', { class: 'clip-mark' });
  if (clip !== null) mark.style.setProperty('--hue', String(hueOf(clip)));
  return mark;
}

/** The colour of a clip, always the same for the same clip. */
export function hueOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i += 1) hash = (hash * 31 + text.charCodeAt(i)) | 0;
  return Math.abs(hash * 47) % 360;
}

/** @param number Null if the body is not JSON. */
function requestName(number: number | null): string {
  return number === null ? 'A request' : `Request ${number}`;
}

function spoken(row: ListRow): string {
  const found = plural(row.findings.length, 'finding');
  const received = `received ${clockText(row.receivedAt)}`;
  if (row.kind === 'request')
    return `${requestName(row.request.number)}, ${STATE_WORDS[row.state]}, ${found}, ${received}`;
  const { sessionId, played, lateSeconds } = row.session;
  return [
    `Session ${shortId(sessionId)}`,
    STATE_WORDS[row.state],
    played === null ? 'played unknown' : `played ${positionText(played)}`,
    found,
    received,
    ...(lateSeconds === null ? [] : [latenessText(lateSeconds)]),
  ].join(', ');
}
