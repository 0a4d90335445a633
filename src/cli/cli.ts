import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { isatty } from 'node:tty';
import type { FailureKind } from '../domain/errors.js';

/** What the command line touches of the world; handed in, so that tests can stand in for it. */
export interface Cli {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Where commands to the runner of a GitHub workflow go; absent where the program runs in none. */
  readonly runner?: NodeJS.WriteStream;
  /** The words behind the program's name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working folder. */
  cwd(): string;
  /** The wall clock, in unix seconds. */
  now(): number;
}

/** Runs what a command does, and takes its exit code: a documented one, or that of a command which `mock` ran. */
export type Start = (run: (cli: Cli) => Promise<number>) => Promise<void>;

/** The documented exit codes. */
export const EXIT = {
  ok: 0,
  invalid: 1,
  usage: 2,
  incomplete: 3,
  disabled: 4,
  refused: 5,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const ORDER: readonly ExitCode[] = [70, 130, 143, 4, 3, 5, 2, 1, 0];

/** The one that counts where several apply. */
export function strongest(...codes: readonly ExitCode[]): ExitCode {
  return ORDER.find((code) => codes.includes(code)) ?? EXIT.ok;
}

const OF_FAILURE: Readonly<Record<FailureKind, ExitCode>> = {
  data: EXIT.invalid,
  usage: EXIT.usage,
  input: EXIT.usage,
  output: EXIT.usage,
  incomplete: EXIT.incomplete,
};

/** The exit code that a failure leads to. */
export function exitCodeOf(kind: FailureKind): ExitCode {
  return OF_FAILURE[kind];
}

/** The user asked the command to stop; what was begun has been settled. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(readonly code: ExitCode) {
    super('stopped by a signal');
  }
}

const CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated, SIGHUP: EXIT.terminated } as const;

/**
 * Aborted, with an `Interrupted`, by the first SIGINT or SIGTERM; the second leaves at once. SIGHUP is SIGTERM where a terminal is, which it
 * says is gone, and nothing where none is (nohup, cron, systemd).
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const watched = [0, 1, 2].some((descriptor) => isatty(descriptor));
  for (const [name, code] of Object.entries(CODES)) {
    process.on(name, () => {
      if (name === 'SIGHUP' && !watched) return;
      if (controller.signal.aborted) process.exit(code);
      controller.abort(new Interrupted(code));
    });
  }
  return controller.signal;
}

/** Work that never waits notices a signal this soon. */
const TURN_MS = 50;

/** To be awaited now and then by work that never waits: lets signals come in, and throws what the signal was aborted with. */
export function turns(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last >= TURN_MS) {
      await setImmediate();
      last = performance.now();
    }
    signal.throwIfAborted();
  };
}
