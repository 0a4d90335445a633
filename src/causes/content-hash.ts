import type { Course } from './course.js';

const WORDS = 2 ** 32;

/** A hash of 64 bits, as two of 32. */
export interface ContentHash {
  readonly a: number;
  readonly b: number;
}

/** A hash of what happened in a session, when and where: the clip and the events, the SessionId aside. */
export function contentHash({ clip, events, stops, positionsMs, timestampsMs }: Course): ContentHash {
  let a = clip;
  let b = ~clip;
  for (let i = 0; i < events; i += 1) {
    const positionMs = positionsMs[i]!;
    const timestampMs = timestampsMs[i]!;
    const rest = (timestampMs / WORDS) ^ Math.imul(positionMs / WORDS, 31) ^ (stops[i]! << 30);
    a = mix(mix(a, positionMs), timestampMs ^ rest);
    b = remix(remix(b, positionMs), timestampMs ^ rest);
  }
  return { a, b };
}

/** A hash, in 52 bits, of the clip and of when and where a session begins. */
export function beginningHash({ clip, firstMs, positionsMs }: Course): number {
  const positionMs = positionsMs[0]!;
  const rest = (firstMs / WORDS) ^ Math.imul(positionMs / WORDS, 31);
  const a = mix(mix(clip, positionMs), firstMs ^ rest);
  const b = remix(remix(~clip, positionMs), firstMs ^ rest);
  return (a >>> 0) * 2 ** 20 + (b >>> 12);
}

/** A hash of a text in 32 bits. */
export function textHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i += 1) hash = mix(hash, text.charCodeAt(i));
  return hash;
}

function mix(hash: number, word: number): number {
  let mixed = Math.imul(hash ^ word, 0x85ebca6b);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 13);
}

function remix(hash: number, word: number): number {
  let mixed = Math.imul(hash + (word | 0), 0x27d4eb2f);
  mixed ^= mixed >>> 16;
  mixed = Math.imul(mixed, 0x165667b1);
  return mixed ^ (mixed >>> 14);
}
