import { UserError } from '../domain/errors.js';
import { isGuid } from '../domain/guid.js';
import { readSmallTable } from './small-table.js';

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
  const rows = await readSmallTable(path, ['ClipId', 'Duration']);
  return rows.map(({ ClipId: id, Duration: duration, line }) => {
    const seconds = Number(duration);
    if (!isGuid(id)) {
      throw new UserError(
        'input',
        `${path}:${line}: expected ClipId to be a GUID, received ${JSON.stringify(id)}`,
      );
    }
    if (duration === '' || !(seconds > 0) || seconds === Number.POSITIVE_INFINITY) {
      throw new UserError(
        'input',
        `${path}:${line}: expected Duration in seconds, above 0, received ${JSON.stringify(duration)}`,
      );
    }
    return { id, seconds };
  });
}
