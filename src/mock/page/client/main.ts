import { byId } from '../../../browser/element.js';
import { copies } from './copy.js';
import { Curve } from './curve.js';
import { type Connection, follow } from './feed.js';
import { busiestClip, Filters } from './filters.js';
import { farthest } from './heard.js';
import { durationOf, Ledger, type Row } from './ledger.js';
import { showOtherRequests, showSettings, showTotals } from './panels.js';
import { showRetention } from './retention-panel.js';
import { type ShownRow, sessionRow } from './session-row.js';
import { curlLine, newGuid, simulateLine } from './try-lines.js';
import { WindowList } from './window-list.js';
import { counted, plural } from './words.js';

/** What arrives within so many milliseconds is drawn at once; more where drawing takes long, so that it takes a tenth of the time. */
const DRAW_MS = 60;
const DRAW_SHARE = 10;
const ANNOUNCE_MS = 3000;
const FRESH_SECONDS = 2;

const ledger = new Ledger();
const open = new Set<string>();
const curve = new Curve();
const filters = new Filters(() => draw(true));
const list = new WindowList<ShownRow>({
  list: byId('list'),
  idOf: ({ row }) => row.id,
  isOpen: (shown) => shown.open,
  make: () => sessionRow(toggle),
});

let drawing = false;
let drawMs = 0;
/** What the mock held before the page was opened has come, and is no news. */
let caughtUp = false;
/** Sessions that came in above what is in sight. */
let unseen = 0;
let newest: string | null = null;
let announced = 0;
let connected = false;

const button = (id: string) => byId(id) as HTMLButtonElement;
copies(button('copy-endpoint'), () => ledger.endpoint);
copies(button('copy-empty'), () => ledger.endpoint);
copies(button('copy-curl'), () => byId('try-curl').textContent ?? '');
copies(button('copy-simulate'), () => byId('try-simulate').textContent ?? '');
button('clear').addEventListener(
  'click',
  () => void fetch('_mock/reset', { method: 'POST' }).catch(() => undefined),
);
button('newer').addEventListener('click', () => list.focusPlace(0));
addEventListener('scroll', () => showUnseen(), { passive: true });

follow('_mock/events', {
  connection: showConnection,
  message(message) {
    ledger.take(message);
    if (message.type === 'start') started();
    if (message.type === 'sessions') caughtUp = true;
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

function started(): void {
  connected = true;
  unseen = 0;
  newest = null;
  const { endpoint, name } = ledger;
  byId('endpoint').textContent = endpoint;
  byId('empty-endpoint').textContent = endpoint;
  byId('try-curl').textContent = curlLine({ endpoint, now: Date.now() / 1000, sessionId: newGuid() });
  byId('try-simulate').textContent = simulateLine({ endpoint });
  byId('ledger-name').textContent = name === null ? '' : name;
}

function draw(fromTop: boolean): void {
  if (!connected) return;
  const empty = ledger.size === 0 && ledger.unmatched.length === 0 && ledger.faulted.length === 0;
  byId('empty').hidden = !empty;
  byId('board').hidden = empty;
  button('clear').hidden = empty;
  byId('address').hidden = empty;
  showSettings(ledger);
  showTotals(ledger);
  showOtherRequests(ledger);
  const rows = ledger.rows();
  const wanted = filters.apply(rows, ledger.clips);
  countUnseen(wanted, fromTop || caughtUp);
  caughtUp = false;
  list.setItems(wanted.map(shown), { fromTop });
  showUnseen();
  showNothing(rows.length, wanted.length);
  showRetention(curve, ledger, filters.clip || busiestClip(rows), filters.clip !== '');
  document.title = empty ? 'omny-consume mock' : `(${counted(rows.length)}) omny-consume mock`;
  announce(rows);
}

function shown(row: Row): ShownRow {
  const clip = row.clip === null ? undefined : ledger.clips.get(row.clip);
  const own = row.kind === 'session' ? farthest(row.session.intervals) : 0;
  return {
    row,
    open: open.has(row.id),
    scale: Math.max(durationOf(clip), own),
    fresh: Date.now() / 1000 - row.receivedAt < FRESH_SECONDS,
  };
}

function toggle({ id }: Row): void {
  if (!open.delete(id)) open.add(id);
  draw(false);
}

function countUnseen(rows: readonly Row[], afresh: boolean): void {
  const above = newest === null ? 0 : rows.findIndex(({ id }) => id === newest);
  unseen = afresh ? 0 : unseen + Math.max(0, above);
  newest = rows[0]?.id ?? null;
}

function showUnseen(): void {
  if (unseen > 0 && !list.scrolledDown) unseen = 0;
  byId('newer').hidden = unseen === 0;
  byId('newer').textContent = `\u2191 ${plural(unseen, 'new session')}`;
}

function showNothing(held: number, wanted: number): void {
  byId('nothing').hidden = wanted > 0;
  byId('nothing').textContent =
    held === 0 ? 'No session has arrived yet.' : 'No session matches this choice.';
  const all = ledger.summary?.sessions ?? held;
  byId('held').textContent = all > held ? `The newest ${counted(held)} of ${counted(all)} are kept.` : '';
}

function showConnection(state: Connection): void {
  const words = { connecting: 'Connecting', live: 'Live', lost: 'Connection lost, trying again' };
  byId('connection').dataset.state = state;
  byId('connection-text').textContent = words[state];
}

/** Tells screen readers now and then what has come, not each arrival. */
function announce(rows: readonly Row[]): void {
  if (rows.length === 0 || Date.now() - announced < ANNOUNCE_MS) return;
  announced = Date.now();
  const errors = rows.filter(({ state }) => state === 'error').length;
  byId('announcer').textContent = `${plural(rows.length, 'session')}, ${counted(errors)} with errors`;
}
