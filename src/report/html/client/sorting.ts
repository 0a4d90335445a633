/** Lets the heads' buttons sort the rows: falling first, then rising. Equal rows stay in the order in which the report gave them. */
export function makeSortable(table: HTMLTableElement, say: (text: string) => void): void {
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
