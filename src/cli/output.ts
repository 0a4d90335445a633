import { randomUUID } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { chmod, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';

import { UserError } from '../domain/errors.js';

/** The reader of our output has gone (`| head -1`): nothing is wrong, and nothing more is to be written. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** Where a command's data goes. */
export interface Output {
  /** Resolves when more can be taken, and the memory of bytes may be used again. @throws OutputClosed, or UserError of kind `output` where it cannot be written. */
  write(piece: string | Uint8Array): Promise<void>;
  /** Ends it: a file takes its name only now, whole. */
  close(): Promise<void>;
  /** Gives up: of a file nothing stays. */
  abandon(): Promise<void>;
}

/** The output that `-o` names, or stdout. */
export async function openOutput(path: string | undefined, stdout: NodeJS.WriteStream): Promise<Output> {
  return path === undefined || path === '-'
    ? new StreamOutput(stdout, 'standard output')
    : await openFile(path);
}

/**
 * Writes all of a stream to an output, or as much as its reader takes: one that leaves early changes nothing of the exit code.
 * @returns whether all was written.
 * @throws Interrupted once the signal is aborted.
 */
export async function writeAll(
  output: Output,
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    for await (const piece of pieces) {
      await output.write(piece);
      // Files are written at once: without a turn of the event loop neither a signal nor a progress bar would be heard.
      if (signal) await new Promise((done) => setImmediate(done));
      signal?.throwIfAborted();
    }
    await output.close();
    return true;
  } catch (error) {
    await output.abandon();
    if (error instanceof OutputClosed) return false;
    throw error;
  }
}

class StreamOutput implements Output {
  #fault: NodeJS.ErrnoException | null = null;
  #wake: () => void = () => {};

  constructor(
    private readonly stream: Writable,
    private readonly name: string,
  ) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#fault ??= error;
      this.#wake();
    });
    stream.on('drain', () => this.#wake());
  }

  async write(piece: string | Uint8Array): Promise<void> {
    this.#check();
    if (piece.length === 0) return;
    if (typeof piece !== 'string') await this.#written(piece);
    else if (!this.stream.write(piece)) await this.#woken();
    this.#check();
  }

  async close(): Promise<void> {
    this.#check();
    if (this.stream.writableLength > 0) await this.#written('');
    this.#check();
  }

  async abandon(): Promise<void> {}

  /** What was written before is written too, or its fault known. */
  #written(bytes: Uint8Array | string): Promise<void> {
    return new Promise((done) => {
      this.stream.write(bytes, (error) => {
        if (error) this.#fault ??= error;
        done();
      });
    });
  }

  #woken(): Promise<void> {
    return new Promise((done) => {
      this.#wake = done;
    });
  }

  #check(): void {
    const fault: NodeJS.ErrnoException | null = this.#fault ?? this.stream.errored;
    if (!fault) return;
    if (fault.code === 'EPIPE') throw new OutputClosed();
    throw cannotWrite(this.name, fault);
  }
}

/**
 * A file beside its final name, which it takes when it is whole, with the permissions of the file that it replaces; a link is replaced, not
 * followed. Its first name cannot be guessed, and what stands there already is never opened. What is no regular file (`/dev/null`) is
 * written straight.
 */
async function openFile(path: string): Promise<Output> {
  const status = await stat(path).catch(() => null);
  if (status?.isDirectory()) throw new UserError('output', `${path}: is a folder, expected a file to write`);
  const straight = status !== null && !status.isFile();
  const written = straight ? path : join(dirname(path), `.omny-consume-${randomUUID()}.part`);
  const permissions = status === null ? null : status.mode & 0o777;
  const stream = await opened(written, path, { flags: straight ? 'w' : 'wx', mode: permissions ?? 0o666 });
  const output = new StreamOutput(stream, path);
  return {
    write: (piece) => output.write(piece),
    async close() {
      await output.close();
      await ended(stream);
      if (straight) return;
      // What a new file gets is cut by the umask.
      if (permissions !== null) await chmod(written, permissions);
      await rename(written, path);
    },
    async abandon() {
      stream.destroy();
      if (!straight) await rm(written, { force: true });
    },
  };
}

function opened(
  written: string,
  path: string,
  options: { readonly flags: string; readonly mode: number },
): Promise<WriteStream> {
  const stream = createWriteStream(written, options);
  return new Promise((done, fail) => {
    stream.once('open', () => done(stream));
    stream.once('error', (error) => fail(cannotWrite(path, error)));
  });
}

function ended(stream: WriteStream): Promise<void> {
  return new Promise((done) => stream.end(done));
}

function cannotWrite(name: string, { code, message }: NodeJS.ErrnoException): UserError {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'its folder does not exist',
    EACCES: 'no permission',
    EROFS: 'the disk is read-only',
    ENOSPC: 'no space left on the disk',
  };
  return new UserError('output', `${name}: cannot be written: ${reasons[code ?? ''] ?? message}`);
}
