/** The positions of a list's rows, in CSS pixels from its top. All closed rows have the same height. */
export class RowHeights {
  /** The height of a closed row. */
  row = 1;
  #ids: readonly string[] = [];
  /** How much higher than a closed row each open row is, by id. */
  readonly #extra = new Map<string, number>();
  /** The same for the rows in the list, in order of their places. */
  #open: readonly { readonly place: number; readonly extra: number }[] = [];

  /** Sets the rows of the list, in order. Keeps the heights of open rows, including those that are not in the list now. */
  setRows(ids: readonly string[]): void {
    this.#ids = ids;
    this.#locate();
  }

  /** @param height The measured height of the row. */
  measured(id: string, height: number): void {
    const extra = height - this.row;
    if ((this.#extra.get(id) ?? 0) === extra) return;
    if (extra === 0) this.#extra.delete(id);
    else this.#extra.set(id, extra);
    this.#locate();
  }

  get total(): number {
    return this.topOf(this.#ids.length);
  }

  topOf(place: number): number {
    let top = place * this.row;
    for (const { place: open, extra } of this.#open) if (open < place) top += extra;
    return top;
  }

  /** The place of the row at a distance from the top, or of the nearest row. */
  placeAt(y: number): number {
    let low = 0;
    let high = Math.max(0, this.#ids.length - 1);
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.topOf(middle) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #locate(): void {
    this.#open =
      this.#extra.size === 0
        ? []
        : this.#ids.flatMap((id, place) => {
            const extra = this.#extra.get(id);
            return extra === undefined ? [] : [{ place, extra }];
          });
  }
}

/** One row's element, kept while the row is near the window. */
export interface RowElement<T> {
  readonly element: HTMLElement;
  /** The element of the row that receives the keyboard focus. */
  readonly control: HTMLElement;
  /** Updates the element with the current item; fast if nothing changed. @param place The place of the row, from 1. */
  readonly show: (item: T, place: number, of: number) => void;
}

export interface WindowListOptions<T> {
  readonly list: HTMLElement;
  readonly idOf: (item: T) => string;
  /** Whether the row is open, so that its height must be measured. */
  readonly isOpen: (item: T) => boolean;
  readonly make: () => RowElement<T>;
}

/** Rows further from the window than this have no element, in CSS pixels. */
const MARGIN_PX = 600;

/**
 * A list that scrolls with the page and has elements only for the rows near the window. Closed rows have the height of the
 * list's `--row`; the height of open rows is measured. Arrow keys, Home and End move the focus; only one row at a time is in
 * the tab order.
 */
export class WindowList<T> {
  readonly #heights = new RowHeights();
  readonly #shown = new Map<string, RowElement<T>>();
  #items: readonly T[] = [];
  #ids: readonly string[] = [];
  #current: string | null = null;

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
    return this.#above() > this.#heights.row / 2;
  }

  /** Sets the items, in order. The visible rows stay in place, unless `fromTop` is true. */
  setItems(items: readonly T[], { fromTop = false } = {}): void {
    const above = this.#above();
    const down = this.scrolledDown;
    const place = this.#heights.placeAt(above);
    const anchor = down && !fromTop ? this.#ids[place] : undefined;
    const before = this.#heights.topOf(place);
    this.#items = items;
    this.#ids = items.map(this.options.idOf);
    this.#heights.setRows(this.#ids);
    this.#resize();
    const now = anchor === undefined ? -1 : this.#ids.indexOf(anchor);
    const by = now >= 0 ? this.#heights.topOf(now) - before : fromTop && down ? -above : 0;
    if (by !== 0) scrollBy({ top: by, behavior: 'instant' });
    this.show();
  }

  /** Updates the rows near the window. */
  show(): void {
    const { list, isOpen } = this.options;
    const above = this.#above();
    const first = this.#heights.placeAt(above - MARGIN_PX);
    const wanted = this.#items.slice(first, this.#heights.placeAt(above + innerHeight + MARGIN_PX) + 1);
    const hadFocus = list.contains(document.activeElement);
    this.#place(wanted, first);
    for (const [i, item] of wanted.entries()) {
      const id = this.#ids[first + i]!;
      const height = isOpen(item) ? this.#shown.get(id)!.element.offsetHeight : this.#heights.row;
      this.#heights.measured(id, height);
    }
    list.style.paddingTop = `${this.#heights.topOf(first)}px`;
    this.#resize();
    this.#keepFocus(hadFocus);
  }

  /** Moves the focus to a place in the list, and scrolls to it. */
  focusPlace(place: number): void {
    const id = this.#ids[place];
    if (id === undefined) return;
    const { list } = this.options;
    const { row } = this.#heights;
    const y = list.getBoundingClientRect().top + this.#heights.topOf(place);
    const inset = this.#inset();
    if (y < inset) scrollBy({ top: y - inset, behavior: 'instant' });
    else if (y + row > innerHeight) scrollBy({ top: y + row - innerHeight + 8, behavior: 'instant' });
    this.#setCurrent(id);
    this.show();
    this.#shown.get(id)?.control.focus({ preventScroll: true });
  }

  /** Makes these rows, in order, the only children of the list. */
  #place(wanted: readonly T[], first: number): void {
    const { list, make } = this.options;
    const ids = new Set(this.#ids.slice(first, first + wanted.length));
    for (const [id, { element }] of this.#shown) {
      if (ids.has(id)) continue;
      this.#shown.delete(id);
      element.remove();
    }
    let next = list.firstElementChild;
    for (const [i, item] of wanted.entries()) {
      const id = this.#ids[first + i]!;
      const row = this.#shown.get(id) ?? make();
      this.#shown.set(id, row);
      if (row.element === next) next = next.nextElementSibling;
      else list.insertBefore(row.element, next);
      row.show(item, first + i + 1, this.#items.length);
    }
  }

  #key(event: KeyboardEvent): void {
    const onRow = [...this.#shown.values()].some(({ control }) => control === event.target);
    if ((!onRow && event.target !== this.options.list) || this.#items.length === 0) return;
    const at = this.#current === null ? 0 : Math.max(0, this.#ids.indexOf(this.#current));
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

  /**
   * Puts exactly one shown row into the tab order. If the row with the focus is no longer shown, the list itself has the focus.
   */
  #keepFocus(hadFocus: boolean): void {
    const { list } = this.options;
    const current = this.#current === null ? undefined : this.#shown.get(this.#current);
    const stop = current?.control ?? list.querySelector<HTMLElement>('button');
    for (const { control } of this.#shown.values()) control.tabIndex = control === stop ? 0 : -1;
    if (!hadFocus) return;
    if (!list.contains(document.activeElement)) list.focus({ preventScroll: true });
    if (document.activeElement === list && current) current.control.focus({ preventScroll: true });
  }

  #measureRow(): void {
    this.#heights.row = Number.parseFloat(getComputedStyle(this.options.list).getPropertyValue('--row')) || 1;
  }

  /** The distance from the list's top to the first visible place, in CSS pixels. */
  #above(): number {
    return this.#inset() - this.options.list.getBoundingClientRect().top;
  }

  /** The height of the bar that stays visible above the rows. */
  #inset(): number {
    return Number.parseFloat(getComputedStyle(this.options.list).scrollMarginTop) || 0;
  }

  #resize(): void {
    this.options.list.style.height = `${this.#heights.total}px`;
  }
}
