import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { diskReason, UserError } from '../../domain/errors.js';
import { QUERY_MEMORY_FACTOR } from '../../read/table-options.js';
import { DEFAULT_MEMORY_MIB, type MemoryBudget, memoryBudget } from '../../sessions/memory.js';

/** The approximate memory of one DuckDB thread. */
const BYTES_PER_THREAD = 48 * 1024 * 1024;
const MAX_THREADS = 4;
/** How many chunks of 2,048 rows are read before the memory of earlier ones is released. */
const CHUNKS_PER_COLLECTION = 16;

/** A value of a result, by its type: a moment and a local time, an id, a decimal, or another. */
export type SqlValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | { readonly micros: bigint }
  | { readonly nanos: bigint }
  | { readonly hugeint: bigint; toUint128(): bigint; toString(): string }
  | { readonly value: bigint; readonly scale: number; toString(): string };

export interface Vector {
  getItem(row: number): SqlValue;
}

export interface Chunk {
  readonly rowCount: number;
  getColumnVector(column: number): Vector;
}

export interface Statement {
  readonly statementType: number;
  readonly parameterCount: number;
  readonly columnCount: number;
  columnName(index: number): string;
  columnType(index: number): { readonly alias?: string | undefined; toString(): string };
  stream(): Promise<{ fetchChunk(): Promise<Chunk | null> }>;
  destroySync(): void;
}

export interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRows(): readonly (readonly SqlValue[])[] }>;
  prepare(sql: string): Promise<Statement>;
  extractStatements(
    sql: string,
  ): Promise<{ readonly count: number; prepare(index: number): Promise<Statement> }>;
  closeSync(): void;
}

interface Instance {
  connect(): Promise<Connection>;
  closeSync(): void;
}

/** The part of `@duckdb/node-api` that this file uses. The package is optional, so its types can be missing at build time. */
interface Library {
  readonly DuckDBInstance: {
    create(path: string, options: Readonly<Record<string, string>>): Promise<Instance>;
  };
  readonly StatementType: Readonly<Record<string, number>> & Readonly<Record<number, string>>;
}

export interface DuckDbOptions {
  /** The memory for DuckDB, and the folder for its temporary files. */
  readonly queryMemory?: MemoryBudget | undefined;
  /** IANA name of the zone in which the query's own casts read local times; UTC unless given. */
  readonly timezone?: string | undefined;
}

/** An in-memory DuckDB that takes no settings from anywhere, downloads nothing, and leaves no file on disk. */
export class DuckDb {
  private constructor(
    private readonly instance: Instance,
    readonly connection: Connection,
    /** A folder for temporary files that only this instance uses. */
    readonly folder: string,
  ) {}

  /** @throws UserError of kind `usage` where the library is not installed; of kind `output` where no temporary files can be written. */
  static async open({
    queryMemory: memory = memoryBudget(QUERY_MEMORY_FACTOR * DEFAULT_MEMORY_MIB),
    timezone = 'UTC',
  }: DuckDbOptions): Promise<DuckDb> {
    const { DuckDBInstance } = await loadLibrary();
    const folder = temporaryFolder(memory.folder);
    try {
      const threads = Math.min(
        MAX_THREADS,
        availableParallelism(),
        Math.floor(memory.bytes / BYTES_PER_THREAD),
      );
      const instance = await DuckDBInstance.create(':memory:', {
        threads: String(Math.max(1, threads)),
        memory_limit: `${Math.floor(memory.bytes)}B`,
        temp_directory: folder,
        // An extension that the user installed is loaded where the query needs it; none is downloaded.
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'true',
        allow_community_extensions: 'false',
        // The query sorts its rows, so the order of insertion does not matter.
        preserve_insertion_order: 'false',
      });
      const connection = await instance.connect();
      await connection.run(`SET TimeZone = ${sqlText(timezone)}`);
      await connection.run('SET lock_configuration = true');
      return new DuckDb(instance, connection, folder);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The rows of a statement, a chunk at a time. */
  async *chunks(sql: string): AsyncGenerator<Chunk> {
    const statement = await this.connection.prepare(sql);
    const result = await statement.stream();
    const collect = garbageCollector();
    for (let fetched = 1; ; fetched += 1) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      yield chunk;
      if (fetched % CHUNKS_PER_COLLECTION === 0) collect();
    }
  }

  /** Releases memory and deletes temporary files. */
  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * Collects young garbage. A chunk's memory is released only when its object is collected, and V8 does not know how
 * large the chunk is. Without this, 100 MB and more of rows wait to be collected.
 */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('globalThis.gc') as
    | ((options: { readonly type: 'minor' }) => void)
    | undefined;
  return () => collect?.({ type: 'minor' });
}

/** Loads the library, only when it is needed: it is optional, and large. */
export async function loadLibrary(): Promise<Library> {
  try {
    return (await import('@duckdb/node-api' as string)) as Library;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const absent = code === 'ERR_MODULE_NOT_FOUND' && message.includes("'@duckdb/node-api'");
    throw new UserError(
      'usage',
      absent
        ? 'Parquet and --query are read by DuckDB, which is not installed'
        : `DuckDB cannot be loaded: ${message.split('\n', 1)[0]}`,
      'Install it beside omny-consume: npm install @duckdb/node-api',
    );
  }
}

function temporaryFolder(parent: string): string {
  try {
    return mkdtempSync(join(parent, 'omny-consume-'));
  } catch (error) {
    throw new UserError(
      'output',
      `${parent}: temporary files cannot be written: ${diskReason(error)}`,
      'Set TMPDIR to a folder that can be written',
    );
  }
}

/** A text as SQL writes it. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
