import { byId } from '../../../browser/element.js';
import type { Diagnosis } from '../../../domain/finding.js';
import type { BehaviourAnswer, PageMessage } from '../../page-data.js';
import { BehavioursPanel } from './behaviours.js';
import { busiestClip, Filters } from './filters.js';
import { counted, plural } from './format.js';
import {
  addCopyButtons,
  showDiagnoses,
  showEndpoint,
  showOtherRequests,
  showSettings,
  showTotals,
} from './panels.js';
import { RawEvents } from './raw-events.js';
import { durationOf, type ListRow, RequestLog } from './request-log.js';
import { Curve, showRetention } from './retention.js';
import { type ShownRow, sessionRow } from './session-row.js';
import { farthest } from './timeline.js';
import { WindowList } from './window-list.js';

/**
 * All arrivals within this many milliseconds are drawn together. If drawing is slow, the interval grows, so that drawing takes
 * a tenth of the time.
 */
const DRAW_MS = 60;
const DRAW_SHARE = 10;
const ANNOUNCE_EVERY_MS = 3000;
const FRESH_SECONDS = 2;
const DIAGNOSE_MS = 1000;

const log = new RequestLog();
const open = new Set<string>();
const curve = new Curve();
const filters = new Filters(() => draw(true));
const behaviours = new BehavioursPanel(showObserved);
const resized = () => list.show();
const rawEvents = new RawEvents(resized);
const list = new WindowList<ShownRow>({
  list: byId('list'),
  idOf: ({ row }) => row.id,
  isOpen: (shown) => shown.open,
  make: () => sessionRow(toggle, { rawEvents, resized }),
});

let drawing = false;
let drawMs = 0;
/** Whether the sessions from before the page was opened have been received: only later ones are new. */
let caughtUp = false;
/** The number of new sessions above the visible part of the list. */
let unseen = 0;
let newest: string | null = null;
let announced = 0;
let connected = false;
let diagnoses: readonly Diagnosis[] = [];
let diagnosing = false;

const button = (id: string) => byId(id) as HTMLButtonElement;
addCopyButtons(() => log.endpoint);
button('clear').addEventListener(
  'click',
  () => void fetch('_mock/reset', { method: 'POST' }).catch(() => undefined),
);
button('newer').addEventListener('click', () => list.focusPlace(0));
addEventListener('scroll', () => showUnseen(), { passive: true });

follow('_mock/events', {
  connection: showConnection,
  message(message) {
    log.take(message);
    if (message.type === 'start') started();
    if (message.type === 'sessions') caughtUp = true;
    if (message.type !== 'settings') {
      diagnoseSoon();
      if (log.certify) behaviours.updateSoon();
    }
    drawSoon();
  },
});

function drawSoon(): void {
  if (drawing) return;
  drawing = true;
  setTimeout(
    () => {
      drawing = false;
      const began = performance.now();
      draw(false);
      drawMs = performance.now() - began;
    },
    Math.max(DRAW_MS, drawMs * DRAW_SHARE),
  );
}

/** Requests the diagnoses again, shortly after sessions have arrived. */
function diagnoseSoon(): void {
  if (diagnosing) return;
  diagnosing = true;
  setTimeout(() => {
    diagnosing = false;
    void fetch('_mock/diagnoses')
      .then(async (answer) => {
        ({ diagnoses } = (await answer.json()) as { diagnoses: readonly Diagnosis[] });
        showDiagnoses(diagnoses, chooseDiagnosis);
        draw(false);
      })
      .catch(() => undefined);
  }, DIAGNOSE_MS);
}

function chooseDiagnosis(id: Diagnosis['diagnosis']): void {
  filters.choose(id);
  byId('sessions-heading').scrollIntoView();
}

/** Opens the session in which a behaviour was seen, or a session of the request. Returns whether the page still has it. */
function showObserved({ sessionId, request }: BehaviourAnswer['observations'][number]): boolean {
  const isIt = (row: ListRow) =>
    row.kind === 'request'
      ? request !== null && row.request.number === request
      : sessionId === null
        ? request !== null && row.session.requests.includes(request)
        : row.id === sessionId;
  const found = log.rows().find(isIt);
  if (!found) return false;
  open.add(found.id);
  filters.clear();
  list.focusPlace(log.rows().findIndex(({ id }) => id === found.id));
  // Otherwise the row's details could be below the window.
  document.activeElement?.scrollIntoView({ block: 'center' });
  return true;
}

function started(): void {
  rawEvents.clear();
  diagnoses = [];
  showDiagnoses(diagnoses, chooseDiagnosis);
  behaviours.show(null);
  connected = true;
  unseen = 0;
  newest = null;
  const { endpoint, name } = log;
  showEndpoint(endpoint);
  byId('space-name').textContent = name === null ? '' : name;
}

function draw(fromTop: boolean): void {
  if (!connected) return;
  const empty = log.size === 0 && log.unmatched.length === 0 && log.faulted.length === 0;
  byId('empty').hidden = !empty;
  byId('board').hidden = empty;
  button('clear').hidden = empty;
  byId('address').hidden = empty;
  showSettings(log);
  showTotals(log);
  showOtherRequests(log);
  const rows = log.rows();
  const wanted = filters.apply(rows, log.clips, diagnoses);
  countUnseen(wanted, fromTop || caughtUp);
  caughtUp = false;
  list.setItems(wanted.map(shown), { fromTop });
  showUnseen();
  showNothing(rows, wanted);
  showRetention(curve, log, filters.clip || busiestClip(rows), filters.clip !== '');
  document.title = empty ? 'omny-consume mock' : `(${counted(rows.length)}) omny-consume mock`;
  announce(rows);
}

function shown(row: ListRow): ShownRow {
  const clip = row.clip === null ? undefined : log.clips.get(row.clip);
  const own = row.kind === 'session' ? farthest(row.session.intervals) : 0;
  return {
    row,
    open: open.has(row.id),
    scale: Math.max(durationOf(clip), own),
    fresh: Date.now() / 1000 - row.receivedAt < FRESH_SECONDS,
  };
}

function toggle({ id }: ListRow): void {
  if (!open.delete(id)) open.add(id);
  draw(false);
}

function countUnseen(rows: readonly ListRow[], afresh: boolean): void {
  const above = newest === null ? 0 : rows.findIndex(({ id }) => id === newest);
  unseen = afresh ? 0 : unseen + Math.max(0, above);
  newest = rows[0]?.id ?? null;
}

function showUnseen(): void {
  if (unseen > 0 && !list.scrolledDown) unseen = 0;
  byId('newer').hidden = unseen === 0;
  byId('newer').textContent = `\u2191 ${plural(unseen, 'new session')}`;
}

function showNothing(held: readonly ListRow[], wanted: readonly ListRow[]): void {
  byId('nothing').hidden = wanted.length > 0;
  byId('nothing').textContent =
    held.length === 0 ? 'No session has arrived yet.' : 'No session matches this choice.';
  const requestsOf = (rows: readonly ListRow[]) => rows.filter(({ kind }) => kind === 'request').length;
  const requests = requestsOf(wanted);
  const sessions = held.length - requestsOf(held);
  const all = log.summary?.sessions ?? sessions;
  byId('held').textContent = [
    ...(requests > 0
      ? [`${plural(requests, 'row is a request', 'rows are requests')} without a session.`]
      : []),
    ...(all > sessions ? [`The newest ${counted(sessions)} of ${plural(all, 'session')} are kept.`] : []),
  ].join(' ');
}

function showConnection(state: Connection): void {
  const words = { connecting: 'Connecting', live: 'Live', lost: 'Connection lost, trying again' };
  byId('connection').dataset.state = state;
  byId('connection-text').textContent = words[state];
}

/** Announces arrivals to screen readers, several together. */
function announce(rows: readonly ListRow[]): void {
  if (rows.length === 0 || Date.now() - announced < ANNOUNCE_EVERY_MS) return;
  announced = Date.now();
  const errors = rows.filter(({ state }) => state === 'error').length;
  byId('announcer').textContent = `${plural(rows.length, 'session')}, ${counted(errors)} with errors`;
}

export type Connection = 'connecting' | 'live' | 'lost';

export interface FeedListener {
  message(message: PageMessage): void;
  connection(state: Connection): void;
}

const TRY_AGAIN_MS = 2000;

/** Receives the mock's messages, and reconnects while the page is open. */
function follow(url: string, listener: FeedListener): void {
  const source = new EventSource(url);
  source.addEventListener('open', () => listener.connection('live'));
  source.addEventListener('message', ({ data }) => listener.message(JSON.parse(String(data)) as PageMessage));
  source.addEventListener('error', () => {
    listener.connection('lost');
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => follow(url, listener), TRY_AGAIN_MS);
  });
}
