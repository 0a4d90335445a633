import { element } from '../../../browser/element.js';
import type { MockRequest } from '../../page-data.js';
import { bounded, counted, plural } from './format.js';
import { copyOnClick } from './panels.js';
import type { Findings, ListRow } from './request-log.js';

type Request = MockRequest & { readonly body: unknown };

/** How many rows' fetched requests to keep. */
const MAX_HELD_ROWS = 30;
/** How many of a row's requests to show, the newest ones. */
const MAX_REQUESTS = 5;
/** How many events of a request to show without a finding, and how many with one. */
const MAX_EVENTS = 60;
const MAX_MARKED = 60;
const MAX_BODY_TEXT = 4000;

/** The events of rows as they arrived, with each finding marked at its event. They are fetched when a row is opened. */
export class RawEvents {
  /** The requests of each row; undefined while they are being fetched. */
  readonly #held = new Map<string, readonly Request[] | undefined>();

  /** @param resized Called when the content becomes higher. */
  constructor(readonly resized: () => void) {}

  /** An element with the events of a row, which can be filled in later. */
  draw(row: ListRow): HTMLElement {
    const box = element('section', { class: 'raw', 'aria-label': 'Events as they arrived' });
    const key = `${row.id} ${row.kind === 'session' ? row.session.requests.join() : ''}`;
    const held = this.#held.get(key);
    if (held) box.append(...drawRequests(row, held));
    else void this.#fetch(key, row, box);
    return box;
  }

  /** Drops everything that was fetched. Call it when the mock was reset. */
  clear(): void {
    this.#held.clear();
  }

  async #fetch(key: string, row: ListRow, box: HTMLElement): Promise<void> {
    const query =
      row.kind === 'session'
        ? `session=${encodeURIComponent(row.session.key)}`
        : `request=${row.request.number}`;
    const answer = await fetch(`_mock/requests?${query}`).catch(() => null);
    if (!answer?.ok) return;
    const { requests } = (await answer.json()) as { readonly requests: readonly Request[] };
    this.#held.set(key, requests.slice(-MAX_REQUESTS));
    if (this.#held.size > MAX_HELD_ROWS) this.#held.delete(this.#held.keys().next().value!);
    box.replaceChildren(...drawRequests(row, this.#held.get(key) ?? []));
    this.resized();
  }
}

/** Scrolls to the event that a finding names, if the event is shown. */
export function showEvent(details: HTMLElement, { request, path }: Findings[number]): void {
  const at = details.querySelector<HTMLElement>(`[data-event="${request}/${eventOf(path)?.index}"]`);
  if (!at) return;
  at.scrollIntoView({ block: 'nearest' });
  at.focus({ preventScroll: true });
}

/** The event and the field to which a JSON pointer into a request body leads; null if it leads to no event. */
export function eventOf(
  path: string | null,
): { readonly index: number; readonly field: string | null } | null {
  const [, index, field] = /^\/Events\/(\d+)(?:\/([^/]*))?/i.exec(path ?? '') ?? [];
  if (index === undefined) return null;
  return { index: Number(index), field: field?.replaceAll('~1', '/').replaceAll('~0', '~') ?? null };
}

function drawRequests(row: ListRow, requests: readonly Request[]): HTMLElement[] {
  return requests.length === 0
    ? [element('p', { class: 'note' }, 'The mock no longer keeps the request that held this.')]
    : requests.flatMap((request) => drawRequest(row, request));
}

function drawRequest(row: ListRow, { number, body }: Request): HTMLElement[] {
  const events = eventsOf(body);
  const own = events.filter(({ event }) => row.kind === 'request' || belongs(event, row.session.key));
  const copy = element('button', { type: 'button', class: 'copy' }, 'Copy JSON');
  const alone = events.length === 0 ? body : { ...(body as object), Events: own.map(({ event }) => event) };
  copyOnClick(copy, () => JSON.stringify(alone, null, 2));
  const left = sharedIds(
    own.map(({ event }) => event),
    row.findings,
  );
  const about = left.length === 0 ? '' : ` ${left.join(', ')}: the same in all, not repeated.`;
  const head = element(
    'p',
    { class: 'raw-head' },
    element('b', {}, `Request ${number}`),
    element('span', { class: 'note' }, body === null ? '' : `${plural(own.length, 'event')}.${about}`),
  );
  if (body === null)
    return [
      head,
      element('p', { class: 'note' }, 'Its body is not kept: it is not JSON, too large or too old.'),
    ];
  head.append(copy);
  if (events.length === 0)
    return [
      head,
      element('pre', { class: 'raw-body' }, JSON.stringify(body, null, 2).slice(0, MAX_BODY_TEXT)),
    ];
  const marks = marksOf(row.findings, number);
  const marked = own.filter(({ index }) => marks.has(index)).slice(0, MAX_MARKED);
  const shown = own.filter((each, place) => place < MAX_EVENTS || marked.includes(each));
  const list = element(
    'ol',
    { class: 'raw-events', tabindex: 0, 'aria-label': `Events of request ${number}` },
    ...shown.map(({ index, event }) =>
      drawEvent(`${number}/${index}`, index, event, marks.get(index) ?? [], left),
    ),
  );
  if (shown.length < own.length)
    list.append(
      element('li', { class: 'note' }, `and ${counted(own.length - shown.length)} more: Copy JSON has all`),
    );
  return [head, list];
}

function drawEvent(
  id: string,
  index: number,
  event: unknown,
  findings: Findings,
  left: readonly string[],
): HTMLElement {
  const severity = findings[0]?.severity ?? '';
  const marked = new Set(findings.map(({ path }) => eventOf(path)?.field));
  const fields = isObject(event)
    ? Object.entries(event)
        .filter(([name]) => !left.includes(name))
        .map(([name, value]) =>
          element(
            'span',
            { class: marked.has(name) ? `field ${severity}` : 'field' },
            `${JSON.stringify(bounded(name))}: `,
            element('b', {}, bounded(JSON.stringify(value))),
          ),
        )
    : [element('span', { class: 'field' }, bounded(JSON.stringify(event)))];
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  return element(
    'li',
    { class: severity, 'data-event': id, tabindex: -1 },
    element('span', { class: 'index' }, String(index)),
    element('code', {}, ...fields),
    element(
      'span',
      { class: 'marks' },
      ...rules.map((rule) => element('span', { class: `badge ${severity}` }, rule)),
    ),
  );
}

/** The findings at each event of a request, the highest severity first. */
function marksOf(findings: Findings, request: number | null): Map<number, Findings[number][]> {
  const marks = new Map<number, Findings[number][]>();
  for (const finding of findings) {
    const index = finding.request === request ? eventOf(finding.path)?.index : undefined;
    if (index !== undefined) marks.set(index, [...(marks.get(index) ?? []), finding]);
  }
  return marks;
}

const IDS = ['OrganizationId', 'ClipId', 'SessionId'];

/** The ids that all events share and that have no finding. They are shown once, not in every line. */
function sharedIds(events: readonly unknown[], findings: Findings): string[] {
  const [first] = events;
  if (!isObject(first)) return [];
  const named = new Set(findings.map(({ path }) => eventOf(path)?.field));
  return IDS.filter(
    (id) =>
      id in first && !named.has(id) && events.every((event) => isObject(event) && event[id] === first[id]),
  );
}

function eventsOf(body: unknown): { readonly index: number; readonly event: unknown }[] {
  const events = isObject(body) ? body.Events : null;
  return Array.isArray(events) ? events.map((event: unknown, index) => ({ index, event })) : [];
}

function belongs(event: unknown, key: string): boolean {
  return isObject(event) && typeof event.SessionId === 'string' && event.SessionId.toLowerCase() === key;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
