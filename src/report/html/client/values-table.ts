import { element } from '../../../browser/element.js';
import { grouped } from '../../../domain/count.js';
import { clock, percent } from '../../words.js';
import type { GraphOptions } from './graph.js';

/** More rows than this nobody listens to. */
const ROWS = 60;

/** The graph's values as a table, for those who do not see it; made when it is opened. */
export function valuesTable(options: GraphOptions): HTMLElement {
  const { name, counts, bin } = options;
  const step = Math.ceil(counts.length / ROWS);
  const box = element('details', { class: 'values' }, element('summary', {}, `${name} as a table`));
  box.addEventListener('toggle', () => {
    if (box.open && box.childElementCount === 1) box.append(tableOf(options, step));
  });
  if (step > 1) box.firstElementChild?.append(`, in steps of ${clock(step * bin)}`);
  return box;
}

function tableOf(options: GraphOptions, step: number): HTMLElement {
  const { name, about, counts, bin, duration, plays, share } = options;
  const rows: HTMLElement[] = [];
  for (let at = 0; at < counts.length; at += step) {
    const its = counts.slice(at, at + step);
    const sum = its.reduce((total, value) => total + value, 0);
    const value = share ? `${percent(sum / its.length / Math.max(1, plays))}` : grouped(sum);
    const span = `${clock(at * bin)} to ${clock(Math.min((at + step) * bin, duration))}`;
    rows.push(element('tr', {}, element('th', { scope: 'row' }, span), element('td', {}, value)));
  }
  const heads = ['Time', share ? `Share of ${about}` : about];
  return element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `${name} as a table` },
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
      element('tbody', {}, ...rows),
    ),
  );
}
