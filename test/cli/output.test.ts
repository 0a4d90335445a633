import { chmod, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { openOutput, writeAll } from '../../src/cli/output.js';

/** A stream that looks at what it was given only later, as a slow disk does. */
function slowStream(): { readonly stream: NodeJS.WriteStream; readonly text: () => string } {
  let text = '';
  const stream = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      setImmediate(() => {
        text += Buffer.from(chunk).toString();
        done();
      });
    },
  });
  return { stream: stream as NodeJS.WriteStream, text: () => text };
}

describe('writing all of a stream', () => {
  it('is done with bytes before their memory is used again', async () => {
    const { stream, text } = slowStream();
    const memory = Buffer.alloc(3);
    function* pieces(): Generator<Uint8Array | string> {
      for (let n = 100; n < 150; n += 1) {
        memory.write(String(n));
        yield memory;
        yield ' ';
      }
    }
    await writeAll(await openOutput(undefined, stream), pieces());
    expect(text()).toBe(Array.from({ length: 50 }, (_, n) => `${n + 100} `).join(''));
  });

  it('hears a signal though the stream takes everything at once', async () => {
    const stream = new Writable({ write: (_chunk, _encoding, done) => done() }) as NodeJS.WriteStream;
    const controller = new AbortController();
    const stopped = new Error('stopped');
    setImmediate(() => controller.abort(stopped));
    let written = 0;
    function* pieces(): Generator<string> {
      for (; written < 100_000; written += 1) yield 'x';
    }
    const all = writeAll(await openOutput(undefined, stream), pieces(), controller.signal);
    await expect(all).rejects.toBe(stopped);
    expect(written).toBeLessThan(100);
  });
});

describe('an output', () => {
  it('is not closed as if it were whole while a fault is still on its way', async () => {
    const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
    const stream = new Writable({
      write: (_chunk, _encoding, done) => done(full),
      // As a file does, which is closed before its fault is told.
      destroy: () => {},
    }) as NodeJS.WriteStream;
    const output = await openOutput(undefined, stream);
    stream.write('x');
    await new Promise((done) => setImmediate(done));
    await expect(output.close()).rejects.toThrow('no space left on the disk');
  });
});

describe('a file that is written', () => {
  const { stream: stdout } = slowStream();
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'omny-consume-output-'));
    return () => rm(folder, { recursive: true });
  });
  const at = (name: string) => join(folder, name);

  it('has a name that nobody can guess until it is whole', async () => {
    const names = new Set<string>();
    for (let i = 0; i < 3; i += 1) {
      const output = await openOutput(at('x'), stdout);
      for (const name of await readdir(folder)) names.add(name);
      await output.abandon();
    }
    expect([...names].filter((name) => /^\.omny-consume-[\da-f-]{36}\.part$/.test(name))).toHaveLength(3);
    expect(names.size).toBe(3);
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes the place of a link, and leaves alone what the link leads to', async () => {
    await writeFile(at('precious'), 'precious');
    await symlink('precious', at('link'));
    await writeAll(await openOutput(at('link'), stdout), ['new']);
    expect([await readFile(at('precious'), 'utf8'), await readFile(at('link'), 'utf8')]).toEqual([
      'precious',
      'new',
    ]);
    await expect(readlink(at('link'))).rejects.toThrow('EINVAL');
  });

  it('keeps the permissions of the one whose place it takes, and shows no more while it is written', async () => {
    for (const mode of [0o600, 0o666]) {
      await writeFile(at('x'), 'old');
      await chmod(at('x'), mode);
      const output = await openOutput(at('x'), stdout);
      const [part] = (await readdir(folder)).filter((name) => name !== 'x');
      expect((await stat(at(part!))).mode & 0o777 & ~mode).toBe(0);
      await output.close();
      expect((await stat(at('x'))).mode & 0o777).toBe(mode);
    }
  });
});
