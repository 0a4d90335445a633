import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { UserError } from '../domain/errors.js';
import { gunzip } from './gunzip.js';

const READ_BYTES = 256 * 1024;

/** An input: a path, or bytes with a name for messages. */
export type InputSource = string | { readonly name: string; readonly bytes: AsyncIterable<Uint8Array> };

/** The name of an input in messages. */
export function nameOf(source: InputSource): string {
  return typeof source === 'string' ? source : source.name;
}

/**
 * Refuses, before anything is read, paths that cannot be read.
 * @throws UserError of kind `input`, naming every one of them.
 */
export async function checkReadable(sources: readonly InputSource[]): Promise<void> {
  const problems = await Promise.all(
    sources.map((source) => (typeof source === 'string' ? problemOf(source) : null)),
  );
  const found = problems.filter((problem) => problem !== null);
  if (found.length > 0) throw new UserError('input', found.join('\n'));
}

async function problemOf(path: string): Promise<string | null> {
  try {
    const status = await stat(path);
    return status.isDirectory() ? `${path}: is a folder, expected a file` : null;
  } catch (error) {
    return describe(path, error);
  }
}

function describe(path: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `${path}: no such file`;
  if (code === 'EACCES' || code === 'EPERM') return `${path}: no permission to read it`;
  if (code === 'EISDIR') return `${path}: is a folder, expected a file`;
  return `${path}: cannot be read: ${message}`;
}

/** The bytes of an input, unpacked where they are gzip. */
export async function* openSource(source: InputSource): AsyncGenerator<Uint8Array> {
  const name = nameOf(source);
  const bytes = typeof source === 'string' ? fileBytes(source) : source.bytes;
  const { head, whole } = await peek(bytes, (bytesSoFar) => bytesSoFar.length >= 2);
  const packed = head[0] === 0x1f && head[1] === 0x8b;
  if (!packed && name.toLowerCase().endsWith('.gz') && head.length > 0) {
    throw new UserError('input', `${name}: is named .gz but does not hold gzip data`);
  }
  yield* packed ? gunzip(whole) : whole;
}

async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: READ_BYTES });
  } catch (error) {
    throw new UserError('input', describe(path, error));
  }
}

/** The first bytes, as many as `enough` asks for or there are, and all of them from the start. */
export async function peek(
  bytes: AsyncIterable<Uint8Array>,
  enough: (head: Uint8Array) => boolean,
): Promise<{
  readonly head: Uint8Array;
  readonly whole: AsyncGenerator<Uint8Array>;
  readonly ended: boolean;
}> {
  const rest = bytes[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  let ended = false;
  let fault: { readonly error: unknown } | undefined;
  while (!enough(head)) {
    try {
      const next = await rest.next();
      if (next.done) {
        ended = true;
        break;
      }
      head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    } catch (error) {
      fault = { error };
      break;
    }
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      if (head.length > 0) yield head;
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
  return { head, whole: whole(), ended };
}
