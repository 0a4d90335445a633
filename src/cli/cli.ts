import type { Readable } from 'node:stream';

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
