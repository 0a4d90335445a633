import type { Readable } from 'node:stream';
import type { FailureKind } from '../domain/errors.js';

/** What the command line touches of the world; handed in, so that tests can stand in for it. */
export interface Cli {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
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
