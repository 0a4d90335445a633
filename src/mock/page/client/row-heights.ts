/** Where the rows of a list stand, in CSS pixels from its top: all are equally high but the open ones. */
export class RowHeights {
  /** Of a closed row. */
  row = 1;
  #ids: readonly string[] = [];
  /** How much higher than a closed row the open ones are, by id. */
  readonly #extra = new Map<string, number>();
  /** The same by place, of the rows that are there, in order. */
  #open: readonly { readonly place: number; readonly extra: number }[] = [];

  /** Takes the rows there are, in order. What is known of open ones is kept, also of those that are not there now. */
  setRows(ids: readonly string[]): void {
    this.#ids = ids;
    this.#locate();
  }

  /** @param height Of a row as it is measured. */
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

  /** The row at that distance from the top; the first or the last where there is none. */
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
