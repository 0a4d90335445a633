import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InputRecord } from '../../../src/domain/record.js';
import { readCsv } from '../../../src/read/csv/csv.js';
import { type ValidateOptions, validate } from '../../../src/validate/validate.js';
import { readAll } from '../as-read.js';
import { table } from './plain-table.js';

const NOW = 1_800_000_000;
const INPUT = { index: 0, name: 'x.csv' };
const HEADER = 'OrganizationId,ClipId,SessionId,Type,Position,SeqNumber,Timestamp';
const ROW =
  '126281f8-200e-4c9f-8378-a4870055423b,4ddf17e1-0c8c-4ed0-ab3a-151071fc4da4,2ec9d456-c870-4694-ad69-844eea3d02ef,Start,1.5,1,1700000000';

async function* chunked(chunks: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

function records(chunks: readonly Buffer[], plainUntil: number | undefined): AsyncIterable<InputRecord[]> {
  return readCsv(chunked(chunks), INPUT, { map: new Map(), plainUntil });
}

function readRows(chunks: readonly Buffer[], plainUntil?: number) {
  return readAll(records(chunks, plainUntil));
}

function report(chunks: readonly Buffer[], fast: boolean, options: Partial<ValidateOptions> = {}) {
  return validate(records(chunks, fast ? NOW + 300 : undefined), { now: NOW, countSound: fast, ...options });
}

describe('the fast lane for event rows', () => {
  it('reads what the general path reads, to the digit and the line', async () => {
    let plain = 0;
    await fc.assert(
      fc.asyncProperty(table, async (chunks) => {
        const fast = await readRows(chunks, NOW + 300);
        plain += fast.plain;
        expect(fast.read).toStrictEqual((await readRows(chunks)).read);
      }),
      { numRuns: 150 },
    );
    expect(plain).toBeGreaterThan(400);
  });

  it('changes no report', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom(1, 3000, 1e8), async (chunks, bytes) => {
        const fast = await report(chunks, true, { memory: { bytes, folder: tmpdir() } });
        expect(fast).toStrictEqual(await report(chunks, false));
      }),
      { numRuns: 25 },
    );
  });

  it('is not taken unless it is asked for, nor where times are in another unit or SeqNumbers are missing', async () => {
    const text = [HEADER, ROW, ROW, ''].join('\n');
    const plainOf = async (bytes: string, plainUntil?: number) =>
      (await readRows([Buffer.from(bytes)], plainUntil)).plain;
    expect(await plainOf(text)).toBe(0);
    expect(await plainOf(text, NOW)).toBe(2);
    expect(await plainOf(text, 1_699_999_999)).toBe(0);
    expect(await plainOf(text.replace('SeqNumber', 'Number'), NOW)).toBe(0);
    let plain = 0;
    const options = { map: new Map(), plainUntil: NOW, timestampUnit: 'ms' } as const;
    for await (const some of readCsv(chunked([Buffer.from(text)]), INPUT, options)) {
      plain += some.filter(({ kind }) => kind === 'plain').length;
    }
    expect(plain).toBe(0);
  });

  it('goes on after rows with quotes', async () => {
    const quoted = `"${ROW.replaceAll(',', '","')}"`;
    const rows = [...Array(200).fill(ROW), quoted, ...Array(200).fill(ROW), quoted, ROW, ''];
    const { read, plain } = await readRows([Buffer.from([HEADER, ...rows].join('\n'))], NOW);
    expect(read.map(({ place }) => place.line)).toEqual(Array.from({ length: 403 }, (_, i) => i + 2));
    expect(plain).toBe(401);
  });
});
