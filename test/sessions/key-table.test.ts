import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstWord } from '../../src/sessions/key-slots.js';
import { KeyTable } from '../../src/sessions/key-table.js';
import { casesOf } from '../cases.js';

const KEY_WORDS = 2;
const VALUE_WORDS = 3;
const PAGE_BYTES = 256 * (KEY_WORDS + VALUE_WORDS) * 4;

/** A hash with few different values makes keys stand far from where they belong, over the ends of pages and of the table. */
const hashes = {
  fair: firstWord,
  'of few values': (words: Uint32Array, at: number) => (words[at]! & 3) * 0x5555_5555,
  'of one value': () => 0xffff_ffff,
};

function table(bytes: number, hash: (words: Uint32Array, at: number) => number): KeyTable {
  const memory = { bytes, folder: tmpdir() };
  return new KeyTable({ keyWords: KEY_WORDS, valueWords: VALUE_WORDS, hash }, memory);
}

describe.each(Object.entries(hashes))('a table of keys, with a hash that is %s', (_what, hash) => {
  it('holds what a Map would, whatever memory there is', () => {
    const word = fc.integer({ min: 0, max: 0xffff_ffff });
    const step = fc.record({
      key: fc.oneof(fc.nat(50), fc.integer({ min: 1_000_000, max: 1_001_000 }), word),
      value: word,
      places: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 400, size: 'max' }),
        fc.nat(hash === firstWord ? 20_000 : 1200),
        fc.constantFrom(0, PAGE_BYTES * 3, PAGE_BYTES * 12, PAGE_BYTES * 1000),
        (steps, filler, bytes) => {
          const keys = table(bytes, hash);
          const naive = new Map<number, number>();
          const key = new Uint32Array(KEY_WORDS);
          const place = (its: number, value: number) => {
            key.set([Math.imul(its, 0x9e37_79b1), its]);
            const at = keys.place(key, 0);
            expect(keys.words[at]).toBe(naive.get(its) ?? 0);
            keys.words.set([value, its, 1], at);
            naive.set(its, value);
          };
          const find = (its: number) => {
            key.set([Math.imul(its, 0x9e37_79b1), its]);
            const at = keys.find(key, 0);
            const found = at < 0 ? undefined : [...keys.words.subarray(at, at + VALUE_WORDS)];
            const wanted = naive.get(its);
            expect(found).toEqual(wanted === undefined ? undefined : [wanted, its, 1]);
          };
          for (let i = 0; i < filler; i += 1) place(1_000_000 + i, i);
          for (const { key: its, value, places } of steps)
            if (places) place(its, value);
            else find(its);
          for (const its of naive.keys()) find(its);
          expect(keys.size).toBe(naive.size);
          expect(keys.heldBytes).toBeLessThanOrEqual(Math.max(bytes, 5 * PAGE_BYTES));
          keys.close();
        },
      ),
      { numRuns: casesOf(hash === firstWord ? 20 : 12) },
    );
  });
});

it('tells of a folder that cannot hold it', () => {
  const key = new Uint32Array(KEY_WORDS);
  const fill = () => {
    const shape = { keyWords: KEY_WORDS, valueWords: VALUE_WORDS, hash: firstWord };
    const keys = new KeyTable(shape, { bytes: 0, folder: '/proc/no-such-folder' });
    for (let i = 0; i < 2000; i += 1) {
      key[0] = i;
      keys.words[keys.place(key, 0) + VALUE_WORDS - 1] = 1;
    }
  };
  expect(fill).toThrowError(/temporary files cannot be written/);
});
