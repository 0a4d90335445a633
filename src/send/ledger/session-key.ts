import { readGuid, writeGuid } from '../../domain/guid.js';

/** Bytes of a SessionId in a ledger. */
export const KEY_BYTES = 16;

const words = new Uint32Array(4);

/** The 16 bytes of a SessionId, in the order of its digits. @param guid In either letter case. */
export function sessionKey(guid: string): Buffer {
  writeGuid(guid, words, 0);
  const bytes = Buffer.allocUnsafe(KEY_BYTES);
  for (let word = 0; word < 4; word += 1) bytes.writeUInt32BE(words[word]!, 4 * word);
  return bytes;
}

/** The SessionId of 16 bytes, in lower case. */
export function sessionIdOf(key: Uint8Array): string {
  const bytes = Buffer.from(key.buffer, key.byteOffset, key.byteLength);
  for (let word = 0; word < 4; word += 1) words[word] = bytes.readUInt32BE(4 * word);
  return readGuid(words, 0);
}
