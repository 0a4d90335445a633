import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readJson } from '../../../src/read/json/json.js';
import { readNdjson } from '../../../src/read/ndjson/ndjson.js';
import { JsonScanner } from '../../../src/read/scan/json.js';
import { readCsv } from '../../../src/table/csv/csv.js';
import { EventRowScanner } from '../../../src/table/csv/scanner.js';
import { casesOf } from '../../cases.js';
import { type Read, readRecords } from '../as-read.js';
import { bodyLines } from './bodies.js';
import { document } from './documents.js';
import { input, inputOf } from './lines.js';
import { table } from './tables.js';

/** How many cases are tried of each kind of input: 20,000 before a change of the scanner is trusted. */
const RUNS = Number(process.env.SCAN_RUNS ?? casesOf(150));
const TIMEOUT = 20_000 + RUNS * 100;

const EVENT =
  '{"OrganizationId":"126281f8-200e-4c9f-8378-a4870055423b","ClipId":"4ddf17e1-0c8c-4ed0-ab3a-151071fc4da4","SessionId":"2ec9d456-c870-4694-ad69-844eea3d02ef","Type":"Start","Position":1.5,"SeqNumber":1,"Timestamp":1700000000}';
const bodyOf = (events: string) => `{"Source":"Custom","Events":[${events}],"Completed":true}`;

const HEADER = 'OrganizationId,ClipId,SessionId,Type,Position,SeqNumber,Timestamp';
const ROW =
  '126281f8-200e-4c9f-8378-a4870055423b,4ddf17e1-0c8c-4ed0-ab3a-151071fc4da4,2ec9d456-c870-4694-ad69-844eea3d02ef,Start,1.5,1,1700000000';

const READERS = { json: readJson, ndjson: readNdjson, csv: readCsv } as const;
type Format = keyof typeof READERS;

async function* chunked(chunks: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  // A copy, since a reader may use the memory of a chunk again once it asks for the next.
  for (const chunk of chunks) {
    const copy = Buffer.from(chunk);
    yield copy;
    copy.fill(0x20);
  }
}

function read(format: Format, chunks: readonly Buffer[], scan: boolean): Promise<Read[]> {
  const of = { index: 0, name: 'x' };
  return readRecords(READERS[format](chunked(chunks), of, { map: new Map(), scan }));
}

/** Holds what is read with the scanner to what is read without it; gives how many values the scanner took. */
async function compare(format: Format, chunks: readonly Buffer[]): Promise<number> {
  const scanner = format === 'csv' ? EventRowScanner.prototype : JsonScanner.prototype;
  const take = vi.spyOn(scanner, 'take');
  try {
    const scanned = await read(format, chunks, true);
    const taken = take.mock.results.filter(({ value }) => (value as number) >= 0).length;
    take.mockClear();
    const parsed = await read(format, chunks, false);
    expect(take).not.toHaveBeenCalled();
    expect(scanned).toStrictEqual(parsed);
    return taken;
  } finally {
    take.mockRestore();
  }
}

function cut(bytes: Buffer, size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

describe('with the scanner everything is read that is read without it, to the digit and the column', () => {
  it.each([
    ['events a line', 'ndjson', input],
    ['bodies a line', 'ndjson', inputOf(bodyLines)],
    ['arrays of events and bodies', 'json', document],
    ['rows', 'csv', table],
  ] as const)(
    '%s',
    async (_, format, chunks) => {
      let taken = 0;
      await fc.assert(
        fc.asyncProperty(chunks as fc.Arbitrary<Buffer[]>, async (some) => {
          taken += await compare(format, some);
        }),
        { numRuns: RUNS },
      );
      expect(taken).toBeGreaterThan(RUNS / 2);
    },
    TIMEOUT,
  );
});

describe('the scanner of lines', () => {
  it.each([
    ['that it takes', [EVENT, ` ${EVENT}`, EVENT, EVENT], 4],
    ['of a body among events', [EVENT, bodyOf(EVENT), EVENT], 3],
    ['some of which it does not take', ['', EVENT, EVENT, EVENT.replace('1.5', '-1'), 'é', EVENT, EVENT], 0],
  ])('gives the same wherever a chunk ends, of lines %s', async (_, lines, least) => {
    for (const feed of ['\n', '\r\n']) {
      for (const last of ['', feed]) {
        const bytes = Buffer.from(lines.join(feed) + last);
        for (let at = 0; at <= bytes.length; at += 7) {
          const chunks = [bytes.subarray(0, at), bytes.subarray(at)];
          expect(await compare('ndjson', chunks)).toBeGreaterThanOrEqual(least);
        }
      }
    }
  });

  it('takes a body whole, though it stands in several chunks', async () => {
    const line = Buffer.from(`${bodyOf(`${EVENT}, ${EVENT}`)}\n`);
    for (const size of [100, line.length, line.length + 7, 1000])
      expect(await compare('ndjson', cut(Buffer.concat([line, line, line]), size))).toBe(3);
  });

  it.each([
    ['400 events', bodyOf(`${`${EVENT},`.repeat(400)}${EVENT}`), 1],
    ['more values than a line may hold', bodyOf(`${`${EVENT},`.repeat(63_000)}${EVENT}`), 0],
    ['a million blanks in a row', bodyOf(`${EVENT}${' '.repeat(1_000_001)}`), 0],
    ['a million blanks in an event', bodyOf(EVENT.replace(':', `:${' '.repeat(1_000_001)}`)), 0],
    ['a longer line than may be', bodyOf(`${`${EVENT},${' '.repeat(900)}`.repeat(16_000)}${EVENT}`), 0],
    ['a Source in an event', bodyOf(EVENT.replace('}', ',"Source":"Custom"}')), 0],
    ['no event', bodyOf(''), 0],
    ['its events twice', bodyOf(EVENT).replace('"Completed"', `"Events":[${EVENT},${EVENT}],"Completed"`), 0],
    ['an event behind a comma too many', bodyOf(`${EVENT},`), 0],
    ['the Source that is reserved', bodyOf(EVENT).replace('"Custom"', '"Web"'), 1],
    ['a Source that is not documented', bodyOf(EVENT).replace('"Custom"', '"web"'), 0],
    ['a SeqNumber of 0', bodyOf(EVENT.replace('"SeqNumber":1', '"SeqNumber":0')), 1],
    ['a SeqNumber with a fraction', bodyOf(EVENT.replace('"SeqNumber":1', '"SeqNumber":1.0')), 0],
    ['a Timestamp with a fraction', bodyOf(EVENT.replace('1700000000', '1700000000.25')), 1],
  ])('gives the same of a body with %s', async (_, line, taken) => {
    const events = `${EVENT}\n`.repeat(8);
    expect(await compare('ndjson', [Buffer.from(`${events}${line}\n${events}${line}`)])).toBe(16 + 2 * taken);
  });
});

describe('the scanner of elements', () => {
  it('takes events and bodies over several lines', async () => {
    const values = [EVENT, bodyOf(`${EVENT},${EVENT}`), EVENT].map((text) => JSON.parse(text) as unknown);
    const text = JSON.stringify(values, null, 2);
    expect(await compare('json', [Buffer.from(text)])).toBe(3);
    expect((await read('json', [Buffer.from(text)], true)).map(({ place }) => place.line)).toEqual([
      2, 11, 35,
    ]);
  });

  it('knows its column behind characters of several bytes', async () => {
    await compare('json', [Buffer.from(`[{"é😀":1}, ${EVENT}, "é😀", ${EVENT}, {"x":tru}]`)]);
  });

  it('gives the same wherever a chunk ends', async () => {
    const text = `[${EVENT},\n{"a\\"\\\\":["😀{"]},${bodyOf(EVENT)} ,\n ${EVENT}]`;
    const bytes = Buffer.from(text);
    for (let at = 0; at <= bytes.length; at += 3)
      await compare('json', [bytes.subarray(0, at), bytes.subarray(at)]);
  });
});

describe('the scanner of rows', () => {
  const of = (rows: readonly string[], header = HEADER) => [Buffer.from([header, ...rows, ''].join('\n'))];

  it('takes none of a table without SeqNumbers, nor of times in another unit', async () => {
    expect(await compare('csv', of([ROW, ROW]))).toBe(2);
    expect(await compare('csv', of([ROW, ROW], HEADER.replace('SeqNumber', 'Number')))).toBe(0);
    const take = vi.spyOn(EventRowScanner.prototype, 'take');
    onTestFinished(() => {
      take.mockRestore();
    });
    const options = { map: new Map<string, string>(), timestampUnit: 'ms' } as const;
    await readRecords(readCsv(chunked(of([ROW])), { index: 0, name: 'x' }, options));
    expect(take).not.toHaveBeenCalled();
  });

  it('goes on after rows with quotes', async () => {
    const quoted = `"${ROW.replaceAll(',', '","')}"`;
    const rows = [...Array<string>(200).fill(ROW), quoted, ...Array<string>(200).fill(ROW), quoted, ROW];
    expect(await compare('csv', of(rows))).toBe(401);
  });
});
