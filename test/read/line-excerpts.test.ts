import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { InputFormat } from '../../src/read/detect.js';
import { lineExcerpts } from '../../src/read/line-excerpts.js';
import { chunked } from './reading.js';

const REACH = 300;

function excerpts(
  text: string | Uint8Array,
  places: readonly (readonly [number, number])[],
  format: InputFormat | 'auto' = 'ndjson',
  size = 7,
) {
  const bytes = chunked(text, size);
  const wanted = places.map(([line, column]) => ({ line, column }));
  return lineExcerpts({ name: 'input', bytes }, wanted, format);
}

describe('the text at a place', () => {
  it('is the line that it stands in', () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({
          unit: fc.constantFrom('a', '"', ',', '東', '😀', '\n', '\r', '\r\n'),
          minLength: 1,
          maxLength: 40,
        }),
        fc.constantFrom<InputFormat>('csv', 'ndjson'),
        fc.integer({ min: 1, max: 9 }),
        async (text, format, size) => {
          const lines = text
            .split(format === 'csv' ? /\r\n|\r|\n/ : /\n/)
            .map((line) => line.replace(/\r$/, ''));
          const places = lines.flatMap((line, i) =>
            [1, line.length + 1, line.length + 2].map((column) => [i + 1, column] as const),
          );
          const found = await excerpts(text, places, format, size);
          for (const [line, column] of places) {
            const its = lines[line - 1]!;
            expect(found.get(`${line}:${column}`)).toEqual(
              column > its.length + 1
                ? undefined
                : { text: its, at: column - 1, cut: { before: false, after: false } },
            );
          }
        },
      ),
    ));

  it('is whole where a file is read into the same memory again and again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'omny-consume-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'long.ndjson');
    const lines = Array.from({ length: 20_000 }, (_, i) => `{"line":${i},"of":"${'abcdefgh'.repeat(10)}"}`);
    writeFileSync(file, lines.join('\n'));
    const places = lines.map((_, i) => ({ line: i + 1, column: 1 }));
    const found = await lineExcerpts(file, places, 'ndjson');
    expect([...found.values()].map(({ text }) => text)).toEqual(lines);
  });

  it('is a part of a long line', async () => {
    const line = `${'a'.repeat(1000)}X${'b'.repeat(1000)}`;
    const found = await excerpts(line, [[1, 1001]]);
    expect(found.get('1:1001')).toEqual({
      text: `${'a'.repeat(REACH)}X${'b'.repeat(REACH - 1)}`,
      at: REACH,
      cut: { before: true, after: true },
    });
  });

  it('cuts no character in two', async () => {
    const found = await excerpts(`${'😀'.repeat(400)}x`, [
      [1, 500],
      [1, 501],
    ]);
    for (const { text } of found.values()) expect(text).toBe(text.replaceAll(/\p{Surrogate}/gu, '�'));
    for (const { text } of found.values()) expect(text).not.toContain('�');
  });

  it('does not count a byte order mark, and is read out of gzip', async () => {
    const found = await excerpts(gzipSync('\ufeff{"a":\n1}'), [
      [1, 1],
      [2, 1],
    ]);
    expect([...found]).toEqual([
      ['1:1', { text: '{"a":', at: 0, cut: { before: false, after: false } }],
      ['2:1', { text: '1}', at: 0, cut: { before: false, after: false } }],
    ]);
  });

  it('is there as far as broken gzip can be read', async () => {
    const whole = gzipSync(`{"first":1}\n${'{"more":"'.padEnd(9000, 'x')}"}\n`);
    const found = await excerpts(
      whole.subarray(0, whole.length - 12),
      [
        [1, 2],
        [3, 1],
      ],
      'ndjson',
      1000,
    );
    expect([...found.keys()]).toEqual(['1:2']);
  });

  it('is not given of a HAR, whose lines may hold cookies, by its format or by its text', async () => {
    const har = '{"log":{"entries":[]}}';
    expect(await excerpts(har, [[1, 1]], 'har')).toEqual(new Map());
    expect(await excerpts(har, [[1, 1]], 'auto', 64)).toEqual(new Map());
  });

  it.each(['har', 'ndjson'] as const)('lets go of what it read, a %s too', async (format) => {
    let closed = false;
    async function* bytes() {
      try {
        yield* chunked('{"log":{}}\n'.repeat(1000), 5000);
      } finally {
        closed = true;
      }
    }
    await lineExcerpts({ name: 'input', bytes: bytes() }, [{ line: 1, column: 1 }], format);
    expect(closed).toBe(true);
  });
});
