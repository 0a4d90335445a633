import { putGuid } from '../domain/guid-words.js';
import type { RowTexts } from '../sessions/event-rows.js';
import { FLAG, REAL, ROW_WORDS, type Rows, WORD } from '../sessions/rows.js';
import { isSmall, putText, putThousandths, putWhole } from '../write/digits.js';

/*
 * The fast path from a session that was plainly sound to what is sent of it: from its rows straight to bytes. A test holds it to what
 * `packedEvents` gives of the session.
 */

/** No event takes more: three GUIDs, three numbers of at most 25 digits, and what stands between. */
const EVENT_BYTES = 320;
const FIRST_BYTES = 64 * 1024;

const TYPES = [
  Buffer.from('","Type":"Start","Position":'),
  Buffer.from('","Type":"Stop","Position":'),
] as const;
const SEQ_NUMBER = Buffer.from(',"SeqNumber":');
const TIMESTAMP = Buffer.from(',"Timestamp":');
const [BRACE, COMMA] = Buffer.from('},') as unknown as [number, number];

/** Writes sessions as bytes, one after the other into the same memory. */
export class RowBytes {
  /** What was written last stands in it until the next is. */
  bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);

  /**
   * Writes the events of a session as a request body holds them, with commas between; gives where they end.
   * @param rows Sound, in order, of one ClipId and one OrganizationId.
   */
  write(rows: Rows, texts: RowTexts): number {
    const { words, reals, count } = rows;
    let ids = 0;
    let idsEnd = 0;
    let idsCase = -1;
    let at = 0;
    for (let row = 0; row < count; row += 1) {
      if (at + EVENT_BYTES > this.bytes.length) this.#grow(at);
      const { bytes } = this;
      const its = row * ROW_WORDS;
      const flags = words[its + WORD.flags]!;
      const upperCase = flags & FLAG.upperCase;
      if (row > 0) bytes[at++] = COMMA;
      if (upperCase === idsCase) {
        bytes.copyWithin(at, ids, idsEnd);
        at += idsEnd - ids;
      } else {
        idsCase = upperCase;
        ids = at;
        idsEnd = at = this.#ids(rows, its, texts, at);
      }
      at = putText(bytes, at, TYPES[flags & FLAG.stop]!);
      at = putNumber(bytes, at, reals[(its >> 1) + REAL.position]!);
      at = putNumber(bytes, putText(bytes, at, SEQ_NUMBER), words[its + WORD.seqNumber]!);
      at = putNumber(bytes, putText(bytes, at, TIMESTAMP), reals[(its >> 1) + REAL.timestamp]!);
      bytes[at++] = BRACE;
    }
    return at;
  }

  #ids({ words }: Rows, its: number, texts: RowTexts, at: number): number {
    const organizationId = texts.organizationIdOf(words[its + WORD.organizationAndSource]!);
    const clipId = texts.clipIdOf(words[its + WORD.clip]!);
    const before = `{"OrganizationId":"${organizationId}","ClipId":"${clipId}","SessionId":"`;
    const upperCase = (words[its + WORD.flags]! & FLAG.upperCase) !== 0;
    return putGuid(words, its + WORD.key, upperCase, this.bytes, at + this.bytes.write(before, at, 'latin1'));
  }

  #grow(used: number): void {
    const bytes = Buffer.allocUnsafeSlow(this.bytes.length * 2);
    bytes.set(this.bytes.subarray(0, used));
    this.bytes = bytes;
  }
}

/** A number as `JSON.stringify` writes it. */
function putNumber(bytes: Buffer, at: number, value: number): number {
  if (isSmall(value)) return putWhole(bytes, at, value);
  const thousandths = Math.round(value * 1000);
  if (isSmall(thousandths) && thousandths / 1000 === value) return putThousandths(bytes, at, thousandths);
  return at + bytes.write(String(value), at, 'latin1');
}
