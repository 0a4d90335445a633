import { element } from '../../../browser/element.js';
import { count } from '../../../domain/count.js';
import { clock } from '../../words.js';
import { fromText } from '../counts-text.js';
import type { PageClip } from '../page-data.js';
import { Graph, type GraphOptions } from './graph.js';

/** A clip's four graphs on one time axis: where one is pointed at, all tell. Drawn when it comes near the window, or is printed. */
export class ClipPanel {
  readonly article: HTMLElement;
  readonly #heading = element('h3', { tabindex: -1 });

  constructor(clip: PageClip, bin: number, close: () => void) {
    const box = element('div', { class: 'graphs' });
    const closing = element('button', { type: 'button', class: 'close' }, 'Take away');
    closing.addEventListener('click', close);
    this.#heading.textContent = clip.id;
    const length = clip.known
      ? `${clock(clip.duration)} long`
      : `at least ${clock(clip.duration)} long, as far as anyone listened`;
    this.article = element(
      'article',
      {},
      element('div', { class: 'head' }, this.#heading, closing),
      element('p', { class: 'note' }, `${count(clip.plays, 'verified play')}, ${length}`),
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
    { ...time, name: 'Skips', about: 'jumps ahead that left from here', counts: fromText(clip.skips) },
  ];
  const graphs: Graph[] = kinds.map((kind) => new Graph(kind, pointAll));
  return graphs.map(({ figure }) => figure);

  function pointAll(at: number | null): void {
    for (const graph of graphs) graph.point(at);
  }
}
