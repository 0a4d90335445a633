import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { replayOf } from '../../../src/cli/send/input-pass.js';
import type { InputSource } from '../../../src/read/source.js';
import { casesOf } from '../../cases.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const { signal } = new AbortController();

async function* streamed(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function bytesOf(source: InputSource | undefined): Promise<Buffer> {
  if (source === undefined || typeof source === 'string' || 'query' in source) throw new Error('no stream');
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('what comes through a pipe can be read again and again, in memory and on disk', async () => {
  const chunk = fc.uint8Array({ maxLength: 100_000, size: 'max' });
  await fc.assert(
    fc.asyncProperty(fc.array(chunk, { maxLength: 8 }), fc.constantFrom(1, 1e8), async (chunks, bytes) => {
      const source = { name: '<stdin>', bytes: streamed(chunks) };
      const replay = await replayOf(['a.csv', source], { bytes, folder }, signal);
      expect(replay.sources[0]).toBe('a.csv');
      const wanted = Buffer.concat(chunks);
      for (let time = 0; time < 3; time += 1) {
        expect((await bytesOf(replay.sources[1])).equals(wanted)).toBe(true);
      }
      expect(readdirSync(folder)).toEqual([]);
      replay.close();
    }),
    { numRuns: casesOf(20) },
  );
});

test('a signal ends the wait for a pipe', async () => {
  const source = { name: '<stdin>', bytes: streamed([Buffer.from('a')]) };
  const stopped = AbortSignal.abort(new Error('stopped'));
  await expect(replayOf([source], { bytes: 1, folder }, stopped)).rejects.toThrow('stopped');
});
