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
  'clip-id-shared',
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

/** The rules about how requests were sent. Only captures and the mock show this; files of request bodies or events do not. */
export const TRAFFIC_RULE_IDS = [
  'session-sent-again',
  'sent-after-disabled',
  'content-type',
  'event-leaked',
  'timestamps-at-send',
  'endpoint-path',
  'organization-parameter',
] as const satisfies readonly RuleId[];

/** The rules about a whole table. No single session breaks them, but all data sent from the table would be wrong. */
export const TABLE_RULE_IDS = ['table-unit', 'digits-lost'] as const satisfies readonly RuleId[];

export function isTableRule(rule: RuleId): boolean {
  return TABLE_RULE_IDS.some((id) => id === rule);
}

export const SEVERITIES = ['error', 'warning', 'info'] as const;

/** `error`: invalid, or listening data would be lost. `warning`: probably a bug. `info`: useful to know, not a fault. */
export type Severity = (typeof SEVERITIES)[number];

/** What a rule reports at one place, as data without layout or colours. */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly input: Input;
  /** The line at which the event or body begins that the finding is about. The finding's own place is at this line or later. */
  readonly fromLine: number;
  readonly place: Place;
  /** The expected value, as a phrase: `a Position of at least 0`. */
  readonly expected: string;
  /** The received value, as a phrase: `-3`. */
  readonly received: string;
  /** What usually causes it and how to fix the player. */
  readonly hint: string;
  /** The SessionId as written in the event; null if it is absent or not well formed. */
  readonly sessionId: string | null;
  readonly seqNumber: number | null;
  /** The points of the API document on which the rule rests: `API-4`; null for `syntax`, which rests on no point. */
  readonly reference: string | null;
  /** Computes the texts and the place while the data is still available. Call it before you keep a finding. Returns the finding. */
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

/** A bug of a player, shown by a pattern in a whole input. Plain data. */
export interface Diagnosis {
  readonly diagnosis: DiagnosisId;
  /** The severity in force. */
  readonly severity: Severity;
  /** The bug in a few words: `Timestamps are in milliseconds`. */
  readonly title: string;
  /** In how many sessions the bug shows. */
  readonly sessions: number;
  /** In how many sessions the bug could show. `evidence` says which sessions these are. */
  readonly of: number;
  /** What was seen, as one sentence. */
  readonly evidence: string;
  /** How to fix the player. */
  readonly mend: string;
  /** The rules whose findings it explains. */
  readonly rules: readonly RuleId[];
  /** The first SessionIds of the sessions in which it shows, sorted, in lower case; at most three. */
  readonly examples: readonly string[];
}

/**
 * A finding as scripts, the mock's control API and the mock's page receive it: the form that `validate --format json`
 * documents.
 */
export interface ReportedFinding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** What was expected and what was received, as one sentence. */
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
