import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNdjson } from '../../src/read/ndjson.js';
import { casesOf } from '../cases.js';
import { readAll } from './as-read.js';
import { bodyLines } from './bodies.js';
import { inputOf } from './lines.js';

const NOW = 1_800_000_000;
const INPUT = { index: 0, name: 'x.ndjson' };
const EVENT =
  '{"OrganizationId":"126281f8-200e-4c9f-8378-a4870055423b","ClipId":"4ddf17e1-0c8c-4ed0-ab3a-151071fc4da4","SessionId":"2ec9d456-c870-4694-ad69-844eea3d02ef","Type":"Start","Position":1.5,"SeqNumber":1,"Timestamp":1700000000}';
const bodyOf = (events: string) => `{"Source":"Custom","Events":[${events}],"Completed":true}`;

async function* chunked(chunks: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

function readLines(chunks: readonly Buffer[], plainUntil?: number) {
  return readAll(readNdjson(chunked(chunks), INPUT, { plainUntil }));
}

/** What is read on the fast path, which is to be what the general one reads; and how many events of it were plain. */
async function readBoth(chunks: readonly Buffer[]): Promise<number> {
  const fast = await readLines(chunks, NOW + 300);
  expect(fast.read).toStrictEqual((await readLines(chunks)).read);
  return fast.plain;
}

describe('the fast path for request bodies', () => {
  it('reads what the general path reads, to the digit and the column of each event', async () => {
    let plain = 0;
    await fc.assert(
      fc.asyncProperty(inputOf(bodyLines), async (chunks) => {
        plain += await readBoth(chunks);
      }),
      { numRuns: casesOf(300) },
    );
    expect(plain).toBeGreaterThan(casesOf(2000));
  });

  it('takes a body whole, though it stands in several chunks', async () => {
    const line = Buffer.from(`${bodyOf(`${EVENT}, ${EVENT}`)}\n`);
    for (const size of [100, line.length, line.length + 7, 1000]) {
      const all = Buffer.concat([line, line, line]);
      const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
        all.subarray(i * size, (i + 1) * size),
      );
      expect(await readBoth(chunks)).toBe(6);
    }
  });

  it.each([
    [
      'another event after the 64 KiB from which values are counted',
      bodyOf(`${`${EVENT},`.repeat(400)}${EVENT}`),
      401,
    ],
    ['more values than a line may hold', bodyOf(`${`${EVENT},`.repeat(63_000)}${EVENT}`), 0],
    ['a million blanks in a row', bodyOf(`${EVENT}${' '.repeat(1_000_001)}`), 0],
    ['a million blanks in an event', bodyOf(EVENT.replace(':', `:${' '.repeat(1_000_001)}`)), 0],
    ['a longer line than may be', bodyOf(`${`${EVENT},${' '.repeat(900)}`.repeat(16_000)}${EVENT}`), 0],
    ['a Source in an event', bodyOf(EVENT.replace('}', ',"Source":"Custom"}')), 0],
    ['no event', bodyOf(''), 0],
    ['its events twice', bodyOf(EVENT).replace('"Completed"', `"Events":[${EVENT},${EVENT}],"Completed"`), 0],
    ['an event behind a comma too many', bodyOf(`${EVENT},`), 0],
    ['a Source that is reserved', bodyOf(EVENT).replace('"Custom"', '"Web"'), 0],
    ['a Timestamp of the future', bodyOf(EVENT.replace('1700000000', '1800000301')), 0],
    ['two SessionIds in turn', bodyOf(`${EVENT},${EVENT.replace('2ec9', '3EC9')},${EVENT}`), 0],
  ])('leaves nothing out and takes nothing for sound: %s', async (_, line, plain) => {
    expect(await readBoth([Buffer.from(`${EVENT}\n${line}\n${EVENT}\n${line}`)])).toBe(2 * plain + 2);
  });

  it('is not taken unless it is asked for', async () => {
    const chunks = [Buffer.from(`${bodyOf(EVENT)}\n`.repeat(3))];
    expect((await readLines(chunks)).plain).toBe(0);
    expect((await readLines(chunks, NOW)).plain).toBe(3);
    expect((await readLines(chunks, 1_699_999_999)).plain).toBe(0);
  });
});
