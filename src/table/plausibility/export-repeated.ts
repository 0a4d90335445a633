import { formatNumber } from '../../domain/text.js';
import { RepeatedRowsTally } from './repeated-rows.js';
import { RepeatedRuns } from './repeated-runs.js';
import { rowHash } from './row-hash.js';

/** That rows of a table were exported twice (diagnosis `export-repeated`). */
export interface ExportRepeated {
  /** `order`: rows stand a second time in the same order. `rows`: more rows stand twice than chance explains. */
  readonly kind: 'order' | 'rows';
  /** How many rows stand a second time, and of how many. */
  readonly rows: number;
  readonly of: number;
  /** Line of the first repeated row, and where it stood before. */
  readonly line: number;
  readonly earlierLine: number;
  /** One sentence that says so. */
  readonly message: string;
}

/** Looks for rows that were exported twice in one table. Takes its rows in their order; bounded memory. */
export class ExportRepeatedTally {
  readonly #runs = new RepeatedRuns();
  readonly #rows = new RepeatedRowsTally();
  #count = 0;
  readonly #timeColumns: ReadonlySet<number>;

  /** @param timeColumns indexes of the columns that hold times (StartedAt, EndedAt, Timestamp) */
  constructor(timeColumns: Iterable<number>) {
    this.#timeColumns = new Set(timeColumns);
  }

  /**
   * @param cells the row as it stands, columns that are not read included
   * @param startedAtMs its StartedAt (or Timestamp) in unix milliseconds; undefined where it cannot be read
   */
  add(cells: readonly string[], startedAtMs: number | undefined, line: number): void {
    this.addHashed(rowHash(cells), rowHash(cells, this.#timeColumns), startedAtMs, line);
  }

  /** The same for a row whose hashes, with its times and without, are known. */
  addHashed(hash: number, withoutTimes: number, startedAtMs: number | undefined, line: number): void {
    this.#count += 1;
    this.#runs.add(hash, line);
    if (startedAtMs !== undefined) this.#rows.add(hash, withoutTimes, startedAtMs, line);
  }

  /** The diagnosis; undefined where no rows are repeated. */
  found(): ExportRepeated | undefined {
    const run = this.#runs.found();
    if (run) return { kind: 'order', of: this.#count, ...run, message: message(run, 'in the same order') };
    const rows = this.#rows.found();
    return rows && { kind: 'rows', of: this.#count, ...rows, message: message(rows, 'word for word') };
  }
}

function message(
  { rows, line, earlierLine }: Pick<ExportRepeated, 'rows' | 'line' | 'earlierLine'>,
  how: string,
): string {
  return `${formatNumber(rows)} rows stand twice ${how}: the export was probably appended to itself. The row at line ${line} stood before at line ${earlierLine}`;
}
