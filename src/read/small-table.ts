import { readFile } from 'node:fs/promises';
import { UserError } from '../domain/errors.js';
import { escaped } from '../domain/escaped.js';
import { columnKey } from './csv/columns.js';
import { detectDelimiter } from './csv/delimiter.js';

/**
 * Reads a CSV file that fits in memory, and gives of each row the cells of the columns asked for, and its line.
 * @throws UserError of kind `input` where it cannot be read, or lacks one of the columns
 */
export async function readSmallTable<Column extends string>(
  path: string,
  columns: readonly Column[],
): Promise<readonly (Readonly<Record<Column, string>> & { readonly line: number })[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      'input',
      `${escaped(path)}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`,
    );
  });
  const [header = [], ...rows] = await rowsOf(text, path);
  const at = columns.map((column) => header.findIndex((name) => columnKey(name) === columnKey(column)));
  if (at.includes(-1)) {
    throw new UserError(
      'input',
      `${escaped(path)}: expected the columns ${columns.join(' and ')}, received ${header.join(', ') || 'nothing'}`,
    );
  }
  return rows.map((row, i) => {
    const cells = Object.fromEntries(columns.map((column, c) => [column, row[at[c]!] ?? '']));
    return { ...(cells as Record<Column, string>), line: i + 2 };
  });
}

async function rowsOf(text: string, path: string): Promise<string[][]> {
  const { parse } = await import('csv-parse/sync');
  try {
    return parse(text, {
      bom: true,
      trim: true,
      delimiter: detectDelimiter(text.split(/[\r\n]/, 1)[0] ?? ''),
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
    });
  } catch (error) {
    throw new UserError('input', `${escaped(path)}: cannot be read as CSV: ${(error as Error).message}`);
  }
}
