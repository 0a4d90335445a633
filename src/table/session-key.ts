import { UserError } from '../domain/errors.js';
import { pluralize } from '../domain/text.js';
import { isTime, timeReader } from '../read/time/times.js';
import { findHeader, listed } from './columns.js';
import { CellError } from './fault.js';
import type { Cells, RowCells } from './row-cells.js';
import { keyText, sessionIdOfKey } from './session-ids.js';

/** Makes SessionIds of the cells that `--session-key` names. */
export class SessionKey {
  /** Where the columns stand that it names. */
  readonly indexes: readonly number[];
  readonly #timeOf: (text: string) => number | undefined;
  #partial = 0;

  /** @throws UserError of kind `input` where the table has no such column. */
  constructor(
    readonly names: readonly string[],
    header: readonly string[],
    private readonly row: RowCells,
    file: string,
  ) {
    this.indexes = names.map((name) => {
      const index = findHeader(header, name, file);
      if (index !== undefined) return index;
      throw new UserError(
        'input',
        `${file}: no column ${JSON.stringify(name)}, which --session-key names; found ${listed(header)}`,
      );
    });
    const read = timeReader({ timezone: row.format.timezone });
    this.#timeOf = (text) => {
      const time = read(text);
      return isTime(time) ? time.ms : undefined;
    };
  }

  /** The SessionId of a row. @throws CellError where all cells of the key are empty, or an id of the row cannot be read. */
  idOf(cells: Cells): string {
    const { row } = this;
    const key = this.indexes.map((index) => row.format.nulls.read(cells[index] ?? ''));
    if (key.every((cell) => cell.trim() === '')) {
      throw new CellError({
        column: 'SessionId',
        expected: `a value in ${this.names.join(' or ')}, which makes the SessionId`,
        received: 'empty cells',
        hint: 'Name columns with --session-key that identify a session',
      });
    }
    return sessionIdOfKey(
      key.map((cell) => keyText(cell, this.#timeOf)),
      row.organization(cells),
      row.id(cells, 'ClipId'),
    );
  }

  /** The same; undefined without one. */
  tryIdOf(cells: Cells): string | undefined {
    try {
      return this.idOf(cells);
    } catch (error) {
      if (error instanceof CellError) return undefined;
      throw error;
    }
  }

  /** Counts a row that has only some cells of the key. */
  noteRow(cells: Cells): void {
    const empty = this.indexes.filter(
      (index) => this.row.format.nulls.read(cells[index] ?? '').trim() === '',
    );
    if (empty.length > 0 && empty.length < this.indexes.length) this.#partial += 1;
  }

  /** The note about such rows: they are separate sessions, which is right only if an empty cell has a meaning. */
  get note(): string | undefined {
    if (this.#partial === 0) return undefined;
    const rows = pluralize(this.#partial, 'row');
    return `${rows} with an empty cell in ${this.names.join(' or ')} (--session-key): read as sessions apart from those of rows with all cells`;
  }
}
