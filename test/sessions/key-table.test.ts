import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionIdOfHash } from '../../scripts/bounds-inputs.js';
import { hashGuid, writeGuid } from '../../src/domain/guid.js';
import { HASH_SEED, KEY_WORDS, type KeyHash, seededHash } from '../../src/sessions/key-slots.js';
import { KeyTable } from '../../src/sessions/key-table.js';
import { casesOf } from '../cases.js';

const VALUE_WORDS = 3;
const PAGE_BYTES = 256 * (KEY_WORDS + VALUE_WORDS) * 4;

/** A hash with few different values makes keys stand far from where they belong, over the ends of pages and of the table. */
const hashes = {
  fair: seededHash,
  'of few values': (words: Uint32Array, at: number) => (words[at]! & 3) * 0x5555_5555,
  'of one value': () => 0xffff_ffff,
};

function table(bytes: number, hash: KeyHash): KeyTable {
  return new KeyTable(VALUE_WORDS, { bytes, folder: tmpdir() }, hash);
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
        fc.nat(hash === seededHash ? 20_000 : 1200),
        fc.constantFrom(0, PAGE_BYTES * 3, PAGE_BYTES * 12, PAGE_BYTES * 1000),
        (steps, filler, bytes) => {
          const keys = table(bytes, hash);
          const naive = new Map<number, number>();
          const key = new Uint32Array(KEY_WORDS);
          const place = (its: number, value: number) => {
            key.set([Math.imul(its, 0x9e37_79b1), its, 0, 0]);
            const at = keys.place(key, 0);
            expect(keys.words[at]).toBe(naive.get(its) ?? 0);
            keys.words.set([value, its, 1], at);
            naive.set(its, value);
          };
          const find = (its: number) => {
            key.set([Math.imul(its, 0x9e37_79b1), its, 0, 0]);
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
      { numRuns: casesOf(hash === seededHash ? 20 : 12) },
    );
  });
});

it('tells of a folder that cannot hold it', () => {
  const key = new Uint32Array(KEY_WORDS);
  const fill = () => {
    const keys = new KeyTable(VALUE_WORDS, { bytes: 0, folder: '/proc/no-such-folder' });
    for (let i = 0; i < 2000; i += 1) {
      key[0] = i;
      keys.words[keys.place(key, 0) + VALUE_WORDS - 1] = 1;
    }
  };
  expect(fill).toThrowError(/temporary files cannot be written/);
});

describe('the seed of hashes', () => {
  it('is another one each time the program is loaded', async () => {
    const path = '../../src/sessions/key-slots.js?again';
    const again = (await import(/* @vite-ignore */ path)) as { readonly HASH_SEED: number };
    expect(again.HASH_SEED).not.toBe(HASH_SEED);
  });

  it('takes SessionIds apart that somebody chose to have one hash without it', () => {
    const chosen = Array.from({ length: 4096 }, (_, i) => sessionIdOfHash(i, 0xdead_beef));
    const words = new Uint32Array(KEY_WORDS);
    const hashesOf = (hash: KeyHash) =>
      new Set(
        chosen.map((id) => {
          writeGuid(id, words, 0);
          return hash(words, 0);
        }),
      );
    expect(hashesOf((key, at) => hashGuid(key, at)).size).toBe(1);
    expect(hashesOf(seededHash).size).toBeGreaterThan(4000);
  });
});
