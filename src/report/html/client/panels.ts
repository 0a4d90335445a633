import type { PageData } from '../page-data.js';
import { ClipPanel } from './clip-panel.js';

/** How many clips show their graphs at first. */
const FIRST = 3;

/** Shows the graphs of the clips that are chosen in the table. What is not shown is not drawn. */
export class Panels {
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
