import { createHash } from 'node:crypto';

/** The namespace of SessionIds made from rows; never to be changed, or the same rows would give other ids. */
const NAMESPACE = Buffer.from('b5a1c7e27d3f4c0c9a53d1c4f1de6a08', 'hex');

/** The SHA-1 of a name in our namespace: what `uuid5` and short hashes of the name are cut from. */
export function nameDigest(name: readonly unknown[]): Buffer {
  return createHash('sha1').update(NAMESPACE).update(JSON.stringify(name)).digest();
}

/** The version 5 UUID of a name's digest (RFC 9562, 5.5), in small letters. */
export function uuid5(digest: Buffer): string {
  const bytes = Buffer.from(digest.subarray(0, 16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
