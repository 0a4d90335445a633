import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InputRecord } from '../../src/domain/record.js';
import { readNdjson } from '../../src/read/ndjson.js';
import { INSPECT_DEFAULTS } from '../../src/validate/options.js';
import { validate } from '../../src/validate/validate.js';
import { casesOf } from '../cases.js';
import { asRead, type Read, readAll } from './as-read.js';
import { input } from './lines.js';

const NOW = 1_800_000_000;
const INPUT = { index: 0, name: 'x.ndjson' };
const EVENT =
  '{"OrganizationId":"126281f8-200e-4c9f-8378-a4870055423b","ClipId":"4ddf17e1-0c8c-4ed0-ab3a-151071fc4da4","SessionId":"2ec9d456-c870-4694-ad69-844eea3d02ef","Type":"Start","Position":1.5,"SeqNumber":1,"Timestamp":1700000000}';

async function* chunked(chunks: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

function readLines(chunks: readonly Buffer[], plainUntil?: number) {
  return readAll(readNdjson(chunked(chunks), INPUT, { plainUntil }));
}

describe('the fast path for events', () => {
  it('reads what the general path reads, to the digit and the column', async () => {
    let plain = 0;
    await fc.assert(
      fc.asyncProperty(input, async (chunks) => {
        const fast = await readLines(chunks, NOW + 300);
        plain += fast.plain;
        expect(fast.read).toStrictEqual((await readLines(chunks)).read);
      }),
      { numRuns: casesOf(200) },
    );
    expect(plain).toBeGreaterThan(casesOf(200));
  });

  it.each([
    ['that are all plain', [EVENT, ` ${EVENT}`, EVENT, EVENT], 4],
    ['of a body among events', [EVENT, `{"Source":"Custom","Events":[${EVENT}],"Completed":true}`, EVENT], 3],
    ['that are not all plain', ['', EVENT, '{', EVENT.replace('1.5', '-1'), '', 'é', EVENT, ''], 2],
  ])('reads the same wherever a chunk ends, of lines %s', async (_, lines, plain) => {
    for (const feed of ['\n', '\r\n']) {
      for (const last of ['', feed]) {
        const bytes = Buffer.from(lines.join(feed) + last);
        const { read } = await readLines([bytes]);
        for (let at = 0; at <= bytes.length; at += 1) {
          const fast = await readLines([bytes.subarray(0, at), bytes.subarray(at)], NOW);
          expect(fast).toStrictEqual({ read, plain });
        }
      }
    }
  });

  it('takes no event in which an event rule finds something', async () => {
    await fc.assert(
      fc.asyncProperty(input, async (chunks) => {
        async function* only(): AsyncGenerator<InputRecord[]> {
          for (const { kind, value, place } of await plainOf(chunks)) {
            if (kind === 'event') yield [{ kind, value, place, locate: () => ({ line: 1, column: 1 }) }];
          }
        }
        const { findings } = await validate(only(), { ...INSPECT_DEFAULTS, now: NOW });
        expect(findings.filter(({ place }) => place.pointer !== '')).toEqual([]);
      }),
      { numRuns: casesOf(100) },
    );
  });

  it('is not taken unless it is asked for', async () => {
    const line = `${EVENT}\n`;
    const chunks = [Buffer.from(line.repeat(4))];
    expect((await readLines(chunks)).plain).toBe(0);
    expect((await readLines(chunks, NOW)).plain).toBe(4);
    expect((await readLines(chunks, 1_699_999_999)).plain).toBe(0);
  });
});

async function plainOf(chunks: readonly Buffer[]): Promise<Read[]> {
  const read: Read[] = [];
  for await (const records of readNdjson(chunked(chunks), INPUT, { plainUntil: NOW + 300 })) {
    for (const record of records) if (record.kind === 'plain') read.push(...asRead(record));
  }
  return read;
}
