import type { Chance } from './chance.js';
import { scramble, wordsOf, wordsOfText } from './scramble.js';

const ROUNDS = 6;
const HIGH_BITS = 0x1f_ffff;
/** Companions (sound sessions that a fault needs beside it) have numbers of their own, above those of any session. */
const COMPANION_BIT = 0x8_0000;

/** Makes the SessionId of a session from its number. */
export type SessionIds = (number: number, companion?: boolean) => string;

/**
 * The SessionIds of one simulation: version 8 UUIDs that begin with `5eed`. The other 106 bits are a permutation (a Feistel network) of the
 * seed (54 bits) and the session's number (52 bits) under a key made of the settings: two sessions of the same settings never share
 * an id, whatever their seeds, and two of different settings do so no likelier than two random numbers of 106 bits.
 * @param settings what makes the sessions others than those of another simulation with the same seed.
 */
export function sessionIds(seed: number, settings: string): SessionIds {
  const [seedHigh, seedLow] = wordsOf(seed);
  const [keyA, keyB] = wordsOfText(settings);
  return (number, companion = false) => {
    const [numberHigh, numberLow] = wordsOf(number);
    let leftHigh = seedHigh & HIGH_BITS;
    let leftLow = seedLow;
    let rightHigh = ((seedHigh < 0 ? 1 : 0) << 20) | (companion ? COMPANION_BIT : 0) | numberHigh;
    let rightLow = numberLow;
    for (let round = 0; round < ROUNDS; round += 1) {
      const low = scramble(rightLow, scramble(rightHigh, keyA + round));
      const high = scramble(low, keyB);
      const mixedHigh = leftHigh ^ (high & HIGH_BITS);
      const mixedLow = leftLow ^ low;
      leftHigh = rightHigh;
      leftLow = rightLow;
      rightHigh = mixedHigh;
      rightLow = mixedLow;
    }
    return written(leftHigh, leftLow, rightHigh, rightLow);
  };
}

/** A GUID made from the seed, in the form of a random UUID (version 4): for an organization or a clip. */
export function madeGuid(chance: Chance): string {
  const [a, b, c, d] = [chance.word(), chance.word(), chance.word(), chance.word()];
  return `${hex(a, 8)}-${hex(b >>> 16, 4)}-4${hex(b & 0xfff, 3)}-${hex((c >>> 18) | 0x8000, 4)}-${hex(c & 0xffff, 4)}${hex(d, 8)}`;
}

function written(leftHigh: number, leftLow: number, rightHigh: number, rightLow: number): string {
  const third = 0x8000 | (leftHigh >>> 9);
  const fourth = 0x8000 | ((leftHigh & 0x1ff) << 5) | (rightHigh >>> 16);
  return `5eed${pair(leftLow >>> 16)}-${pair(leftLow & 0xffff)}-${pair(third)}-${pair(fourth)}-${pair(rightHigh & 0xffff)}${pair(rightLow >>> 16)}${pair(rightLow & 0xffff)}`;
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function pair(word: number): string {
  return `${BYTES[word >>> 8]}${BYTES[word & 0xff]}`;
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}
