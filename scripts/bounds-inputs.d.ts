/** What much would have to be remembered of, given to one command. */
export interface Bound {
  readonly command: readonly string[];
  /** So many events, or sessions each of another clip. */
  readonly input: (count: number) => Iterable<Uint8Array>;
  /** The exit code. */
  readonly code: number;
  /** The most MiB that a million may take. */
  readonly mib: number;
  /** How many times as much memory six times as much may take. */
  readonly growth: number;
}

export const BOUNDS: Readonly<Record<string, Bound>>;

/** A SessionId of which `hashGuid` makes this hash without a seed, another one for each `i`. */
export function sessionIdOfHash(i: number, hash: number): string;
