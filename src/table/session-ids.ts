import { createHash } from 'node:crypto';
import { UserError } from '../domain/errors.js';
import { guidKey, readGuidCell } from '../domain/guid.js';
import { pluralize } from '../domain/text.js';
import { readDecimal, scaled } from '../read/text.js';
import { isTime, timeReader } from '../read/time/times.js';
import { CellError } from './cell-values.js';
import { findHeader, listed } from './columns.js';
import type { Cells, RowCells } from './row-cells.js';
import { HashTally } from './row-hashes.js';
import type { SessionContent } from './rows.js';

/**
 * Makes SessionIds for the rows of a file without ids: a version 5 UUID of the row's content and of the number of equal
 * rows before it. The id does not depend on the order of columns, unread columns, the forms of numbers and times, the
 * file or the line.
 */
export class RowSessionIds {
  readonly #rows = new HashTally();

  idOf(content: SessionContent): string {
    const name = ['row', ...contentName(content)];
    const digest = nameDigest(name);
    const before = this.#rows.add(digest.readUIntBE(14, 6));
    return uuid5(before === 0 ? digest : nameDigest([...name, before]));
  }
}

/**
 * The content of a row as a text; rows with the same content have equal texts. If two rows of a SessionId have equal
 * texts, they count once (`event-resent`); else the second is an error.
 */
export function contentKey(content: SessionContent): string {
  return JSON.stringify(contentName(content));
}

function contentName({
  organization,
  clip,
  source,
  startedAtMs,
  intervals,
}: SessionContent): readonly unknown[] {
  return [
    idText(organization),
    idText(clip),
    startedAtMs,
    intervals.map((interval) => [
      interval.startPositionMs,
      interval.endPositionMs,
      interval.startedAtMs ?? null,
      interval.endedAtMs ?? null,
    ]),
    source ?? null,
  ];
}

/**
 * The SessionId of `--session-key`: a version 5 UUID of the key's cells, the organization, and the clip as the table has it (before
 * `--clip-map`).
 * @param cells the key's cells as `keyText` gives them, in the option's order
 */
export function sessionIdOfKey(cells: readonly string[], organization: string, clip: string): string {
  return uuid5(nameDigest(['key', idText(organization), idText(clip), ...cells]));
}

/**
 * A key's cell as text that does not depend on its form: a whole number without decimals, a time as unix
 * milliseconds, a GUID in lower case, any other text trimmed.
 * @param timeOf reads a written time (not a number) as unix milliseconds; undefined if the text is not a time
 */
export function keyText(cell: string, timeOf: (text: string) => number | undefined): string {
  const text = cell.trim();
  const decimal = readDecimal(text);
  if (decimal) {
    const whole = scaled(decimal, 1, 'down');
    if (whole !== undefined && Number(text) === whole) return String(whole);
    return /[eE]/.test(text) ? String(Number(text)) : text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  }
  const guid = readGuidCell(text);
  if (guid !== undefined) return guidKey(guid);
  const time = timeOf(text);
  return time === undefined ? text : String(time);
}

/** An id for comparison: a GUID of any spelling in lower case; any other text unchanged. */
function idText(text: string): string {
  const guid = readGuidCell(text);
  return guid === undefined ? text : guidKey(guid);
}

/** The namespace of SessionIds made from rows; must never change: the same rows would get other ids. */
const NAMESPACE = Buffer.from('b5a1c7e27d3f4c0c9a53d1c4f1de6a08', 'hex');

/** The SHA-1 of a name in this program's namespace. `uuid5` and shorter hashes of the name are parts of it. */
function nameDigest(name: readonly unknown[]): Buffer {
  return createHash('sha1').update(NAMESPACE).update(JSON.stringify(name)).digest();
}

/** The version 5 UUID of a name's digest (RFC 9562, 5.5), in small letters. */
function uuid5(digest: Buffer): string {
  const bytes = Buffer.from(digest.subarray(0, 16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Makes SessionIds from the cells in the columns that `--session-key` names. */
export class SessionKey {
  /** The indexes of the columns that `--session-key` names. */
  readonly indexes: readonly number[];
  readonly #timeOf: (text: string) => number | undefined;
  #partial = 0;

  /** @throws UserError of kind `input` where the table has no such column. */
  constructor(
    readonly names: readonly string[],
    header: readonly string[],
    private readonly row: RowCells,
    file: string,
  ) {
    this.indexes = names.map((name) => {
      const index = findHeader(header, name, file);
      if (index !== undefined) return index;
      throw new UserError(
        'input',
        `${file}: no column ${JSON.stringify(name)}, which --session-key names; found ${listed(header)}`,
      );
    });
    const read = timeReader({ timezone: row.format.timezone });
    this.#timeOf = (text) => {
      const time = read(text);
      return isTime(time) ? time.ms : undefined;
    };
  }

  /** The SessionId of a row. @throws CellError where all cells of the key are empty, or an id of the row cannot be read. */
  idOf(cells: Cells): string {
    const { row } = this;
    const key = this.indexes.map((index) => row.format.nulls.read(cells[index] ?? ''));
    if (key.every((cell) => cell.trim() === '')) {
      throw new CellError({
        column: 'SessionId',
        expected: `a value in ${this.names.join(' or ')}, which makes the SessionId`,
        received: 'empty cells',
        hint: 'Name columns with --session-key that identify a session',
      });
    }
    return sessionIdOfKey(
      key.map((cell) => keyText(cell, this.#timeOf)),
      row.organization(cells),
      row.id(cells, 'ClipId'),
    );
  }

  /** The SessionId of a row; undefined where `idOf` throws a CellError. */
  tryIdOf(cells: Cells): string | undefined {
    try {
      return this.idOf(cells);
    } catch (error) {
      if (error instanceof CellError) return undefined;
      throw error;
    }
  }

  /** Counts a row that has only some cells of the key. */
  noteRow(cells: Cells): void {
    const empty = this.indexes.filter(
      (index) => this.row.format.nulls.read(cells[index] ?? '').trim() === '',
    );
    if (empty.length > 0 && empty.length < this.indexes.length) this.#partial += 1;
  }

  /**
   * A note about rows with only some cells of the key; undefined without such rows. Their sessions are correct only if
   * an empty cell has a meaning.
   */
  get note(): string | undefined {
    if (this.#partial === 0) return undefined;
    const rows = pluralize(this.#partial, 'row');
    return `${rows} with an empty cell in ${this.names.join(' or ')} (--session-key): these rows form their own sessions, separate from rows that have all these cells`;
  }
}
