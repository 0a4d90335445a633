import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SpillLog, START_BYTES } from '../../src/sessions/spill-log.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'records-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Small ones, some of a whole piece, and some larger than one. */
const record = fc
  .record({
    byte: fc.nat(255),
    length: fc.oneof(fc.nat(9), fc.nat(5000), fc.integer({ min: 65_000, max: 150_000 })),
  })
  .map(({ byte, length }) => Buffer.alloc(length, byte));

function same(found: Iterable<Buffer>, wanted: readonly Buffer[]): void {
  const list = [...found];
  expect(list.length).toBe(wanted.length);
  expect(list.findIndex((bytes, i) => !bytes.equals(wanted[i]!))).toBe(-1);
}

describe('records', () => {
  it('come back as they were put in, in order and by address, as often as asked, in memory and on disk', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 60 }), fc.constantFrom(1, 100_000, 1e9), (wanted, bytes) => {
        const records = new SpillLog({ bytes, folder });
        try {
          const addresses = wanted.map((one, i) =>
            i % 5 === 4
              ? records.addPieces([one.subarray(0, 3), one.subarray(3)])
              : records.add(one.subarray(0, 3), one.subarray(3)),
          );
          same(records, wanted);
          same(records, wanted);
          expect([...records.entries()].map(([address]) => address)).toEqual(addresses);
          same(
            addresses.toReversed().map((address) => records.at(address)),
            wanted.toReversed(),
          );
          for (const [address, start] of records.entries(true)) {
            const whole = wanted[addresses.indexOf(address)]!;
            expect([whole.length, START_BYTES]).toContain(start.length);
            same([start], [whole.subarray(0, start.length)]);
            expect(records.lengthAt(address)).toBe(whole.length);
            same([Buffer.concat([...records.piecesAt(address, 2)])], [whole.subarray(2)]);
          }
          expect(readdirSync(folder)).toEqual([]);
        } finally {
          records.close();
        }
      }),
      { numRuns: 60 },
    );
  });

  it('can be gone through by two readers at once, each at its own pace, while more are added', () => {
    const records = new SpillLog({ bytes: 1, folder });
    const wanted = Array.from({ length: 3000 }, (_, i) => Buffer.from(`${i} ${'x'.repeat(i % 300)}`));
    for (const one of wanted) records.add(one);
    const [a, b] = [records[Symbol.iterator](), records[Symbol.iterator]()];
    const early = Array.from({ length: 1500 }, () => a.next().value as Buffer);
    for (const one of wanted) records.add(one);
    expect(b.next().value).toEqual(wanted[0]);
    same(early, wanted.slice(0, 1500));
    expect(a.next().value).toEqual(wanted[1500]);
    records.close();
  });
});
