import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { writeGuid } from '../../src/domain/guid.js';
import { PRINT_BYTES, SeenSessions } from '../../src/sessions/key-table.js';

describe('sessions seen', () => {
  it('are remembered with their fingerprints, others are not', () => {
    const seen = new SeenSessions();
    const prints = new Map(Array.from({ length: 3000 }, () => [randomUUID() as string, randomBytes(20)]));
    for (const [key, print] of prints) seen.add(wordsOf(key), 0, print);
    expect(seen.size).toBe(prints.size);
    const wrong = [...prints].filter(
      ([key, print]) => !print.subarray(0, PRINT_BYTES).equals(seen.get(wordsOf(key), 0)!),
    );
    expect(wrong).toEqual([]);
    expect(seen.get(wordsOf(randomUUID()), 0)).toBeUndefined();
  });
});

function wordsOf(key: string): Uint32Array {
  const words = new Uint32Array(4);
  writeGuid(key, words, 0);
  return words;
}
