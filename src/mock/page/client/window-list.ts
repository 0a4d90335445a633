/** One row's element, kept while the row is near the window. */
export interface RowElement<T> {
  readonly element: HTMLElement;
  /** Shows the item as it is now; cheap where nothing changed. */
  show(item: T, place: number, of: number): void;
  /** The control that holds the keyboard. */
  readonly control: HTMLElement;
}

export interface WindowListOptions<T> {
  readonly list: HTMLElement;
  idOf(item: T): string;
  /** Whether the row is taller than the rest, and must be measured. */
  isOpen(item: T): boolean;
  make(): RowElement<T>;
}

/** Rows further from the window than this have no element, in CSS pixels. */
const MARGIN = 600;

/**
 * A list in the page's own scroll that has elements only for the rows near the window. Rows are as high as the list's `--row` says, open
 * ones as high as they are. Arrow keys, Home and End move the focus, one row at a time is in the tab order.
 */
export class WindowList<T> {
  #items: readonly T[] = [];
  readonly #shown = new Map<string, RowElement<T>>();
  /** How much higher than a closed row the open ones are, by id. */
  readonly #extra = new Map<string, number>();
  /** The same by place, of the items as they are now, in order. */
  #open: { place: number; extra: number }[] = [];
  #current: string | null = null;
  #rowHeight = 1;

  constructor(readonly options: WindowListOptions<T>) {
    const { list } = options;
    this.#measureRow();
    addEventListener('scroll', () => this.show(), { passive: true });
    addEventListener('resize', () => {
      this.#measureRow();
      this.show();
    });
    list.addEventListener('keydown', (event) => this.#key(event));
    list.addEventListener('focusin', ({ target }) => {
      for (const [id, { control }] of this.#shown) if (control === target) this.#setCurrent(id);
    });
  }

  /** Whether rows have been scrolled out of sight above. */
  get scrolledDown(): boolean {
    return this.#above() > this.#rowHeight / 2;
  }

  /** Takes the items, in order. What is in sight stays where it is, unless `fromTop`. */
  setItems(items: readonly T[], { fromTop = false } = {}): void {
    const { idOf } = this.options;
    const anchor = this.scrolledDown && !fromTop ? this.#items[this.#placeAt(this.#above())] : undefined;
    const before =
      anchor === undefined ? 0 : this.#topOf(this.#places([idOf(anchor)]).get(idOf(anchor)) ?? 0);
    this.#items = items;
    this.#locateOpen();
    if (anchor !== undefined) {
      const place = this.#places([idOf(anchor)]).get(idOf(anchor));
      this.#resize();
      if (place !== undefined) scrollBy({ top: this.#topOf(place) - before, behavior: 'instant' });
    } else if (fromTop && this.scrolledDown) {
      this.#resize();
      scrollBy({ top: -this.#above(), behavior: 'instant' });
    }
    this.show();
  }

  /** Brings the rows near the window up to date. */
  show(): void {
    const { list, idOf, make } = this.options;
    const above = this.#above();
    const first = this.#placeAt(above - MARGIN);
    const last = Math.min(this.#items.length - 1, this.#placeAt(above + innerHeight + MARGIN));
    const wanted = this.#items.slice(first, last + 1);
    const ids = new Set(wanted.map(idOf));
    const hadFocus = list.contains(document.activeElement);
    for (const [id, { element }] of this.#shown) {
      if (ids.has(id)) continue;
      this.#shown.delete(id);
      element.remove();
    }
    let next = list.firstElementChild;
    for (const [i, item] of wanted.entries()) {
      const id = idOf(item);
      let row = this.#shown.get(id);
      if (!row) {
        row = make();
        this.#shown.set(id, row);
      }
      if (row.element === next) next = next.nextElementSibling;
      else list.insertBefore(row.element, next);
      row.show(item, first + i + 1, this.#items.length);
    }
    this.#measureOpen(wanted);
    list.style.paddingTop = `${this.#topOf(first)}px`;
    this.#resize();
    this.#keepFocus(hadFocus);
  }

  /** Moves the focus to a place in the list, which scrolls there. */
  focusPlace(place: number): void {
    const item = this.#items[place];
    if (item === undefined) return;
    const top = this.#topOf(place);
    const { top: listTop } = this.options.list.getBoundingClientRect();
    const inset = Number.parseFloat(getComputedStyle(this.options.list).scrollMarginTop) || 0;
    const y = listTop + top;
    if (y < inset) scrollBy({ top: y - inset, behavior: 'instant' });
    else if (y + this.#rowHeight > innerHeight) {
      scrollBy({ top: y + this.#rowHeight - innerHeight + 8, behavior: 'instant' });
    }
    this.#setCurrent(this.options.idOf(item));
    this.show();
    this.#shown.get(this.options.idOf(item))?.control.focus({ preventScroll: true });
  }

  #key(event: KeyboardEvent): void {
    const onRow = [...this.#shown.values()].some(({ control }) => control === event.target);
    if ((!onRow && event.target !== this.options.list) || this.#items.length === 0) return;
    const at = this.#current === null ? 0 : (this.#places([this.#current]).get(this.#current) ?? 0);
    const end = this.#items.length - 1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: end }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.focusPlace(Math.min(end, Math.max(0, to)));
  }

  #setCurrent(id: string): void {
    this.#current = id;
    for (const [each, { control }] of this.#shown) control.tabIndex = each === id ? 0 : -1;
  }

  /** Exactly one shown row is in the tab order; focus whose row left the window waits on the list itself. */
  #keepFocus(hadFocus: boolean): void {
    const { list, idOf } = this.options;
    const current = this.#current === null ? undefined : this.#shown.get(this.#current);
    const stop =
      current ?? (this.#items[0] === undefined ? undefined : this.#shown.get(idOf(this.#items[0])));
    for (const row of this.#shown.values()) row.control.tabIndex = row === stop ? 0 : -1;
    if (!hadFocus) return;
    if (!list.contains(document.activeElement)) list.focus({ preventScroll: true });
    if (document.activeElement === list && current) current.control.focus({ preventScroll: true });
  }

  #measureRow(): void {
    const { list } = this.options;
    this.#rowHeight = Number.parseFloat(getComputedStyle(list).getPropertyValue('--row')) || 1;
  }

  #measureOpen(wanted: readonly T[]): void {
    const { idOf, isOpen } = this.options;
    let changed = false;
    for (const item of wanted) {
      const id = idOf(item);
      const extra = isOpen(item) ? this.#shown.get(id)!.element.offsetHeight - this.#rowHeight : 0;
      if ((this.#extra.get(id) ?? 0) === extra) continue;
      changed = true;
      if (extra === 0) this.#extra.delete(id);
      else this.#extra.set(id, extra);
    }
    if (changed) this.#locateOpen();
  }

  #locateOpen(): void {
    const places = this.#places([...this.#extra.keys()]);
    this.#open = [...places]
      .map(([id, place]) => ({ place, extra: this.#extra.get(id)! }))
      .toSorted((a, b) => a.place - b.place);
  }

  #places(ids: readonly string[]): Map<string, number> {
    const wanted = new Set(ids);
    const found = new Map<string, number>();
    for (let i = 0; i < this.#items.length && found.size < wanted.size; i += 1) {
      const id = this.options.idOf(this.#items[i]!);
      if (wanted.has(id)) found.set(id, i);
    }
    return found;
  }

  #topOf(place: number): number {
    let top = place * this.#rowHeight;
    for (const { place: open, extra } of this.#open) if (open < place) top += extra;
    return top;
  }

  #placeAt(y: number): number {
    let low = 0;
    let high = Math.max(0, this.#items.length - 1);
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#topOf(middle) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** How far the list's start lies above the place where rows come into sight. */
  #above(): number {
    const { list } = this.options;
    return (
      -list.getBoundingClientRect().top + (Number.parseFloat(getComputedStyle(list).scrollMarginTop) || 0)
    );
  }

  #resize(): void {
    this.options.list.style.height = `${this.#topOf(this.#items.length)}px`;
  }
}
