import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { UserError } from '../domain/errors.js';
import { isGuid } from '../domain/guid.js';
import { columnKey } from './csv/columns.js';
import { detectDelimiter } from './csv/delimiter.js';

/** A clip of a catalogue. */
export interface Clip {
  readonly id: string;
  /** Its duration. */
  readonly seconds: number;
}

/**
 * Reads a catalogue of clips: CSV with the columns ClipId and Duration (seconds).
 * @throws UserError of kind `input`, with the line, where it cannot be read.
 */
export async function readClips(path: string): Promise<readonly Clip[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError('input', `${path}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`);
  });
  const [header = [], ...rows] = rowsOf(text, path);
  const clipColumn = header.findIndex((name) => columnKey(name) === 'clipid');
  const durationColumn = header.findIndex((name) => columnKey(name) === 'duration');
  if (clipColumn < 0 || durationColumn < 0) {
    throw new UserError(
      'input',
      `${path}: expected the columns ClipId and Duration, received ${header.join(', ') || 'nothing'}`,
    );
  }
  return rows.map((row, i) => {
    const id = row[clipColumn] ?? '';
    const duration = row[durationColumn] ?? '';
    const seconds = Number(duration);
    if (!isGuid(id)) {
      throw new UserError(
        'input',
        `${path}:${i + 2}: expected ClipId to be a GUID, received ${JSON.stringify(id)}`,
      );
    }
    if (duration === '' || !(seconds > 0) || seconds === Number.POSITIVE_INFINITY) {
      throw new UserError(
        'input',
        `${path}:${i + 2}: expected Duration in seconds, above 0, received ${JSON.stringify(duration)}`,
      );
    }
    return { id, seconds };
  });
}

function rowsOf(text: string, path: string): string[][] {
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
    throw new UserError('input', `${path}: cannot be read as CSV: ${(error as Error).message}`);
  }
}
