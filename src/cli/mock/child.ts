import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { UserError } from '../../domain/errors.js';
import type { Cli } from '../cli.js';

/**
 * Runs a command with this process's streams, and gives its exit code (of one that a signal ended 128 and its number, as shells do).
 * SIGINT and SIGTERM are handed on to it; a second one ends both at once.
 * @throws UserError `usage` where it cannot be run
 */
export async function runCommand(
  [file = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
  cli: Cli,
): Promise<number> {
  const child = spawn(file, args, {
    stdio: 'inherit',
    env: { ...cli.env, ...env },
    shell: process.platform === 'win32',
  });
  let stopped = false;
  const stop = (signal: 'SIGINT' | 'SIGTERM') => {
    if (stopped) {
      child.kill('SIGKILL');
      process.exit(128 + constants.signals[signal]);
    }
    stopped = true;
    // A terminal has sent Ctrl-C to the command already.
    if (signal === 'SIGTERM' || !cli.stdin.isTTY) child.kill(signal);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => reject(cannotRun(file, error)));
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function cannotRun(file: string, { code, message }: NodeJS.ErrnoException): UserError {
  const why = code === 'ENOENT' ? 'no such command' : code === 'EACCES' ? 'no permission to run it' : message;
  return new UserError(
    'usage',
    `${file}: ${why}`,
    'Behind -- comes a command and its arguments: -- npm test',
  );
}
