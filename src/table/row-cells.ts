import { readGuidCell } from '../domain/guid.js';
import { formatNumber } from '../domain/text.js';
import { MAX_SEGMENTS } from '../read/limits.js';
import { excerpt } from '../read/text.js';
import { isTime, type ReadTime, timeReader } from '../read/time/times.js';
import {
  CellError,
  isNullMarker,
  type Nulls,
  nullMarkerFault,
  readOrThrow,
  type Unreadable,
} from './cell-values.js';
import type { ColumnName, Columns } from './columns.js';
import { type Units, unitFlagOf } from './headers.js';
import { LengthReader } from './lengths.js';

/** A table's columns, and how their values are written. Known before the first row is read. */
interface TableFormat {
  readonly columns: Columns;
  readonly units: Units;
  readonly nulls: Nulls;
  /** IANA name of the zone of times without an offset. */
  readonly timezone?: string | undefined;
  /** Whether numbers can have a decimal comma: false where the comma delimits cells. */
  readonly commaAllowed: boolean;
  /** OrganizationId for rows without one. */
  readonly organization?: string | undefined;
  /** Fastest playback to accept (`--max-speed`). */
  readonly maxSpeed: number;
}

/** A row's cells as texts, in the order of the header; absent values are empty. */
export type Cells = readonly string[];

/** Reads the values of rows by column. Every method throws a `CellError` where the cell cannot be read. */
export class RowCells {
  readonly #lengths = new Map<ColumnName, LengthReader>();
  readonly #timeOf: (text: string) => ReadTime | Unreadable;

  /** @throws UserError of kind `usage` where the format's zone is unknown. */
  constructor(readonly format: TableFormat) {
    const read = timeReader({ timezone: format.timezone, unit: format.units.time });
    this.#timeOf = (text) => {
      const time = read(text);
      if (isTime(time)) return time;
      return isNullMarker(text) ? nullMarkerFault(text, 'a time') : time.problem;
    };
  }

  /** The cell; empty where it means absent or the table has no such column. */
  text(cells: Cells, column: ColumnName): string {
    const index = this.format.columns.get(column);
    return index === undefined ? '' : this.format.nulls.read(cells[index] ?? '');
  }

  has(column: ColumnName): boolean {
    return this.format.columns.has(column);
  }

  /** An id: a GUID in its usual form, any other text unchanged; empty where absent. */
  id(cells: Cells, column: ColumnName): string {
    const text = this.text(cells, column);
    const guid = readGuidCell(text);
    if (guid !== undefined) return guid;
    if (text !== '' && isNullMarker(text))
      throw new CellError({ column, ...nullMarkerFault(text, 'a GUID') });
    return text;
  }

  /** OrganizationId of the row, else of the table; empty where neither has an OrganizationId. */
  organization(cells: Cells): string {
    return this.id(cells, 'OrganizationId') || (this.format.organization ?? '');
  }

  /** The Source; undefined where absent. */
  source(cells: Cells): string | undefined {
    const text = this.text(cells, 'Source').trim();
    if (text !== '' && isNullMarker(text)) {
      throw new CellError({ column: 'Source', ...nullMarkerFault(text, 'a Source') });
    }
    return text === '' ? undefined : text;
  }

  /** A length or position in whole milliseconds; undefined where absent. */
  lengthMs(cells: Cells, column: ColumnName): number | undefined {
    const text = this.text(cells, column);
    return text === '' ? undefined : readOrThrow(column, this.#length(text, column));
  }

  /** A moment in whole unix milliseconds; undefined where absent. */
  timeMs(cells: Cells, column: ColumnName): number | undefined {
    const text = this.text(cells, column);
    return text === '' ? undefined : readOrThrow(column, this.#timeOf(text)).ms;
  }

  /** Unix seconds with the fraction as written; for a cell that is not empty. */
  seconds(cells: Cells, column: ColumnName): number {
    return readOrThrow(column, this.#timeOf(this.text(cells, column))).seconds;
  }

  /** Whole milliseconds of a text in a length column; undefined where the text is not a length. */
  tryLengthMs(text: string, column: ColumnName): number | undefined {
    const ms = this.#length(text, column);
    return typeof ms === 'number' ? ms : undefined;
  }

  /** The duration of the clip in whole milliseconds; undefined where absent. */
  clipDurationMs(cells: Cells): number | undefined {
    const ms = this.lengthMs(cells, 'ClipDuration');
    if (ms !== 0) return ms;
    throw new CellError({
      column: 'ClipDuration',
      expected: 'a length above 0',
      received: excerpt(this.text(cells, 'ClipDuration')),
      hint: 'Leave the cell empty where the duration is not known',
    });
  }

  /** The playback speed: seconds of audio per second of the clock; 1 where absent. */
  speed(cells: Cells): number {
    const text = this.text(cells, 'Speed');
    if (text === '') return 1;
    // A speed has no unit; three decimals are kept.
    const thousandths = readOrThrow('Speed', this.#length(text, 'Speed'));
    if (thousandths > 0) return thousandths / 1000;
    throw new CellError({
      column: 'Speed',
      expected: 'a number above 0',
      received: excerpt(text),
      hint: 'Leave the cell empty where the speed is not known: then it is read as 1',
    });
  }

  /** The items of `Segments`; at least one. */
  segments(cells: Cells): readonly SegmentItem[] {
    const text = this.text(cells, 'Segments');
    return readOrThrow(
      'Segments',
      readSegments(text, {
        lengthOf: (position) => this.#length(position, 'Segments'),
        timeOf: (time) => {
          const read = this.#timeOf(time);
          return 'ms' in read ? read.ms : read;
        },
      }),
    );
  }

  #length(text: string, column: ColumnName): number | Unreadable {
    let reader = this.#lengths.get(column);
    if (!reader) {
      reader = new LengthReader({ unit: this.#unitOf(column), commaAllowed: this.format.commaAllowed });
      this.#lengths.set(column, reader);
    }
    const wanted = column === 'Speed' ? 'a number above 0' : 'a length of at least 0';
    const ms = reader.read(text, wanted);
    return typeof ms !== 'number' && isNullMarker(text) ? nullMarkerFault(text, wanted) : ms;
  }

  #unitOf(column: ColumnName): Units['duration'] {
    const { units } = this.format;
    switch (unitFlagOf(column)) {
      case '--duration-unit':
        return units.duration;
      case '--position-unit':
        return units.position;
      case '--clip-duration-unit':
        return units.clipDuration;
      default:
        return 's';
    }
  }
}

/** The value of a column that the shape needs; a `CellError` where it is absent. */
export function needed<T>(column: ColumnName, value: T | undefined, expected: string): T {
  if (value !== undefined) return value;
  throw new CellError({
    column,
    expected,
    received: 'an empty cell',
    hint: `Fill in ${column}, or leave the row out`,
  });
}

/** An item of the column `Segments`: `a-b`, `a-b@start` or `a-b@start/end`. */
export interface SegmentItem {
  /** Positions in whole milliseconds. */
  readonly startPositionMs: number;
  readonly endPositionMs: number;
  /** Unix milliseconds; undefined where the item does not say. */
  readonly startedAtMs: number | undefined;
  readonly endedAtMs: number | undefined;
}

interface SegmentValues {
  /** Whole milliseconds of a position. */
  readonly lengthOf: (text: string) => number | Unreadable;
  /** Whole unix milliseconds of a time. */
  readonly timeOf: (text: string) => number | Unreadable;
}

const WANTED = 'segments like 0-4.554;308.053-542.643';
const HINT =
  'Positions are seconds or h:mm:ss; each segment is start-end, perhaps with @time of its start, or @start/end';

/** Reads the items of a `Segments` cell, separated by `;`, or returns why they cannot be read. */
function readSegments(text: string, values: SegmentValues): readonly SegmentItem[] | Unreadable {
  const parts = text.split(';');
  if (parts.length > MAX_SEGMENTS) {
    return {
      expected: `at most ${formatNumber(MAX_SEGMENTS)} segments`,
      received: formatNumber(parts.length),
      hint: 'Use one row per session: the segments of several were probably joined',
    };
  }
  const items: SegmentItem[] = [];
  for (const part of parts) {
    const item = readItem(part, values);
    if ('expected' in item) return item;
    items.push(item);
  }
  return items;
}

function readItem(part: string, { lengthOf, timeOf }: SegmentValues): SegmentItem | Unreadable {
  const [range, times] = splitOnce(part, '@');
  const [from, to] = splitOnce(range, '-');
  const startPositionMs = lengthOf(from);
  const endPositionMs = to === undefined ? undefined : lengthOf(to);
  if (typeof startPositionMs !== 'number' || typeof endPositionMs !== 'number')
    return { expected: WANTED, received: excerpt(part), hint: HINT };
  if (endPositionMs < startPositionMs) {
    const hint = 'Write a jump back as a segment of its own: 100-120;60-90';
    return { expected: 'segments that end at or after their start', received: excerpt(part), hint };
  }
  const [start, end] = times === undefined ? [] : splitOnce(times, '/');
  const startedAtMs = start === undefined ? undefined : timeOf(start);
  if (typeof startedAtMs === 'object') return startedAtMs;
  const endedAtMs = end === undefined ? undefined : timeOf(end);
  if (typeof endedAtMs === 'object') return endedAtMs;
  return { startPositionMs, endPositionMs, startedAtMs, endedAtMs };
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
