import { PassThrough } from 'node:stream';
import type { Cli } from '../../src/cli/cli.js';
import { start } from '../../src/cli/main.js';

// Each run listens for signals; here many run in one process.
process.setMaxListeners(0);

/** What a command line told and ended with. */
export interface Told {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/**
 * Runs a command line in this process: much quicker than the built program where there are many.
 * @param columns Of the terminal; absent where it is none.
 */
export async function runHere(
  args: readonly string[],
  stdin = new PassThrough(),
  columns?: number,
  env: Cli['env'] = {},
): Promise<Told> {
  const stdout = sink();
  const stderr = sink();
  if (columns !== undefined) for (const { stream } of [stdout, stderr]) Object.assign(stream, { columns });
  const cli: Cli = {
    stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    args,
    env: { NO_COLOR: '1', ...env },
    cwd: () => process.cwd(),
    now: () => 1_767_225_600,
  };
  const code = await start(['node', 'omny-consume', ...args], cli);
  return { stdout: stdout.text(), stderr: stderr.text(), code };
}

function sink(): { readonly stream: NodeJS.WriteStream; text(): string } {
  const chunks: Buffer[] = [];
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    text: () => Buffer.concat(chunks).toString(),
  };
}
