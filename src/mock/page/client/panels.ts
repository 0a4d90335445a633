import { byId, element } from '../../../browser/element.js';
import type { MockRequest } from '../../page-data.js';
import { bounded, clockText, counted, plural, spanText } from './format.js';
import type { RequestLog } from './request-log.js';

/** The counts over everything that ever arrived. */
export function showTotals({ summary }: RequestLog): void {
  if (!summary) return;
  const { sessions, requests, events, playedSeconds, errors, warnings, unmatched } = summary;
  const tiles: [string, string, string][] = [
    ['Sessions', counted(sessions), ''],
    ['Requests', counted(requests), ''],
    ['Events', counted(events), 'events'],
    ['Listened', spanText(playedSeconds), ''],
    ['Errors', counted(errors), errors > 0 ? 'error' : ''],
    ['Warnings', counted(warnings), warnings > 0 ? 'warning' : ''],
    ['Unmatched', counted(unmatched), unmatched > 0 ? 'warning' : ''],
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
      ? 'None. A request with another path or method would show here.'
      : left > 0
        ? `${plural(left, 'older one')} not shown.`
        : '';
  byId('unmatched').replaceChildren(
    ...unmatched.map((request) => drawRequest(request, request.unmatched ?? '')),
  );
  byId('faulted-panel').hidden = faulted.length === 0;
  byId('faulted').replaceChildren(...faulted.map((request) => drawRequest(request, answerText(request))));
}

/** How the mock answers, where that is not as Omny does. */
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
