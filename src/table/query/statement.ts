import { resolve } from 'node:path';
import { UserError } from '../../domain/errors.js';
import { type Connection, loadLibrary, type Statement, sqlText } from './duckdb.js';

/** A SELECT that was checked, and the columns of its rows. */
export interface Select {
  /** The name of a view that gives its rows. */
  readonly view: string;
  readonly columns: readonly ResultColumn[];
}

export interface ResultColumn {
  readonly name: string;
  /** As DuckDB writes it: `TIMESTAMP WITH TIME ZONE`, `DECIMAL(18,3)`, `INTEGER[]`, `JSON`. */
  readonly type: string;
}

const VIEW = 'omny_consume_rows';
const ONE_SELECT = 'expected one SELECT statement';

/**
 * Checks a query and creates a view of it.
 * @param name The input's name, for messages.
 * @throws UserError of kind `usage` if it is not exactly one statement that DuckDB's parser calls a SELECT, or it
 * cannot run
 */
export async function checkedSelect(connection: Connection, sql: string, name: string): Promise<Select> {
  await refuseOthers(connection, sql, name);
  const { StatementType } = await loadLibrary();
  const statements = await connection.extractStatements(sql);
  const statement = await statements.prepare(0);
  const { statementType, parameterCount } = statement;
  if (statements.count !== 1 || statementType !== StatementType.SELECT)
    throw new UserError('usage', `${name}: ${ONE_SELECT}, received ${StatementType[statementType]}`);
  if (parameterCount > 0)
    throw new UserError('usage', `${name}: the query has a parameter (? or $1): write its value instead`);
  const columns = columnsOf(statement);
  statement.destroySync();
  await connection.run(`CREATE TEMP VIEW ${VIEW} AS ${sql}`);
  return { view: VIEW, columns };
}

/** Only parses the text with DuckDB: does not look up its tables, and does not run it. */
async function refuseOthers(connection: Connection, sql: string, name: string): Promise<void> {
  const rows = await connection.runAndReadAll(`SELECT json_serialize_sql(${sqlText(sql)})`);
  const parsed = JSON.parse(rows.getRows()[0]![0] as string) as Parsed;
  if (parsed.error) {
    if (parsed.error_type !== 'parser') {
      throw new UserError(
        'usage',
        `${name}: ${ONE_SELECT}, received another statement`,
        'Only rows are read: SELECT, WITH ... SELECT, FROM, VALUES; PIVOT needs its values: ON column IN (...)',
      );
    }
    const place = parsed.position === undefined ? '' : `:${placeAt(sql, Number(parsed.position))}`;
    throw new UserError(
      'usage',
      `${name}${place}: ${parsed.error_message}`,
      'The query is SQL as DuckDB writes it, such as: --query "select * from \'plays.parquet\'"',
    );
  }
  const { length } = parsed.statements;
  if (length !== 1)
    throw new UserError('usage', `${name}: ${ONE_SELECT}, received ${length === 0 ? 'none' : length}`);
}

type Parsed =
  | { readonly error: false; readonly statements: readonly unknown[] }
  | {
      readonly error: true;
      readonly error_type: string;
      readonly error_message: string;
      readonly position?: string;
    };

/** Line and column of a character of a text. */
function placeAt(text: string, character: number): string {
  const before = Array.from(text).slice(0, character).join('').split('\n');
  return `${before.length}:${before.at(-1)!.length + 1}`;
}

function columnsOf(statement: Statement): readonly ResultColumn[] {
  return Array.from({ length: statement.columnCount }, (_, i) => {
    const type = statement.columnType(i);
    return { name: statement.columnName(i), type: type.alias ?? type.toString() };
  });
}

/** Hints for DuckDB's errors, by a pattern of their text. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^Out of Memory/, 'Allow more memory: --memory 512'],
  [/^IO Error: No files found/, 'Relative paths start at the working folder. At least one file must match'],
  [/^Catalog Error: Table/, "A file is named as a table in single quotes: select * from 'plays.parquet'"],
  [
    /^Binder Error: Referenced column/,
    'Put a column name in double quotes if it has other characters than letters, digits and _',
  ],
  [
    /No magic bytes found|too small to be a Parquet/,
    'The Parquet file is cut short, or is still being written: copy or export it again',
  ],
  [/^Conversion Error/, 'Leave the cast out, or use try_cast, which gives null instead'],
];

/**
 * Turns an error of DuckDB into one line for users, with its place in the query. Returns other errors unchanged.
 * @param isQuery Whether the user wrote the query: only then does a place in it help.
 */
export function queryFailure(error: unknown, name: string, isQuery = true): unknown {
  if (error instanceof UserError || !(error instanceof Error)) return error;
  const [said = ''] = error.message.replace(/^Failed to \w+ statements: /, '').split(/\n\n/);
  const extension = /required extension '(\w+)'/.exec(said)?.[1];
  if (extension !== undefined) {
    return new UserError(
      'usage',
      `${name}: the query needs DuckDB's extension ${extension}, which is not installed`,
      `Extensions are not downloaded automatically: copy the data to this machine, or install the extension in DuckDB of the same version: INSTALL ${extension}`,
    );
  }
  const [, line] = /^LINE (\d+): /m.exec(error.message) ?? [];
  const message = said
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/^(?:Parser|Binder|Catalog|IO|Invalid Input) Error: /, '');
  const reason = isQuery ? message : message.replaceAll(resolve(name), name);
  const place = line === undefined || !isQuery ? '' : `:${line}`;
  const advice = ADVICE.find(([pattern]) => pattern.test(said))?.[1];
  return new UserError('usage', `${name}${place}: ${reason}`, advice);
}
