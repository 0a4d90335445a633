import { describe, expect, test } from 'vitest';
import { retryAfterMs } from '../../src/send/answer.js';
import {
  decide,
  type PolicySettings,
  type Result,
  RetryBudget,
  type Verdict,
} from '../../src/send/policy.js';

const RESULT: Result = {
  outcome: 'not-sent',
  retryAfterMs: null,
  sessions: 1,
  attempt: 1,
  ambiguousInRow: 1,
  refusedInRow: 1,
  budget: 100,
  leftMs: Number.POSITIVE_INFINITY,
  random: 0.5,
};
const SETTINGS: PolicySettings = { retries: 8, onAmbiguous: 'resend', maxRefused: 20 };
const HOLD = { onAmbiguous: 'hold' } as const;

type Row = readonly [what: string, Partial<Result>, Partial<PolicySettings>, Partial<Verdict>];

const TABLE: readonly Row[] = [
  ['delivered', { outcome: 'delivered' }, {}, { kind: 'done' }],
  ['switched off', { outcome: 'disabled' }, {}, { kind: 'disable' }],
  ['the request is rejected', { outcome: 'stop' }, {}, { kind: 'stop', why: 'rejected' }],

  ['not sent: half of half a second', {}, {}, { kind: 'wait', ms: 250, holdMs: 0 }],
  ['the second time twice as long', { attempt: 2 }, {}, { kind: 'wait', ms: 500 }],
  ['full jitter: perhaps at once', { attempt: 5, random: 0 }, {}, { kind: 'wait', ms: 0 }],
  ['a minute at most', { attempt: 30, random: 0.999 }, { retries: 99 }, { kind: 'wait', ms: 59_940 }],
  ['the last retry', { attempt: 8 }, {}, { kind: 'wait' }],
  ['the retries are used up', { attempt: 9 }, {}, { kind: 'stop', why: 'retries' }],
  ['no retries', {}, { retries: 0 }, { kind: 'stop', why: 'retries' }],

  ['Retry-After holds all', { retryAfterMs: 7000 }, {}, { kind: 'wait', ms: 7000, holdMs: 7000 }],
  ['Retry-After is never cut', { retryAfterMs: 299_000 }, {}, { kind: 'wait', ms: 299_000 }],
  ['five minutes are waited', { retryAfterMs: 300_000 }, {}, { kind: 'wait', ms: 300_000 }],
  ['no more', { retryAfterMs: 300_001 }, {}, { kind: 'stop', why: 'long-wait', waitMs: 300_001 }],
  ['Retry-After 0 is no licence to hammer', { retryAfterMs: 0 }, {}, { kind: 'wait', ms: 250, holdMs: 0 }],
  ['a wait within the deadline', { retryAfterMs: 4000, leftMs: 4001 }, {}, { kind: 'wait', ms: 4000 }],
  ['a wait past it', { retryAfterMs: 4000, leftMs: 4000 }, {}, { kind: 'stop', why: 'deadline' }],

  [
    'a spent budget holds all, without jitter',
    { budget: 0.5, attempt: 3, random: 0 },
    {},
    { kind: 'wait', ms: 2000, holdMs: 2000 },
  ],

  ['ambiguous under resend is tried again', { outcome: 'ambiguous' }, {}, { kind: 'wait', ms: 250 }],
  ['however often in a row', { outcome: 'ambiguous', ambiguousInRow: 50 }, {}, { kind: 'wait' }],
  [
    'until the retries are used up',
    { outcome: 'ambiguous', attempt: 9 },
    {},
    { kind: 'stop', why: 'retries' },
  ],
  ['ambiguous under hold is set aside', { outcome: 'ambiguous' }, HOLD, { kind: 'set-aside', holdMs: 0 }],
  ['twice', { outcome: 'ambiguous', ambiguousInRow: 2 }, HOLD, { kind: 'set-aside' }],
  [
    'the third in a row stops',
    { outcome: 'ambiguous', ambiguousInRow: 3 },
    HOLD,
    { kind: 'stop', why: 'ambiguous' },
  ],
  [
    'its Retry-After holds the others',
    { outcome: 'ambiguous', retryAfterMs: 9000 },
    HOLD,
    { kind: 'set-aside', holdMs: 9000 },
  ],
  [
    'or ends the run',
    { outcome: 'ambiguous', retryAfterMs: 400_000 },
    HOLD,
    { kind: 'stop', why: 'long-wait' },
  ],
  ['not sent under hold is tried again all the same', {}, HOLD, { kind: 'wait' }],

  ['a refused batch is halved', { outcome: 'refused', sessions: 2 }, {}, { kind: 'halve' }],
  [
    'whatever was refused before',
    { outcome: 'refused', sessions: 50, refusedInRow: 99 },
    {},
    { kind: 'halve' },
  ],
  ['a refused session is the offender', { outcome: 'refused' }, {}, { kind: 'refuse' }],
  ['the last that may be', { outcome: 'refused', refusedInRow: 19 }, {}, { kind: 'refuse' }],
  ['one too many in a row', { outcome: 'refused', refusedInRow: 20 }, {}, { kind: 'stop', why: 'refused' }],
];

test.each(TABLE)('%s', (_, result, settings, verdict) => {
  expect(decide({ ...RESULT, ...result }, { ...SETTINGS, ...settings })).toMatchObject(verdict);
});

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000;

describe('Retry-After', () => {
  test.each([
    [null, null],
    ['', null],
    ['0', 0],
    [' 120 ', 120_000],
    ['1000000000', 1e12],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['2026', 2_026_000],
    ['Fri, 02 Jan 2026 03:05:05 GMT', 60_000],
    ['Friday, 02-Jan-26 03:04:06 GMT', 1000],
    ['Fri Jan  2 03:04:35 2026', 30_000],
    ['Fri, 02 Jan 2026 03:04:04 GMT', 0],
    ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
    ['Fri, 99 Jan 2026 03:05:05 GMT', null],
  ])('%j', (header, ms) => expect(retryAfterMs(header, NOW)).toBe(ms));
});

test('a retry costs what two deliveries earn, and no more is saved than at the start', () => {
  const budget = new RetryBudget();
  budget.delivered();
  expect(budget.left).toBe(200);
  for (let i = 0; i < 300; i += 1) budget.retried();
  expect(budget.left).toBe(0);
  budget.delivered();
  budget.delivered();
  expect(budget.left).toBe(1);
});
