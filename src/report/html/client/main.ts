import { byId, element } from '../../../browser/element.js';
import { clock, pluralize } from '../../../domain/text.js';
import { fromText, type PageClip, type PageData } from '../page-data.js';
import { Graph, type GraphOptions } from './graph.js';

/** How many clips show their graphs at first. */
const FIRST = 3;

/** Shows the graphs of the clips that are chosen in the table. Graphs that are not shown are not drawn. */
class Panels {
  readonly #open = new Map<number, ClipPanel>();

  constructor(
    readonly data: PageData,
    readonly table: HTMLTableElement,
    readonly place: HTMLElement,
  ) {}

  start(): void {
    const first = this.data.clips.slice(0, FIRST).filter(({ plays }) => plays > 0);
    for (const i of first.keys()) this.#show(i);
    this.table.addEventListener('click', ({ target }) => {
      const index = (target as Element).closest<HTMLElement>('[data-clip]')?.dataset.clip;
      if (index !== undefined) this.#toggle(Number(index));
    });
  }

  #toggle(index: number): void {
    if (this.#open.has(index)) this.#hide(index);
    else this.#show(index)?.reveal();
  }

  #show(index: number): ClipPanel | null {
    const clip = this.data.clips[index];
    if (!clip) return null;
    const panel = new ClipPanel(clip, this.data.bin, () => {
      this.#hide(index);
      this.#button(index)?.focus();
    });
    this.#open.set(index, panel);
    this.place.append(panel.article);
    this.#button(index)?.setAttribute('aria-pressed', 'true');
    return panel;
  }

  #hide(index: number): void {
    this.#open.get(index)?.article.remove();
    this.#open.delete(index);
    this.#button(index)?.setAttribute('aria-pressed', 'false');
  }

  #button(index: number): HTMLElement | null {
    return this.table.querySelector<HTMLElement>(`[data-clip="${index}"]`);
  }
}

/** Writes which clips of a scrolling list are in view. */
function reportRowsInView(table: HTMLTableElement, note: HTMLElement): void {
  const box = table.parentElement!;
  const body = table.tBodies[0]!;
  const report = (): void => {
    const { length } = body.rows;
    const { scrollTop, scrollHeight, clientHeight } = box;
    note.hidden = length === 0 || scrollHeight <= clientHeight;
    box.classList.toggle('more', scrollTop + clientHeight < scrollHeight - 1);
    if (note.hidden) return;
    const row = body.getBoundingClientRect().height / length;
    const head = table.tHead?.offsetHeight ?? 0;
    const from = Math.round(scrollTop / row) + 1;
    const to = Math.min(length, Math.floor((scrollTop + clientHeight - head) / row + 0.1));
    note.textContent = `Clips ${from} to ${to} of ${length}: scroll the list for the others.`;
  };
  box.addEventListener('scroll', report, { passive: true });
  new ResizeObserver(report).observe(box);
}

/**
 * A clip's four graphs on one time axis. Pointing at one graph shows the values of all four. Graphs are drawn when they
 * are near the visible part of the page, or for printing.
 */
class ClipPanel {
  readonly article: HTMLElement;
  readonly #heading = element('h3', { tabindex: -1 });

  constructor(clip: PageClip, bin: number, close: () => void) {
    const box = element('div', { class: 'graphs' });
    const closing = element('button', { type: 'button', class: 'close' }, 'Hide');
    closing.addEventListener('click', close);
    this.#heading.textContent = clip.title ?? clip.id;
    if (clip.title === undefined) this.#heading.className = 'id';
    const id = clip.title === undefined ? [] : [element('p', { class: 'note id' }, clip.id)];
    const length = clip.known
      ? `${clock(clip.duration)} long`
      : `at least ${clock(clip.duration)} long (the farthest Stop)`;
    this.article = element(
      'article',
      {},
      element('div', { class: 'head' }, this.#heading, closing),
      ...id,
      element('p', { class: 'note' }, `${pluralize(clip.plays, 'verified play')}, ${length}`),
      box,
    );
    let drawn = false;
    const draw = (): void => {
      if (drawn) return;
      drawn = true;
      observer.disconnect();
      box.append(...graphsOf(clip, bin));
    };
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) draw();
      },
      { rootMargin: '400px' },
    );
    observer.observe(this.article);
    window.addEventListener('beforeprint', draw);
  }

  reveal(): void {
    this.article.scrollIntoView({ block: 'start' });
    this.#heading.focus({ preventScroll: true });
  }
}

function graphsOf(clip: PageClip, bin: number): readonly HTMLElement[] {
  const retention = fromText(clip.retention);
  if (retention.length === 0) return [element('p', {}, 'No verified play: there is nothing to draw.')];
  const time = { bin, duration: clip.duration, plays: clip.plays };
  const kinds: readonly GraphOptions[] = [
    { ...time, name: 'Retention', about: 'plays that heard the moment', counts: retention, share: true },
    { ...time, name: 'Start at', about: 'plays that began here', counts: fromText(clip.startAt) },
    { ...time, name: 'Drop-off', about: 'plays that ended here for good', counts: fromText(clip.dropOff) },
    { ...time, name: 'Skips', about: 'jumps ahead from here', counts: fromText(clip.skips) },
  ];
  const graphs: Graph[] = kinds.map((kind) => new Graph(kind, pointAll));
  return graphs.map(({ figure }) => figure);

  function pointAll(at: number | null): void {
    for (const graph of graphs) graph.point(at);
  }
}

/**
 * Makes the buttons in the table's head sort the rows: first descending, then ascending. Equal rows stay in the order
 * of the report.
 */
function makeSortable(table: HTMLTableElement, say: (text: string) => void): void {
  const body = table.tBodies[0];
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  if (!body) return;
  const rows = [...body.rows];
  for (const [column, head] of heads.entries()) {
    head.querySelector('button')?.addEventListener('click', () => {
      const order = head.getAttribute('aria-sort') === 'descending' ? 'ascending' : 'descending';
      for (const other of heads) if (other.hasAttribute('aria-sort')) other.setAttribute('aria-sort', 'none');
      head.setAttribute('aria-sort', order);
      const value = (row: HTMLTableRowElement): number => Number(row.cells[column]?.dataset.value ?? 0);
      const sign = order === 'descending' ? -1 : 1;
      body.append(...rows.toSorted((a, b) => sign * (value(a) - value(b))));
      say(`Sorted by ${head.textContent}, ${order}`);
    });
  }
}

const data = JSON.parse(byId('data').textContent ?? '') as PageData;
const table = byId('clips') as HTMLTableElement;

makeSortable(table, (text) => {
  byId('said').textContent = text;
});
new Panels(data, table, byId('graphs')).start();
reportRowsInView(table, byId('in-view'));
