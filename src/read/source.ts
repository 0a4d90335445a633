import type { Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { UserError } from '../domain/errors.js';
import { escaped } from '../domain/text.js';

const READ_BYTES = 1024 * 1024;
/** The first read is short, so that the engine compiles the reading loops early and only once. */
const FIRST_READ_BYTES = READ_BYTES / 16;
const GZIP_MARK = [0x1f, 0x8b];

/** Bytes with a name for messages. */
export interface ByteSource {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** A query whose rows are read as a table, with a name for messages. */
export interface QuerySource {
  readonly name: string;
  /** One SELECT statement in DuckDB's SQL. */
  readonly query: string;
}

/** An input: a path, bytes, or a query. */
export type InputSource = string | ByteSource | QuerySource;

/** The name of an input in messages. */
export function nameOf(source: InputSource): string {
  return typeof source === 'string' ? source : source.name;
}

/**
 * Rejects paths that cannot be read, before anything is read.
 * @throws UserError of kind `input`, naming every one of them.
 */
export async function checkReadable(sources: readonly InputSource[]): Promise<void> {
  const problems = await Promise.all(sources.filter((source) => typeof source === 'string').map(problemOf));
  const found = problems.filter((problem) => problem !== null);
  if (found.length > 0) throw new UserError('input', found);
}

async function problemOf(path: string): Promise<string | null> {
  try {
    const status = await stat(path);
    return status.isDirectory() ? `${escaped(path)}: is a folder, expected a file` : null;
  } catch (error) {
    return describe(path, error);
  }
}

function describe(written: string, error: unknown): string {
  const path = escaped(written);
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `${path}: no such file`;
  if (code === 'EACCES' || code === 'EPERM') return `${path}: no permission to read it`;
  if (code === 'EISDIR') return `${path}: is a folder, expected a file`;
  return `${path}: cannot be read: ${message}`;
}

/** How the reader of an input handles its bytes. */
export interface Handling {
  /**
   * Whether the reader keeps no bytes when it requests more, so that their memory can be reused. Can change to true
   * while the input is read.
   */
  passing: boolean;
}

/** The bytes of an input, unpacked where they are gzip. */
export async function* openSource(
  source: string | ByteSource,
  handling: Readonly<Handling> = { passing: false },
): AsyncGenerator<Uint8Array> {
  const name = nameOf(source);
  const bytes = typeof source === 'string' ? fileBytes(source, handling) : source.bytes;
  let seen = 0;
  const { head, whole } = await peek(bytes, (chunk) => {
    seen += chunk.length;
    return seen >= GZIP_MARK.length;
  });
  const packed = GZIP_MARK.every((byte, i) => head[i] === byte);
  if (!packed && name.toLowerCase().endsWith('.gz') && head.length > 0) {
    await dispose(whole);
    throw new UserError('input', `${escaped(name)}: is named .gz but does not hold gzip data`);
  }
  yield* packed ? (await import('./gunzip.js')).gunzip(whole) : whole;
}

async function* fileBytes(path: string, handling: Readonly<Handling>): AsyncGenerator<Uint8Array> {
  try {
    const file = await open(path);
    try {
      yield* readAhead(file, handling);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new UserError('input', describe(path, error));
  }
}

/** The bytes of a file. The next bytes are read while the caller handles the last. */
async function* readAhead(file: FileHandle, handling: Readonly<Handling>): AsyncGenerator<Uint8Array> {
  let spare: Buffer | undefined;
  let ahead = readSome(file, Buffer.allocUnsafeSlow(READ_BYTES), FIRST_READ_BYTES);
  try {
    for (;;) {
      const { buffer, bytesRead } = await ahead;
      if (bytesRead === 0) return;
      ahead = readSome(file, spare ?? Buffer.allocUnsafeSlow(READ_BYTES));
      const { passing } = handling;
      yield buffer.subarray(0, bytesRead);
      spare = passing ? buffer : undefined;
    }
  } finally {
    await ahead.catch(() => undefined);
  }
}

function readSome(
  file: FileHandle,
  into: Buffer,
  most = into.length,
): Promise<{ buffer: Buffer; bytesRead: number }> {
  const reading = file.read(into, 0, most, null);
  // This promise is awaited only after the bytes before are handled. Without a handler now, its rejection would end the
  // process.
  reading.catch(() => undefined);
  return reading;
}

/** Closes an unread source. A generator that has not started would not run its `finally`. */
export async function dispose(bytes: AsyncGenerator<Uint8Array>): Promise<void> {
  await bytes.next().catch(() => undefined);
  await bytes.return(undefined);
}

/** Examines bytes as they come, and returns true when it has seen enough. */
export type Enough = (chunk: Uint8Array) => boolean;

/** Reads the first bytes (`head`) until `enough` returns true. `whole` yields all bytes from the start, including `head`. */
export async function peek(
  bytes: AsyncIterable<Uint8Array>,
  enough: Enough,
): Promise<{ readonly head: Uint8Array; readonly whole: AsyncGenerator<Uint8Array> }> {
  const rest = bytes[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let ended = false;
  let fault: { readonly error: unknown } | undefined;
  for (let seen = false; !seen && !ended && !fault; ) {
    try {
      const next = await rest.next();
      ended = next.done === true;
      if (next.done) break;
      chunks.push(next.value);
      seen = enough(next.value);
    } catch (error) {
      fault = { error };
    }
  }
  const head = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      for (let at = 0; at < head.length; at += READ_BYTES) yield head.subarray(at, at + READ_BYTES);
      if (fault) throw fault.error;
      while (!ended) {
        const next = await rest.next();
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await rest.return?.();
    }
  }
  return { head, whole: whole() };
}

/** How many bytes of a stream are kept. */
const KEPT_BYTES = 4 * 1024 * 1024;

/**
 * Inputs that can be read a second time, at least in part. A regular file is opened again, if it has not changed since.
 * For a stream, the first bytes are kept.
 */
export class RereadableSources {
  private constructor(
    /** Read these instead of the given ones. */
    readonly sources: readonly InputSource[],
    private readonly again: readonly (() => Promise<InputSource | null>)[],
  ) {}

  static async of(sources: readonly InputSource[]): Promise<RereadableSources> {
    const watched = await Promise.all(sources.map(watch));
    return new RereadableSources(
      watched.map(({ source }) => source),
      watched.map(({ again }) => again),
    );
  }

  /** Opens an input again, perhaps only its first bytes; null where it cannot be read again. */
  async open(index: number): Promise<InputSource | null> {
    return (await this.again[index]?.()) ?? null;
  }
}

interface Watched {
  readonly source: InputSource;
  readonly again: () => Promise<InputSource | null>;
}

async function watch(source: InputSource): Promise<Watched> {
  // A query can have other rows the next time.
  if (typeof source !== 'string')
    return 'query' in source ? { source, again: async () => null } : keepFirst(source);
  const before = await stat(source).catch(() => null);
  const again = async (): Promise<InputSource | null> => {
    if (!before?.isFile()) return null;
    const now = await stat(source).catch(() => null);
    return now && untouched(before, now) ? source : null;
  };
  return { source, again };
}

function untouched(before: Stats, now: Stats): boolean {
  return (['dev', 'ino', 'size', 'mtimeMs', 'ctimeMs'] as const).every((key) => before[key] === now[key]);
}

function keepFirst({ name, bytes }: ByteSource): Watched {
  const kept: Uint8Array[] = [];
  async function* watched(): AsyncGenerator<Uint8Array> {
    let room = KEPT_BYTES;
    for await (const chunk of bytes) {
      if (room > 0) kept.push(chunk.subarray(0, room));
      room -= chunk.length;
      yield chunk;
    }
  }
  async function* first(): AsyncGenerator<Uint8Array> {
    yield* kept;
  }
  return {
    source: { name, bytes: watched() },
    again: async () => ({ name, bytes: first() }),
  };
}
