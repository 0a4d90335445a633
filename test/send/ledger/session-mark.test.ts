import { expect, test } from 'vitest';
import { markOfPacked } from '../../../src/send/ledger/session-mark.js';
import { NO_REWRITING } from '../../../src/send/rewrite.js';

const EVENT = {
  OrganizationId: '0A0A0A0A-0000-4000-8000-000000000001',
  ClipId: '0b0b0b0b-0000-4000-8000-00000000000a',
  SessionId: '0c0c0c0c-0000-4000-8000-00000000000a',
  Type: 'Start',
  Position: 0,
  SeqNumber: 1,
  Timestamp: 1_736_121_600.123,
};
const STOP = { ...EVENT, Type: 'Stop', Position: 12.5, SeqNumber: 2, Timestamp: 1_736_121_612.623 };

function markOf(events: readonly object[], rewriting = NO_REWRITING, shiftMs = 0): string {
  const json = Buffer.from(events.map((event) => JSON.stringify(event)).join(','));
  return markOfPacked(json, rewriting, shiftMs).toString('hex');
}

const MARK = markOf([EVENT, STOP]);

test.each<[string, readonly object[], number]>([
  ['the order of events', [STOP, EVENT], 0],
  ['the letter case of ids', [{ ...EVENT, ClipId: EVENT.ClipId.toUpperCase() }, STOP], 0],
  ['the order of properties', [Object.fromEntries(Object.entries(EVENT).reverse()), STOP], 0],
  ['digits below the millisecond', [EVENT, { ...STOP, Position: 12.5000004 }], 0],
  [
    'a shift of times',
    [EVENT, STOP].map((event) => ({ ...event, Timestamp: (event.Timestamp * 1000 + 5250) / 1000 })),
    5250,
  ],
])('%s makes no other mark', (_, events, shift) => {
  expect(markOf(events, NO_REWRITING, shift)).toBe(MARK);
});

test.each<[string, readonly object[]]>([
  ['a further event', [EVENT, STOP, { ...EVENT, SeqNumber: 3 }]],
  ['a Position', [EVENT, { ...STOP, Position: 12.501 }]],
  ['a Timestamp', [EVENT, { ...STOP, Timestamp: 1_736_121_612.624 }]],
  ['a Type', [EVENT, { ...STOP, Type: 'Start' }]],
  ['a ClipId', [EVENT, { ...STOP, ClipId: EVENT.SessionId }]],
])('%s makes another', (_, events) => {
  expect(markOf(events)).not.toBe(MARK);
});

test('a rewriting makes another', () => {
  expect(markOf([EVENT, STOP], { ...NO_REWRITING, setClip: EVENT.SessionId })).not.toBe(MARK);
  expect(markOf([EVENT, STOP], { ...NO_REWRITING, newSessionIds: true })).not.toBe(MARK);
});
