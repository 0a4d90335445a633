import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ByteSource, openSource, RereadableSources } from '../../src/read/source.js';

const folder = mkdtempSync(join(tmpdir(), 'omny-consume-'));
afterAll(() => rmSync(folder, { recursive: true }));

const path = (name: string): string => join(folder, name);

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('a file', () => {
  it('is opened again where nothing has changed', async () => {
    writeFileSync(path('same'), 'text');
    const again = await RereadableSources.of([path('same')]);
    expect(again.sources).toEqual([path('same')]);
    expect(await again.open(0)).toBe(path('same'));
  });

  it.each<[string, (file: string) => void]>([
    ['grew', (file) => appendFileSync(file, 'more')],
    [
      'was written anew with as many bytes',
      (file) => {
        writeFileSync(file, 'TEXT');
        utimesSync(file, 1, 1);
      },
    ],
    [
      'was replaced',
      (file) => {
        writeFileSync(`${file}.new`, 'text');
        renameSync(`${file}.new`, file);
      },
    ],
    ['is gone', (file) => rmSync(file)],
  ])('is not where it %s', async (_what, change) => {
    const file = path('changed');
    writeFileSync(file, 'text');
    const again = await RereadableSources.of([file]);
    change(file);
    expect(await again.open(0)).toBeNull();
  });

  it('is not where it is a pipe, which is never opened a second time', async () => {
    execFileSync('mkfifo', [path('pipe')]);
    const again = await RereadableSources.of([path('pipe')]);
    expect(await again.open(0)).toBeNull();
  });
});

describe('a stream', () => {
  const MOST = 4 * 1024 * 1024;

  async function* chunks(count: number): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < count; i += 1) yield Buffer.alloc(MOST / 4, String(i));
  }

  it('is kept as it is read, its first 4 MiB', async () => {
    const again = await RereadableSources.of([{ name: '<stdin>', bytes: chunks(6) }]);
    const first = await textOf(openSource(again.sources[0] as ByteSource));
    const kept = await again.open(0);
    expect(first.length).toBe(MOST * 1.5);
    expect(await textOf(openSource(kept as ByteSource))).toBe(first.slice(0, MOST));
  });
});
