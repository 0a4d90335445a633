import { createHash } from 'node:crypto';
import { guidKey, readGuidCell } from '../domain/guid.js';
import { readDecimal, scaled } from '../read/text.js';
import { HashTally } from './hash-map.js';

/** What a row of the shape `sessions` says, as far as its SessionId depends on it. */
export interface SessionContent {
  readonly organization: string;
  readonly clip: string;
  readonly source: string | undefined;
  /** Unix milliseconds. */
  readonly startedAtMs: number;
  /** Positions of each interval, and the times that the row gives for it; absent where it gives none. All in whole milliseconds. */
  readonly intervals: readonly {
    readonly startPositionMs: number;
    readonly endPositionMs: number;
    readonly startedAtMs?: number | undefined;
    readonly endedAtMs?: number | undefined;
  }[];
}

/**
 * Makes SessionIds for the rows of a file without ids: a version 5 UUID of the row's content and of how many equal
 * rows came before. Column order, unread columns, forms of numbers and times, the file and the line do not matter.
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
 * What a row says, as a text that is equal for rows that say the same: a second row of a SessionId with the same text counts once
 * (`event-resent`), with another it is an error.
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

/** An id for comparison: a GUID in lower case, in any spelling; any other text unchanged. */
function idText(text: string): string {
  const guid = readGuidCell(text);
  return guid === undefined ? text : guidKey(guid);
}

/** The namespace of SessionIds made from rows; never to be changed, or the same rows would give other ids. */
const NAMESPACE = Buffer.from('b5a1c7e27d3f4c0c9a53d1c4f1de6a08', 'hex');

/** The SHA-1 of a name in our namespace: what `uuid5` and short hashes of the name are cut from. */
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
