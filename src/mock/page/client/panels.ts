import { byId, element } from '../../../browser/element.js';
import type { Diagnosis } from '../../../domain/finding.js';
import type { MockRequest } from '../../page-data.js';
import { bounded, clockText, counted, plural, spanText } from './format.js';
import type { RequestLog } from './request-log.js';

/** The counts of everything that arrived. */
export function showTotals({ summary }: RequestLog): void {
  if (!summary) return;
  const { sessions, requests, events, playedSeconds, errors, warnings, unmatched } = summary;
  const tiles: [string, string, string][] = [
    ['Sessions', counted(sessions), ''],
    ['Requests', counted(requests), ''],
    ['Events', counted(events), 'events'],
    ['Played', spanText(playedSeconds), ''],
    ['Errors found', counted(errors), errors > 0 ? 'error' : ''],
    ['Warnings found', counted(warnings), warnings > 0 ? 'warning' : ''],
    ['Unmatched requests', counted(unmatched), unmatched > 0 ? 'warning' : ''],
  ];
  byId('totals').replaceChildren(
    ...tiles.map(([name, value, state]) =>
      element('div', { class: `tile ${state}` }, element('dt', {}, name), element('dd', {}, value)),
    ),
  );
}

/** Requests with another path or method, and those that were answered with a fault. */
export function showOtherRequests({ unmatched, faulted, summary }: RequestLog): void {
  const total = summary?.unmatched ?? unmatched.length;
  const left = total - unmatched.length;
  byId('unmatched-note').textContent =
    total === 0
      ? 'None. A request that does not reach the endpoint shows here, such as one with another path or method.'
      : left > 0
        ? `${plural(left, 'older one')} not shown.`
        : '';
  byId('unmatched').replaceChildren(
    ...unmatched.map((request) => drawRequest(request, request.unmatched ?? '')),
  );
  byId('faulted-panel').hidden = faulted.length === 0;
  byId('faulted').replaceChildren(...faulted.map((request) => drawRequest(request, answerText(request))));
}

/** The settings by which the mock answers differently from Omny. */
export function showSettings({ settings }: RequestLog): void {
  const differences = [
    ...(settings.enabled ? [] : ['answers Enabled: false']),
    ...(settings.strict ? ['strict'] : []),
    ...settings.faults.map((fault) => `fault ${fault}`),
  ];
  byId('settings').hidden = differences.length === 0;
  byId('settings').replaceChildren(...differences.map((text) => element('li', {}, bounded(text))));
}

function answerText({ fault, status, number }: MockRequest): string {
  const answer = status === null ? 'not answered' : `answered ${status}`;
  return `${fault ?? ''} \u00b7 ${answer} \u00b7 ${number === null ? 'not counted' : 'counted'}`;
}

function drawRequest({ method, url, receivedAt }: MockRequest, why: string): HTMLElement {
  return element(
    'li',
    {},
    element(
      'p',
      { class: 'request-line' },
      element('b', {}, bounded(method)),
      ' ',
      element('code', {}, bounded(url)),
    ),
    element('p', { class: 'under' }, `${clockText(receivedAt)} \u00b7 ${bounded(why)}`),
  );
}

const DONE_SHOWN_MS = 1600;
const ORGANIZATION = '9f6c2a51-3b7e-4d0c-8a14-5e2f7b9c1d30';
const CLIP = 'c1d2e3f4-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
const HEARD_SECONDS = 42;

/** Makes the page's buttons copy the endpoint and the commands to try. */
export function addCopyButtons(endpoint: () => string): void {
  const button = (id: string) => byId(id) as HTMLButtonElement;
  copyOnClick(button('copy-endpoint'), endpoint);
  copyOnClick(button('copy-empty'), endpoint);
  copyOnClick(button('copy-curl'), () => byId('try-curl').textContent ?? '');
  copyOnClick(button('copy-simulate'), () => byId('try-simulate').textContent ?? '');
}

/** Shows the URL to which to point a player, and commands to try. */
export function showEndpoint(endpoint: string): void {
  byId('endpoint').textContent = endpoint;
  byId('empty-endpoint').textContent = endpoint;
  byId('try-curl').textContent = curlLine(endpoint);
  byId('try-simulate').textContent =
    `omny-consume simulate --sessions 20 | omny-consume send --endpoint ${endpoint}`;
}

/** Makes a button copy the result of `text` at the time of the click, and then show that it did. */
export function copyOnClick(button: HTMLButtonElement, text: () => string): void {
  const label = button.textContent ?? '';
  let timer: ReturnType<typeof setTimeout> | undefined;
  button.addEventListener('click', () => {
    void toClipboard(text()).then((done) => {
      button.textContent = done ? 'Copied' : 'Press Ctrl+C';
      button.classList.toggle('done', done);
      byId('announcer').textContent = done ? 'Copied' : 'Could not copy';
      clearTimeout(timer);
      timer = setTimeout(() => {
        button.textContent = label;
        button.classList.remove('done');
      }, DONE_SHOWN_MS);
    });
  });
}

/** Copies with the older API: the clipboard API exists only with TLS or on loopback. */
async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}

/** A curl command that sends a valid session. */
function curlLine(endpoint: string): string {
  const sessionId = newGuid();
  const event = (Type: string, Position: number, SeqNumber: number, Timestamp: number) => ({
    OrganizationId: ORGANIZATION,
    ClipId: CLIP,
    SessionId: sessionId,
    Type,
    Position,
    SeqNumber,
    Timestamp,
  });
  const stop = Math.floor(Date.now() / 1000);
  const body = {
    Source: 'CustomWeb',
    Events: [event('Start', 0, 1, stop - HEARD_SECONDS), event('Stop', HEARD_SECONDS, 2, stop)],
    Completed: true,
  };
  return `curl -H 'Content-Type: application/json' --data '${JSON.stringify(body)}' '${endpoint}?organizationId=${ORGANIZATION}'`;
}

/** A random GUID. Without `randomUUID`, which exists only with TLS or on loopback. */
function newGuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/**
 * The diagnoses, highest severity first, with buttons that list their sessions.
 * @param choose Called with the diagnosis whose sessions to list.
 */
export function showDiagnoses(
  diagnoses: readonly Diagnosis[],
  choose: (id: Diagnosis['diagnosis']) => void,
): void {
  byId('diagnoses-panel').hidden = diagnoses.length === 0;
  byId('diagnoses-heading').textContent = plural(diagnoses.length, 'diagnosis', 'diagnoses');
  const list = byId('diagnoses');
  const open = new Set([...list.querySelectorAll<HTMLElement>('details[open]')].map(({ id }) => id));
  const focused = document.activeElement?.closest('#diagnoses details')?.id;
  list.replaceChildren(
    ...diagnoses.map((diagnosis) => {
      const { diagnosis: id, severity, title, sessions, of, evidence, mend } = diagnosis;
      const show = element('button', { type: 'button', class: 'quiet' }, 'Show these sessions');
      show.addEventListener('click', () => choose(id));
      const details = element(
        'details',
        { id: `diagnosis-${id}` },
        element(
          'summary',
          {},
          element('span', { class: `severity ${severity}` }, severity),
          element('b', {}, title),
          element('span', { class: 'of' }, `${counted(sessions)} of ${plural(of, 'session')}`),
          element('code', {}, id),
        ),
        element('p', { class: 'message' }, evidence),
        element('p', { class: 'hint' }, mend),
        show,
      );
      details.open = open.has(details.id);
      return element('li', {}, details);
    }),
  );
  if (focused) document.getElementById(focused)?.querySelector('summary')?.focus();
}
