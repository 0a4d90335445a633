import type { RuleId, Severity } from './finding.js';

/** Every diagnosis, in the order of reports. */
export const DIAGNOSIS_IDS = [
  'stamps-at-flush',
  'timestamps-in-milliseconds',
  'positions-in-milliseconds',
  'position-in-minutes',
  'position-in-hours',
  'position-as-fraction',
  'position-as-percentage',
  'position-stuck',
  'counter-not-reset',
  'stop-in-next-session',
  'position-of-next-clip',
  'listener-left-on',
  'pauses-not-reported',
  'seeks-not-reported',
  'session-id-kept',
  'session-ended-by-pause',
  'same-listening-new-id',
  'export-repeated',
] as const;

export type DiagnosisId = (typeof DIAGNOSIS_IDS)[number];

/** A bug of a player, behind a pattern over a whole input: plain data. */
export interface Diagnosis {
  readonly diagnosis: DiagnosisId;
  /** The one in force. */
  readonly severity: Severity;
  /** The bug in a few words: `Timestamps are in milliseconds`. */
  readonly title: string;
  /** In how many sessions it shows. */
  readonly sessions: number;
  /** Of how many in which it could: what they have in common is said in `evidence`. */
  readonly of: number;
  /** What was seen, as one sentence. */
  readonly evidence: string;
  /** How to fix the player. */
  readonly mend: string;
  /** The rules whose findings it explains. */
  readonly rules: readonly RuleId[];
  /** Up to three of the sessions, by SessionId in lower case: the first in its order. */
  readonly examples: readonly string[];
}
