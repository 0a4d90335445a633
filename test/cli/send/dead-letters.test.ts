import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { DeadLetters } from '../../../src/cli/send/dead-letters.js';
import type { EncodedSession } from '../../../src/write/encoded-session.js';

const SETTINGS = { maxSessions: 1, maxBytes: 65_536, defaultSource: 'Custom' };

function session(name: string): EncodedSession {
  const json = Buffer.from(JSON.stringify({ name }));
  return {
    key: name,
    source: undefined,
    organizationId: '',
    count: 1,
    json,
    playedSeconds: null,
    longestIntervalSeconds: null,
    endedAt: null,
  };
}

function lineOf(name: string): string {
  return `{"Source":"Custom","Events":[{"name":"${name}"}],"Completed":true}`;
}

function letters(): { readonly path: string; readonly append: (...names: string[]) => Promise<void> } {
  const folder = mkdtempSync(join(tmpdir(), 'omny-consume-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'refused.ndjson');
  return { path, append: (...names) => new DeadLetters(path, SETTINGS).append(names.map(session)) };
}

it('each stand there once, however many runs refuse them', async () => {
  const { path, append } = letters();
  await append('a', 'b', 'a');
  await append('b', 'c');
  expect(readFileSync(path, 'utf8').split('\n')).toEqual([lineOf('a'), lineOf('b'), lineOf('c'), '']);
});

it.each([
  ['whole', lineOf('a'), [lineOf('a'), lineOf('b'), '']],
  ['torn', lineOf('a').slice(0, 30), [lineOf('a').slice(0, 30), lineOf('a'), lineOf('b'), '']],
])('stand behind a last line that is %s and not ended, each in one of its own', async (_how, text, lines) => {
  const { path, append } = letters();
  writeFileSync(path, text);
  await append('a', 'b');
  expect(readFileSync(path, 'utf8').split('\n')).toEqual(lines);
});

it('stand there, each in a line of its own, where the same run tries again what a full disk has torn', async () => {
  const { path } = letters();
  const dead = new DeadLetters(path, SETTINGS);
  await dead.append([session('a')]);
  await oneWriteTorn(30);
  await expect(dead.append([session('b')])).rejects.toMatchObject({ kind: 'output' });
  await dead.append([session('a'), session('b')]);
  dead.close();
  const lines = [lineOf('a'), lineOf('b').slice(0, 30), lineOf('b'), ''];
  expect(readFileSync(path, 'utf8').split('\n')).toEqual(lines);
});

it('stand there once, also one that is read in several pieces, or holds what some take for the end of a line', async () => {
  const { path, append } = letters();
  const names = ['x'.repeat(3 * 1024 * 1024), 'a\u2028b\u0085c'];
  await append(...names);
  await append(...names);
  expect(readFileSync(path, 'utf8').split('\n')).toEqual([...names.map(lineOf), '']);
});

it('are not written through a link, whether it leads to a file or to nothing', async () => {
  const { path, append } = letters();
  const precious = `${path}.precious`;
  symlinkSync(precious, path);
  await expect(append('a')).rejects.toThrow(
    `${path}: the dead letters cannot be written: it is a link, which is not followed: name the file itself`,
  );
  expect(existsSync(precious)).toBe(false);
  writeFileSync(precious, 'x');
  await expect(append('a')).rejects.toMatchObject({ kind: 'output' });
  expect(readFileSync(precious, 'utf8')).toBe('x');
});

/** Of the next write to a file only some bytes get there. */
async function oneWriteTorn(bytes: number): Promise<void> {
  const file = await open('/dev/null');
  const handles = Object.getPrototypeOf(file) as FileHandle;
  await file.close();
  const torn = vi.spyOn(handles, 'appendFile').mockImplementationOnce(async function (
    this: FileHandle,
    data,
  ) {
    await this.write((data as Buffer).subarray(0, bytes));
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  });
  onTestFinished(() => torn.mockRestore());
}

it('may go to what is no file', async () => {
  await expect(new DeadLetters('/dev/null', SETTINGS).append([session('a')])).resolves.toBeUndefined();
  await expect(new DeadLetters('/dev/full', SETTINGS).append([session('a')])).rejects.toMatchObject({
    kind: 'output',
    message: expect.stringContaining('no space left'),
  });
});
