import type { Stats } from 'node:fs';
import type { Writable } from 'node:stream';
import { UserError } from '../../domain/errors.js';
import { escaped } from '../../domain/escaped.js';
import { openAppended, whyNotAppended } from '../appended-file.js';
import type { Cli } from '../cli.js';

/** Writes bodies to a file as they arrive, one a line, so that `validate` and `send` read them back. */
export interface Recorder {
  /** Empties the file, where that was asked for. To be called once, before the first body. */
  begin(): Promise<void>;
  /** Resolves when it is written; never rejects. */
  write(body: string): Promise<void>;
  /** Why nothing more is written; null where all is well. */
  readonly fault: string | null;
  close(): Promise<void>;
}

export interface RecorderOptions {
  /** `-` is standard output. */
  readonly path: string;
  /** What the file holds may go. */
  readonly force: boolean;
}

/** @throws UserError of kind `usage` where the file holds something, of kind `output` where it cannot be written */
export async function openRecorder({ path, force }: RecorderOptions, cli: Cli): Promise<Recorder> {
  if (path === '-') return recorder(cli.stdout, 'standard output', cli);
  const { handle, regular } = await openAppended(path).catch((error: unknown) => {
    throw new UserError('output', `${path}: cannot be written: ${whyNotAppended(error)}`);
  });
  const status = await handle.stat();
  if (regular && !force && status.size > 0) {
    await handle.close();
    throw notEmpty(path, status);
  }
  return recorder(handle.createWriteStream(), path, cli, async () => {
    if (regular) await handle.truncate();
  });
}

function recorder(stream: Writable, name: string, { stdout, stderr }: Cli, begin = async () => {}): Recorder {
  let fault: string | null = null;
  stream.on('error', (error: Error) => {
    if (fault !== null) return;
    fault = `${name}: cannot be written: ${error.message}`;
    stderr.write(`error: ${escaped(fault)}; the mock goes on without recording\n`);
  });
  return {
    begin,
    write: (body) =>
      fault === null
        ? new Promise((resolve) => stream.write(`${body}\n`, () => resolve()))
        : Promise.resolve(),
    get fault() {
      return fault;
    },
    close: () =>
      stream === stdout || fault !== null
        ? Promise.resolve()
        : new Promise((resolve) => stream.end(() => resolve())),
  };
}

function notEmpty(path: string, { size }: Stats): UserError {
  return new UserError(
    'usage',
    `${path}: holds ${size} bytes already, which a recording would take the place of`,
    'Name another file, or say --force.',
  );
}
