import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { isatty } from 'node:tty';
import type { FailureKind } from '../domain/errors.js';

/** The process as the command line uses it. Tests pass their own. */
export interface Cli {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** The stream for commands to a GitHub workflow's runner; absent outside a workflow. */
  readonly runner?: NodeJS.WriteStream;
  /** The arguments after the program's name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working folder. */
  cwd(): string;
  /** The wall clock, in unix seconds. */
  now(): number;
}

/**
 * Runs a command and ends the process with its exit code: a documented exit code, or the exit code of the command that
 * `mock` ran.
 */
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

/** The exit code to use when several apply. */
export function worstExitCode(...codes: readonly ExitCode[]): ExitCode {
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

/** The user stopped the command. Requests that had started have finished. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';

  constructor(readonly code: ExitCode) {
    super('stopped by a signal');
  }
}

const CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated, SIGHUP: EXIT.terminated } as const;

/**
 * A signal that the first SIGINT or SIGTERM aborts with an `Interrupted`; a second one ends the process at once.
 * SIGHUP counts as SIGTERM when there is a terminal, and is ignored without one (nohup, cron, systemd).
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

/** How often `signalCheck` gives signals time to arrive. */
const TURN_MS = 50;

/**
 * Returns a function for long work that waits for nothing else. Each `await` of the function gives signals time to
 * arrive, and throws once `signal` is aborted.
 */
export function signalCheck(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last >= TURN_MS) {
      await setImmediate();
      last = performance.now();
    }
    signal.throwIfAborted();
  };
}
