import { createWriteStream } from 'node:fs';
import type { Cli } from '../cli.js';

/** Writes bodies to a file as they arrive, one a line, so that `validate` and `send` read them back. */
export interface Recorder {
  /** Resolves when it is written; never rejects. */
  write(body: string): Promise<void>;
  /** Why nothing more is written; null where all is well. */
  readonly fault: string | null;
  close(): Promise<void>;
}

/** @param path `-` is standard output. A file that is there already is begun anew. */
export async function openRecorder(path: string, { stdout, stderr }: Cli): Promise<Recorder> {
  const stream = path === '-' ? stdout : createWriteStream(path);
  const name = path === '-' ? 'standard output' : path;
  let fault: string | null = null;
  let opened = () => {};
  stream.on('error', (error: Error) => {
    opened();
    if (fault !== null) return;
    fault = `${name}: cannot be written: ${error.message}`;
    stderr.write(`error: ${fault}; the mock goes on without recording\n`);
  });
  if (path !== '-') {
    await new Promise<void>((resolve) => {
      opened = resolve;
      stream.once('open', () => resolve());
    });
  }
  return {
    write: (body) =>
      fault === null
        ? new Promise((resolve) => stream.write(`${body}\n`, () => resolve()))
        : Promise.resolve(),
    get fault() {
      return fault;
    },
    close: () =>
      path === '-' || fault !== null ? Promise.resolve() : new Promise((resolve) => stream.end(resolve)),
  };
}
