import type { Attempt } from '../../src/send/answer.js';

/** A whole answer with a status and an `Enabled`. */
export function answered(status: number, enabled: boolean | null = null): Attempt {
  return { kind: 'answered', status, enabled, fault: null, retryAfter: null, location: null, excerpt: '' };
}
