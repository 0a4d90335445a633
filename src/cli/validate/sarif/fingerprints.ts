import { createHash } from 'node:crypto';
import type { Finding } from '../../../domain/finding.js';
import { guidKey } from '../../../domain/guid.js';

/**
 * Not `primaryLocationLineHash`: GitHub's upload action works that out from the file itself, and warns of every other value. Other
 * readers take any name.
 */
const NAME = 'omnyConsumeFinding/v1';

/** Tells findings of one run from those of the next by what they are about, not by the line, which moves when others come or go. */
export class Fingerprints {
  readonly #seen = new Map<string, number>();

  of({ rule, sessionId, seqNumber, place }: Finding): Record<string, string> {
    const property = place.pointer?.split('/').findLast((segment) => !/^\d*$/.test(segment)) ?? '';
    const about = JSON.stringify([rule, sessionId && guidKey(sessionId), seqNumber, property]);
    const hash = createHash('sha256').update(about).digest('hex').slice(0, 16);
    const before = this.#seen.get(hash) ?? 0;
    this.#seen.set(hash, before + 1);
    return { [NAME]: `${hash}:${before + 1}` };
  }
}
