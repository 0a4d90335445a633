/** Four words of 32 bits. */
export type Words = [number, number, number, number];

/** Mixes a word with a key so that each bit of both moves about half of the result's (the finalizer of MurmurHash3). */
export function scramble(word: number, key: number): number {
  let mixed = Math.imul(word ^ key, 0x9e3779b1) + key;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) | 0;
}

/** A safe integer as two words of 32 bits, the higher one carrying the sign. */
export function wordsOf(integer: number): readonly [high: number, low: number] {
  return [Math.floor(integer / 0x1_0000_0000) | 0, integer | 0];
}

/** Two words made from a text. */
export function wordsOfText(text: string): readonly [number, number] {
  let a = text.length;
  let b = ~text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = scramble(unit, a);
    b = scramble(a, b);
  }
  return [a, b];
}
