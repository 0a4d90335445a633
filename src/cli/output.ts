import { randomUUID } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { chmod, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';

import { UserError } from '../domain/errors.js';

/** The reader of the output has closed it (`| head -1`). This is not an error; stop writing. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** The destination of a command's data. */
export interface Output {
  /**
   * Resolves when more can be written and the caller can reuse the bytes.
   * @throws OutputClosed, or UserError of kind `output` when writing fails
   */
  write(piece: string | Uint8Array): Promise<void>;
  /** Completes the output. Only now does a file get its final name. */
  close(): Promise<void>;
  /** Discards the output. No part of a file remains. */
  abandon(): Promise<void>;
}

/** The file of `-o`, or stdout. */
export async function openOutput(path: string | undefined, stdout: NodeJS.WriteStream): Promise<Output> {
  return path === undefined || path === '-'
    ? new StreamOutput(stdout, 'standard output')
    : await openFile(path);
}

/**
 * Writes a stream to an output until its reader closes it. A reader that closes early does not change the exit code.
 * @returns whether everything was written
 * @throws Interrupted once the signal is aborted
 */
export async function writeAll(
  output: Output,
  pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    for await (const piece of pieces) {
      await output.write(piece);
      // Files are written synchronously. Without a turn of the event loop, signals and progress bars would not work.
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

  /** Resolves once earlier writes are done, or throws their error. */
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
 * Writes a temporary file next to the final name and renames it when it is complete, with the permissions of the file
 * that it replaces. Replaces a link instead of following it. The temporary name cannot be guessed, and an existing
 * file is never opened. Writes directly to what is not a regular file (`/dev/null`).
 */
async function openFile(path: string): Promise<Output> {
  const status = await stat(path).catch(() => null);
  if (status?.isDirectory()) throw new UserError('output', `${path}: is a folder, expected a file to write`);
  const direct = status !== null && !status.isFile();
  const written = direct ? path : join(dirname(path), `.omny-consume-${randomUUID()}.part`);
  const permissions = status === null ? null : status.mode & 0o777;
  const stream = await opened(written, path, { flags: direct ? 'w' : 'wx', mode: permissions ?? 0o666 });
  const output = new StreamOutput(stream, path);
  return {
    write: (piece) => output.write(piece),
    async close() {
      await output.close();
      await ended(stream);
      if (direct) return;
      // The umask limits the permissions of a new file.
      if (permissions !== null) await chmod(written, permissions);
      await rename(written, path);
    },
    async abandon() {
      stream.destroy();
      if (!direct) await rm(written, { force: true });
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
