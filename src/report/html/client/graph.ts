import { binAfterKey, element, svgElement } from '../../../browser/element.js';
import { clock, formatNumber, percent } from '../../../domain/text.js';

export interface GraphOptions {
  readonly name: string;
  /** What the graph counts: `plays that began here`. */
  readonly about: string;
  /** One count per bin. */
  readonly counts: readonly number[];
  /** Seconds. */
  readonly bin: number;
  /** Seconds. */
  readonly duration: number;
  readonly plays: number;
  /** Whether the counts are shown as shares of the plays. */
  readonly share?: boolean;
}

const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** One graph, with the value where the pointer or the keyboard is, and its values as a table. */
export class Graph {
  readonly figure: HTMLElement;
  readonly #options: GraphOptions;
  readonly #svg: SVGSVGElement;
  readonly #cursor = svgElement('line', { class: 'cursor', y1: 0, y2: '100%', visibility: 'hidden' });
  readonly #readout = element('output', { class: 'readout', 'aria-hidden': 'true' });
  readonly #choose: (bin: number | null) => void;
  #bin: number | null = null;

  /** @param choose Called with the bin under the pointer, or null: for this graph and those linked to it. */
  constructor(options: GraphOptions, choose: (bin: number | null) => void) {
    this.#options = options;
    this.#choose = choose;
    const { name, about, counts, plays, share = false } = options;
    const columns = columnsOf(counts, share);
    const top = share ? plays : Math.max(1, ...columns);
    const shape = svgElement('path', {
      class: share ? 'area' : 'bars',
      d: (share ? areaPath : barsPath)(columns, top),
    });
    const grid = ['0', '50%', '100%'].map((y) =>
      svgElement('line', { class: 'grid', x1: 0, x2: '100%', y1: y, y2: y }),
    );
    this.#svg = svgElement(
      'svg',
      {
        class: 'plot',
        role: 'slider',
        tabindex: 0,
        'aria-label': `${name} along the clip`,
        'aria-orientation': 'horizontal',
        'aria-valuemin': 0,
        'aria-valuemax': counts.length - 1,
      },
      ...grid,
      svgElement(
        'svg',
        { viewBox: `0 0 ${columns.length} 100`, preserveAspectRatio: 'none', width: '100%', height: '100%' },
        shape,
      ),
      this.#cursor,
    );
    this.figure = element(
      'figure',
      {},
      element('figcaption', {}, element('b', {}, name), ` ${about}`, this.#readout),
      element(
        'div',
        { class: 'plot-box' },
        element(
          'div',
          { class: 'scale', 'aria-hidden': 'true' },
          ...this.#scale(top).map((text) => element('span', {}, text)),
        ),
        this.#svg,
      ),
      element(
        'div',
        { class: 'axis', 'aria-hidden': 'true' },
        ...TICKS.map((tick) => element('span', {}, clock(options.duration * tick))),
      ),
      valuesTable(options),
    );
    this.#listen();
    this.point(null);
  }

  /** Shows the value of a bin; hides it for null. */
  point(bin: number | null): void {
    this.#bin = bin;
    const { counts, bin: length, duration } = this.#options;
    this.#svg.setAttribute('aria-valuenow', String(bin ?? 0));
    this.#svg.setAttribute('aria-valuetext', this.#valueText(bin ?? 0));
    this.#readout.textContent = bin === null ? '' : this.#valueText(bin);
    this.#cursor.setAttribute('visibility', bin === null ? 'hidden' : 'visible');
    if (bin === null) return;
    const middle = (bin * length + Math.min((bin + 1) * length, duration)) / 2;
    const x = `${counts.length === 0 ? 0 : (middle / duration) * 100}%`;
    this.#cursor.setAttribute('x1', x);
    this.#cursor.setAttribute('x2', x);
  }

  #scale(top: number): readonly string[] {
    return this.#options.share
      ? ['100 %', '50 %', '0']
      : [formatNumber(top), top % 2 === 0 ? formatNumber(top / 2) : '', '0'];
  }

  #valueText(bin: number): string {
    const { counts, bin: length, duration, plays, share } = this.#options;
    const value = counts[bin] ?? 0;
    const from = clock(bin * length);
    const to = clock(Math.min((bin + 1) * length, duration));
    const at = from === to ? from : `${from}–${to}`;
    return share
      ? `${at}: ${percent(value / Math.max(1, plays))}, ${formatNumber(value)} of ${formatNumber(plays)}`
      : `${at}: ${formatNumber(value)}`;
  }

  #listen(): void {
    this.#svg.addEventListener('pointermove', ({ clientX }) => {
      const { left, width } = this.#svg.getBoundingClientRect();
      const { bin, duration } = this.#options;
      this.#select(Math.floor((((clientX - left) / width) * duration) / bin));
    });
    this.#svg.addEventListener('pointerleave', () => this.#choose(null));
    this.#svg.addEventListener('blur', () => this.#choose(null));
    this.#svg.addEventListener('focus', () => this.#select(this.#bin ?? 0));
    this.#svg.addEventListener('keydown', (event) => {
      const to = binAfterKey(event.key, this.#bin ?? 0, this.#options.counts.length);
      if (to === null) return;
      event.preventDefault();
      this.#select(to);
    });
  }

  #select(bin: number): void {
    this.#choose(Math.min(this.#options.counts.length - 1, Math.max(0, bin)));
  }
}

/** No window is wide enough for more columns than this. */
const MAX_COLUMNS = 1200;

/** The counts in a limited number of columns: shares as the mean of a column's bins, other counts as their sum. */
function columnsOf(counts: readonly number[], share: boolean): number[] {
  const step = Math.ceil(counts.length / MAX_COLUMNS);
  if (step <= 1) return [...counts];
  return Array.from({ length: Math.ceil(counts.length / step) }, (_, i) => {
    const its = counts.slice(i * step, (i + 1) * step);
    const sum = its.reduce((total, value) => total + value, 0);
    return share ? sum / its.length : sum;
  });
}

/** An SVG path with one step per column, filled down to 0. Heights are from 0 (top) to 100. */
function areaPath(columns: readonly number[], top: number): string {
  return `M0 100${columns.map((value, i) => `V${height(value, top)}H${i + 1}`).join('')}V100Z`;
}

/** An SVG path with a bar for each column whose count is not 0. */
function barsPath(columns: readonly number[], top: number): string {
  // A bar is at least as wide as two of MAX_COLUMNS columns, so that a single bar is visible.
  const width = Math.max(1, (columns.length * 3) / MAX_COLUMNS);
  return columns
    .map((value, i) =>
      value === 0 ? '' : `M${Math.min(i, columns.length - width)} 100V${height(value, top)}h${width}V100Z`,
    )
    .join('');
}

function height(value: number, top: number): number {
  return Math.round((100 - (value / Math.max(1, top)) * 100) * 100) / 100;
}

/** The most rows: people who use a screen reader do not listen to a longer table. */
const MAX_ROWS = 60;

/** The graph's values as a table, for people who cannot see the graph. It is made when it is opened. */
function valuesTable(options: GraphOptions): HTMLElement {
  const { name, counts, bin } = options;
  const step = Math.ceil(counts.length / MAX_ROWS);
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
    const value = share ? `${percent(sum / its.length / Math.max(1, plays))}` : formatNumber(sum);
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
