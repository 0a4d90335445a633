import { createHash } from 'node:crypto';
import type { Fault, FaultKind, FaultWhen } from './fault-spec.js';

/** What decides, with the number of a request, which fault is played. */
export interface FaultPlan {
  /** The first that matches wins. */
  readonly faults: readonly Fault[];
  readonly seed: number;
  /** Of the ledger, so that tests side by side draw independently of each other. */
  readonly stream: string;
}

/**
 * The fault of a request; null where it is answered as Omny does. The same plan and number give the same fault, in whatever order
 * requests arrive.
 * @param number Of the request in its ledger, from 1.
 */
export function faultFor({ faults, seed, stream }: FaultPlan, number: number): Fault | null {
  const draw = (i: number) => fraction(`${seed}/${i}/${number}/${stream}`);
  return faults.find(({ when }, i) => isMet(when, number, () => draw(i))) ?? null;
}

function isMet(when: FaultWhen, number: number, draw: () => number): boolean {
  switch (when.kind) {
    case 'always':
      return true;
    case 'every':
      return number % when.n === 0;
    case 'range':
      return number >= when.from && number <= when.to;
    case 'share':
      return draw() < when.share;
  }
}

/** Whether a request that meets this fault is checked and counted all the same. */
export function countsBody({ kind }: FaultKind): boolean {
  return kind !== 'refuse' && kind !== 'reset' && kind !== 'status' && kind !== 'redirect';
}

/** From 0 to below 1, the same for the same text. */
function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
