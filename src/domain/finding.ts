import type { Input, Place } from './place.js';

/** Every rule of the catalogue, in its order. */
export const RULE_IDS = [
  'syntax',
  'table-unit',
  'digits-lost',
  'request-shape',
  'source-unknown',
  'source-reserved',
  'events-empty',
  'not-completed',
  'organization-mismatch',
  'session-split',
  'session-resent',
  'session-sent-again',
  'sent-after-disabled',
  'content-type',
  'event-leaked',
  'event-resent',
  'endpoint-path',
  'organization-parameter',
  'missing-field',
  'field-type',
  'guid-format',
  'guid-empty',
  'session-id-shared',
  'type-unknown',
  'position-range',
  'seq-range',
  'timestamp-unit',
  'timestamp-fraction',
  'timestamp-future',
  'unknown-property',
  'clip-changed',
  'organization-changed',
  'source-changed',
  'seq-start',
  'seq-duplicate',
  'seq-gap',
  'repeated-event',
  'stop-without-start',
  'start-without-stop',
  'session-open',
  'position-reversed',
  'timestamp-reversed',
  'timestamps-at-flush',
  'position-unit',
  'timestamps-at-send',
  'interval-too-long',
  'playback-too-fast',
  'nothing-heard',
  'playback-too-slow',
  'position-beyond-clip',
  'session-too-short',
] as const;

export type RuleId = (typeof RULE_IDS)[number];

/** The rules about how requests were sent. Only captures and the mock show that, not files of bodies or events. */
export const TRAFFIC_RULE_IDS = [
  'session-sent-again',
  'sent-after-disabled',
  'content-type',
  'event-leaked',
  'timestamps-at-send',
  'endpoint-path',
  'organization-parameter',
] as const satisfies readonly RuleId[];

/** The rules about tables as a whole: no session breaks them, and what is sent of such a table would be wrong throughout. */
export const TABLE_RULE_IDS = ['table-unit', 'digits-lost'] as const satisfies readonly RuleId[];

export function isTableRule(rule: RuleId): boolean {
  return TABLE_RULE_IDS.some((id) => id === rule);
}

export const SEVERITIES = ['error', 'warning', 'info'] as const;

/** `error`: broken, or listening would be lost. `warning`: probably a bug. `info`: worth knowing, no fault. */
export type Severity = (typeof SEVERITIES)[number];

/** A rule's condition, met somewhere: data, coloured elsewhere. */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly input: Input;
  /** The line at which the event or body begins that it is about: its own place is not before it. */
  readonly fromLine: number;
  readonly place: Place;
  /** The value wanted, as a phrase: `a Position of at least 0`. */
  readonly expected: string;
  /** The value seen, as a phrase: `-3`. */
  readonly received: string;
  /** What usually causes it and how to fix the player. */
  readonly hint: string;
  /** As written in the event; null if it is absent or not well formed. */
  readonly sessionId: string | null;
  readonly seqNumber: number | null;
  /** The points of the API document that it rests on: `API-4`; null where it rests on none (`syntax`). */
  readonly reference: string | null;
  /**
   * Computes the texts and the place from the data being handled. To keep a finding longer, settle it first. Returns
   * the finding.
   */
  settle(): Finding;
}

/** The finding as one sentence. */
export function messageOf(finding: Pick<Finding, 'expected' | 'received'>): string {
  return `Expected ${finding.expected}, received ${finding.received}`;
}

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

/** A finding as scripts, the mock's control API and its page see it: the form that `validate --format json` documents. */
export interface ReportedFinding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** What was wanted and what was seen, as one sentence. */
  readonly message: string;
  /** What usually causes it and how to fix the player. */
  readonly hint: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** JSON pointer; null without one. */
  readonly path: string | null;
  /** From 0; null where the input has no requests. */
  readonly request: number | null;
  /** The entry of a HAR, from 0; null elsewhere. */
  readonly entry: number | null;
  readonly sessionId: string | null;
  readonly seqNumber: number | null;
  /** The point of the API document that it rests on: `API-4`. */
  readonly reference: string | null;
}
