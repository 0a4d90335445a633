import { createHash } from 'node:crypto';
import { guidKey } from '../../domain/guid.js';
import { HashTally } from './hash-tally.js';

/** The namespace of SessionIds made from rows; never to be changed, or the same file would give other ids. */
const NAMESPACE = Buffer.from('b5a1c7e27d3f4c0c9a53d1c4f1de6a08', 'hex');

/** Makes SessionIds for the rows of one file that have none: the same file gives the same ids. */
export class RowSessionIds {
  readonly #rows = new HashTally();

  /** A version 5 UUID from all cells as written, the organization, and how many equal rows stood before it. */
  idOf(cells: readonly string[], organization: string): string {
    const name = [guidKey(organization), ...cells];
    const first = hash(name);
    const before = this.#rows.add(first.readUIntBE(14, 6));
    return uuid5(before === 0 ? first : hash([...name, before]));
  }
}

function hash(name: readonly (string | number)[]): Buffer {
  return createHash('sha1').update(NAMESPACE).update(JSON.stringify(name)).digest();
}

function uuid5(digest: Buffer): string {
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = digest.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
