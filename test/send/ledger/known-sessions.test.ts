import { describe, expect, test } from 'vitest';
import { decideSession, type Known, strongerState } from '../../../src/send/ledger/known-sessions.js';
import { LEDGER_STATES } from '../../../src/send/ledger/schema.js';

/** What the ledger says; whether the mark is the same; hold, resend, hold with --retry-refused. */
const TABLE: readonly (readonly [Known['state'] | null, boolean, string, string, string])[] = [
  [null, false, 'send', 'send', 'send'],
  ['delivered', true, 'already-delivered', 'already-delivered', 'already-delivered'],
  ['delivered', false, 'changed', 'changed', 'changed'],
  ['in-flight', true, 'hold', 'resend', 'hold'],
  ['in-flight', false, 'hold', 'resend', 'hold'],
  ['ambiguous', true, 'hold', 'resend', 'hold'],
  ['ambiguous', false, 'hold', 'resend', 'hold'],
  ['refused', true, 'refused', 'refused', 'send'],
  ['refused', false, 'send', 'send', 'send'],
  ['unsent', true, 'send', 'send', 'send'],
  ['unsent', false, 'send', 'send', 'send'],
];

describe('what becomes of a session', () => {
  test.each(TABLE)(
    'that is %s, same mark %s: %s under hold, %s under resend',
    (state, sameMark, ...expected) => {
      const known = state === null ? null : { state, sameMark };
      expect([
        decideSession(known, { onAmbiguous: 'hold', retryRefused: false }),
        decideSession(known, { onAmbiguous: 'resend', retryRefused: false }),
        decideSession(known, { onAmbiguous: 'hold', retryRefused: true }),
      ]).toEqual(expected);
    },
  );

  test('the table has every state with both marks', () => {
    expect(TABLE.length).toBe(1 + 2 * LEDGER_STATES.length);
  });

  test('a delivery counts over everything, and nothing over doubt but that', () => {
    for (const state of LEDGER_STATES) expect(strongerState(state, 'delivered')).toBe('delivered');
    expect(strongerState('ambiguous', 'refused')).toBe('ambiguous');
    expect(strongerState('unsent', 'ambiguous')).toBe('ambiguous');
  });
});
