/** An input made to hurt. */
export interface HostileInput {
  readonly format: 'json' | 'ndjson' | 'csv' | 'har';
  readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /** The most MiB that the program may take for it. */
  readonly mib: number;
  /** How many times as much memory six times as much of it may take. */
  readonly growth: number;
}

/** Hostile inputs by what they are, each of about so many bytes. */
export const HOSTILE: Readonly<Record<string, (bytes: number) => HostileInput>>;

/** What the program did with an input, and the most memory it took. */
export interface HostileRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly mib: number;
  readonly seconds: number;
}

/** Gives an input to the built program's `validate`, or to another command of it. */
export function runHostile(
  input: Pick<HostileInput, 'format' | 'chunks'>,
  command?: readonly string[],
): Promise<HostileRun>;
