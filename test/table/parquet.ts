import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, loadLibrary, sqlText } from '../../src/table/query/duckdb.js';
import { type Row, textOf } from './as-rows.js';

/** The types that a warehouse has for columns. */
const TYPES: Readonly<Record<string, (column: string) => string>> = {
  OrganizationId: (column) => `${column}::UUID`,
  ClipId: (column) => `${column}::UUID`,
  SessionId: (column) => `${column}::UUID`,
  Timestamp: (column) => `to_timestamp(${column}::DOUBLE)`,
  StartedAt: (column) => `to_timestamp(${column}::DOUBLE)`,
  EndedAt: (column) => `to_timestamp(${column}::DOUBLE)`,
  SeqNumber: (column) => `${column}::INTEGER`,
  Position: (column) => `${column}::DECIMAL(18,6)`,
  StartPosition: (column) => `${column}::DECIMAL(38,9)`,
  EndPosition: (column) => `${column}::DOUBLE`,
};

/** Writes Parquet with a DuckDB of its own, in a folder of its own. */
export class ParquetWriter {
  private constructor(
    readonly duckdb: Connection,
    readonly folder: string,
    private readonly closeInstance: () => void,
  ) {}

  /** Fails with the line that installs DuckDB where it is not there. */
  static async open(): Promise<ParquetWriter> {
    const { DuckDBInstance } = await loadLibrary();
    const instance = await DuckDBInstance.create(':memory:', {});
    const folder = mkdtempSync(join(tmpdir(), 'omny-consume-query-'));
    return new ParquetWriter(await instance.connect(), folder, () => instance.closeSync());
  }

  /** A path in the folder. */
  at(name: string): string {
    return join(this.folder, name);
  }

  /** Writes what a SELECT gives; gives the path. */
  async write(name: string, select: string, options = ''): Promise<string> {
    await this.duckdb.run(`COPY (${select}) TO ${sqlText(this.at(name))} (FORMAT parquet${options})`);
    return this.at(name);
  }

  /** Writes rows, as texts or with the types of a warehouse; gives the path. */
  async writeRows(name: string, rows: readonly Row[], typed: boolean): Promise<string> {
    const csv = this.at(`${name}.csv`);
    writeFileSync(csv, textOf(rows, 'csv'));
    const columns = Object.keys(rows[0]!).map((column) => {
      const quoted = `"${column}"`;
      return `${typed ? (TYPES[column]?.(quoted) ?? quoted) : quoted} AS ${quoted}`;
    });
    return this.write(
      name,
      `SELECT ${columns.join(', ')} FROM read_csv(${sqlText(csv)}, header = true, all_varchar = true)`,
    );
  }

  /** Lets go of all it wrote. */
  close(): void {
    this.duckdb.closeSync();
    this.closeInstance();
    rmSync(this.folder, { recursive: true });
  }
}
