import type { Bound } from './bounds-inputs.js';

/** What the program did. */
export interface BoundRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly mib: number;
  /** Of processor time. */
  readonly seconds: number;
}

export function runBound(bound: Bound, count: number): Promise<BoundRun>;

/** What so many clients do to a mock. */
export interface MockBound {
  /** How many of them there are. */
  readonly many: number;
  /** The most MiB that those may make it take. */
  readonly mib: number;
}

export const MOCK_BOUNDS: Readonly<Record<string, MockBound>>;

export interface MockBoundRun {
  /** Whether it still answers when all have come. */
  readonly answers: boolean;
  readonly code: number;
  readonly stderr: string;
  readonly mib: number;
  /** Of processor time. */
  readonly seconds: number;
}

export function runMockBound(bound: MockBound, count: number): Promise<MockBoundRun>;
