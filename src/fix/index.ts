import type { RuleId } from '../domain/finding.js';
import type { Mend } from './define.js';
import { positionUnit } from './position-unit.js';
import { seqDuplicate } from './seq-duplicate.js';
import { seqRange } from './seq-range.js';
import { sessionOpen } from './session-open.js';
import { timestampUnit } from './timestamp-unit.js';

/** What is mended in a session that is whole, in the order in which it is tried: each sees what those before have done. */
export const MENDS: readonly Mend[] = [seqDuplicate, seqRange, timestampUnit, positionUnit, sessionOpen];

/** The rules whose findings can be mended, and what is done: of one, of several. */
export const MENDED = {
  'request-shape': ['property of a body renamed', 'properties of bodies renamed'],
  'missing-field': ['field renamed', 'fields renamed'],
  'type-unknown': ['Type respelled', 'Types respelled'],
  'seq-duplicate': ['exact repeat dropped', 'exact repeats dropped'],
  'seq-range': ['SeqNumber counted from 1 instead of 0', 'SeqNumbers counted from 1 instead of 0'],
  'timestamp-unit': [
    'Timestamp turned from milliseconds into seconds',
    'Timestamps turned from milliseconds into seconds',
  ],
  'position-unit': [
    'Position turned from milliseconds into seconds',
    'Positions turned from milliseconds into seconds',
  ],
  'session-open': [
    'Stop added where a session ended with a Start',
    'Stops added where sessions ended with a Start',
  ],
} as const satisfies Partial<Record<RuleId, readonly [one: string, several: string]>>;
