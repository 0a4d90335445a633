import { readFile } from 'node:fs/promises';
import { UserError } from '../domain/errors.js';
import { guidKey, isGuid } from '../domain/guid.js';
import { escaped } from '../domain/text.js';
import type { EventChange } from './change-events.js';
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

/** Turns ids of another system into ClipIds. */
export class ClipMap {
  readonly #clips: ReadonlyMap<string, string>;
  readonly #targets: ReadonlySet<string>;
  readonly #unresolved = new Map<string, number>();

  constructor(clips: ReadonlyMap<string, string>) {
    this.#clips = clips;
    this.#targets = new Set([...clips.values()].map(guidKey));
  }

  readonly change: EventChange = (event) => {
    const id = event.ClipId;
    if (typeof id !== 'string' && typeof id !== 'number') return event;
    const ClipId = this.#clips.get(keyOf(String(id)));
    if (ClipId !== undefined) return { ...event, ClipId };
    if (!this.#targets.has(guidKey(String(id))))
      this.#unresolved.set(String(id), (this.#unresolved.get(String(id)) ?? 0) + 1);
    return event;
  };

  /** @throws UserError of kind `data` where an id was in neither column. */
  refuseUnresolved(): void {
    if (this.#unresolved.size === 0) return;
    const ids = [...this.#unresolved].map(
      ([id, events]) => `  ${JSON.stringify(id)} (${events} event${events === 1 ? '' : 's'})`,
    );
    const shown = ids.slice(0, MOST_SHOWN);
    if (ids.length > MOST_SHOWN) shown.push(`  and ${ids.length - MOST_SHOWN} more`);
    throw new UserError('data', ['ids that the clip map does not hold:', ...shown]);
  }

  /** The same for the same map, whatever the order of its rows. */
  get entries(): readonly (readonly [string, string])[] {
    return [...this.#clips]
      .map(([from, to]) => [from, guidKey(to)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}

const MOST_SHOWN = 100;

/**
 * Reads a clip map: CSV with the columns from and ClipId.
 * @throws UserError of kind `input`, with the line, where it cannot be read
 */
export async function readClipMap(path: string): Promise<ClipMap> {
  const clips = new Map<string, string>();
  for (const { from, ClipId, line } of await readSmallTable(path, ['from', 'ClipId'])) {
    if (!isGuid(ClipId))
      throw new UserError(
        'input',
        `${path}:${line}: expected ClipId to be a GUID, received ${JSON.stringify(ClipId)}`,
      );
    const before = clips.get(keyOf(from));
    if (before !== undefined && guidKey(before) !== guidKey(ClipId))
      throw new UserError('input', `${path}:${line}: ${JSON.stringify(from)} stands for two clips`);
    clips.set(keyOf(from), ClipId);
  }
  return new ClipMap(clips);
}

/** Ids that are GUIDs compare without regard to case. */
function keyOf(id: string): string {
  return isGuid(id) ? guidKey(id) : id;
}

/**
 * Reads a CSV file that fits in memory, and gives of each row the cells of the columns asked for, and its line.
 * @throws UserError of kind `input` where it cannot be read, or lacks one of the columns
 */
async function readSmallTable<Column extends string>(
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
