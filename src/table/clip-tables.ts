import { UserError } from '../domain/errors.js';
import { guidKey, readGuidCell } from '../domain/guid.js';
import { escaped, pluralize } from '../domain/text.js';
import { detectDelimiter } from '../read/csv/rows.js';
import { BrokenStream } from '../read/limits.js';
import type { EventChange } from '../read/records.js';
import { openSource } from '../read/source.js';
import { columnKey } from './columns.js';
import { catalogueForm, type FeedClip, readConsumerClips, readFeed } from './feed.js';
import { LengthReader } from './lengths.js';

/** A clip as a catalogue lists it. */
export interface Clip {
  readonly id: string;
  /** Its duration; undefined where the catalogue does not say. */
  readonly seconds: number | undefined;
  /** Its title; undefined where the catalogue does not say. */
  readonly title?: string | undefined;
}

/**
 * Reads a catalogue of clips: CSV with the columns ClipId and Duration (seconds, or h:mm:ss) and perhaps Title, an Omny RSS feed, or JSON of
 * Omny's public consumer API.
 * @throws UserError of kind `input`, with the line, where it cannot be read.
 */
export async function readClips(path: string): Promise<readonly Clip[]> {
  const text = await readSmallFile(path);
  const listed = await listedClips(text, path);
  if (listed) return listed;
  const commaAllowed = detectDelimiter(text.split(/[\r\n]/, 1)[0] ?? '') !== ',';
  const lengths = new LengthReader({ unit: 's', commaAllowed });
  const rows = await smallTable(text, path, ['ClipId', 'Duration'], ['Title']);
  return rows.map(({ ClipId, Duration: duration, Title: title, line }) => {
    const id = readGuidCell(ClipId);
    const ms = lengths.read(duration, 'a length above 0');
    if (id === undefined) {
      throw new UserError(
        'input',
        `${escaped(path)}:${line}: expected ClipId to be a GUID, received ${JSON.stringify(ClipId)}`,
      );
    }
    if (typeof ms !== 'number' || ms === 0) {
      throw new UserError(
        'input',
        `${escaped(path)}:${line}: expected Duration in seconds, above 0, received ${JSON.stringify(duration)}`,
      );
    }
    return { id, seconds: ms / 1000, title: title || undefined };
  });
}

/** The durations of clips that have one, by their ids in lower case. */
export function durationsOf(clips: readonly Clip[]): ReadonlyMap<string, number> {
  return new Map(clips.flatMap(({ id, seconds }) => (seconds === undefined ? [] : [[guidKey(id), seconds]])));
}

/** The clips of a feed or of the consumer API; undefined where the text is neither, so that the caller reads it as CSV. */
async function listedClips(text: string, path: string): Promise<readonly FeedClip[] | undefined> {
  const form = catalogueForm(text);
  if (form === 'csv') return undefined;
  return form === 'feed' ? readFeed(text, path) : readConsumerClips(text, path);
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
    if (this.lacks(String(id))) this.noteUnresolved(String(id));
    return event;
  };

  /** Whether an id is in neither column of the map. An absent id (empty, or no text or number) is never lacking. */
  lacks(id: unknown): boolean {
    if ((typeof id !== 'string' && typeof id !== 'number') || id === '') return false;
    const key = keyOf(String(id));
    return !this.#clips.has(key) && !this.#targets.has(key);
  }

  /** Whether the map held every id so far. */
  get isComplete(): boolean {
    return this.#unresolved.size === 0;
  }

  /** Notes an id in an event or row that is not in the map. */
  noteUnresolved(id: string): void {
    this.#unresolved.set(id, (this.#unresolved.get(id) ?? 0) + 1);
  }

  /** The ClipId that an id stands for; the id itself where the map does not hold it. */
  clipOf(id: string): string {
    return this.#clips.get(keyOf(id)) ?? id;
  }

  /** @throws UserError of kind `data` where an id was in neither column. */
  refuseUnresolved(): void {
    if (this.#unresolved.size === 0) return;
    throw new UserError('data', [
      'the clip map does not have these ids: add them, or leave their sessions out with --skip-unmapped',
      ...this.unresolved('event'),
    ]);
  }

  /**
   * One line per id that was in neither column, with the number of events or rows that had it.
   * @param noun What had the id: `event` or `row`.
   */
  unresolved(noun: string, plural?: string): readonly string[] {
    const ids = [...this.#unresolved].map(
      ([id, times]) => `  ${JSON.stringify(id)} (${pluralize(times, noun, plural)})`,
    );
    const more = ids.length > MAX_SHOWN ? [`  and ${ids.length - MAX_SHOWN} more`] : [];
    return [...ids.slice(0, MAX_SHOWN), ...more];
  }

  /** The map's rows in a fixed order: two files with the same rows in another order have equal entries. */
  get entries(): readonly (readonly [string, string])[] {
    return [...this.#clips]
      .map(([from, to]) => [from, guidKey(to)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}

const MAX_SHOWN = 100;

/**
 * Reads a clip map: CSV with the columns `from` and `ClipId`, or a feed or JSON of the consumer API, which map each
 * clip's external id to its ClipId.
 * @throws UserError of kind `input`, with the line, where it cannot be read
 */
export async function readClipMap(path: string): Promise<ClipMap> {
  const clips = new Map<string, string>();
  const text = await readSmallFile(path);
  const listed = await listedClips(text, path);
  const rows = listed
    ? listed.flatMap(({ id, externalId }) =>
        externalId === undefined ? [] : [{ from: externalId, ClipId: id, line: undefined }],
      )
    : await smallTable(text, path, ['from', 'ClipId']);
  for (const { from, ClipId, line } of rows) {
    const at = line === undefined ? escaped(path) : `${escaped(path)}:${line}`;
    const id = readGuidCell(ClipId);
    if (id === undefined)
      throw new UserError('input', `${at}: expected ClipId to be a GUID, received ${JSON.stringify(ClipId)}`);
    const before = clips.get(keyOf(from));
    if (before !== undefined && guidKey(before) !== guidKey(id))
      throw new UserError('input', `${at}: ${JSON.stringify(from)} is mapped to two clips`);
    clips.set(keyOf(from), id);
  }
  return new ClipMap(clips);
}

/** The key of an id in the map: equal GUIDs have the same key, however they are written. */
function keyOf(id: string): string {
  const guid = readGuidCell(id);
  return guid === undefined ? id : guidKey(guid);
}

/**
 * Reads a CSV file that fits in memory. Returns the line of each row, and its cells in `columns`.
 * @throws UserError of kind `input` where it cannot be read, or lacks one of the columns
 */
async function smallTable<Column extends string, Optional extends string = never>(
  text: string,
  path: string,
  columns: readonly Column[],
  optional: readonly Optional[] = [],
): Promise<readonly (Readonly<Record<Column | Optional, string>> & { readonly line: number })[]> {
  const [header = [], ...rows] = await rowsOf(text, path);
  const at = columns.map((column) => header.findIndex((name) => columnKey(name) === columnKey(column)));
  if (at.includes(-1)) {
    throw new UserError(
      'input',
      `${escaped(path)}: expected the columns ${columns.join(' and ')}, received ${header.join(', ') || 'nothing'}`,
    );
  }
  const others = optional.map((column) => header.findIndex((name) => columnKey(name) === columnKey(column)));
  const places = [...at, ...others];
  return rows.map((row, i) => {
    const cells = Object.fromEntries(
      [...columns, ...optional].map((column, c) => [column, row[places[c]!] ?? '']),
    );
    return { ...(cells as Record<Column | Optional, string>), line: i + 2 };
  });
}

/** The bytes of a file, unpacked where they are gzip. */
async function wholeFile(path: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of openSource(path)) chunks.push(chunk);
  } catch (error) {
    if (error instanceof BrokenStream)
      throw new UserError('input', `${escaped(path)}: ${error.message}`, error.hint);
    throw error;
  }
  return Buffer.concat(chunks);
}

async function readSmallFile(path: string): Promise<string> {
  const bytes = await wholeFile(path);
  const { foreignDocument } = await import('./foreign.js');
  const foreign = foreignDocument(bytes, path);
  if (foreign && foreign.is !== 'XML')
    throw new UserError('input', `${escaped(path)}: is ${foreign.is}`, foreign.next);
  return bytes.toString('utf8');
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
