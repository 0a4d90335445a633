import { expect, test } from 'vitest';
import { NO_REWRITING, rewrittenMark, sessionMark } from '../../src/send/rewriting.js';
import { sessionOf } from '../write/sessions.js';

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
  return Buffer.from(rewrittenMark(sessionMark(sessionOf(events), shiftMs), rewriting)).toString('hex');
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
  ['no ClipId', [EVENT, { ...STOP, ClipId: undefined }]],
  ['a Type that is none', [EVENT, { ...STOP, Type: 'Pause' }]],
])('%s makes another', (_, events) => {
  expect(markOf(events)).not.toBe(MARK);
});

test('events of one SeqNumber, and those that are not valid, make one mark in any order', () => {
  const same = { ...STOP, SeqNumber: 1 };
  expect(markOf([EVENT, same])).toBe(markOf([same, EVENT]));
  const broken = [EVENT, { ...STOP, SeqNumber: '2' }, { ...STOP, SeqNumber: 'x' }];
  expect(markOf(broken)).toBe(markOf(broken.toReversed()));
  expect(markOf(broken)).not.toBe(markOf([EVENT, { ...STOP, SeqNumber: '2' }, { ...STOP, SeqNumber: 'y' }]));
});

test('a session of many events has a mark of all of them', () => {
  const many = Array.from({ length: 500 }, (_, i) => ({ ...EVENT, SeqNumber: i + 1, Position: i }));
  expect(markOf(many)).not.toBe(markOf([...many.slice(0, -1), { ...many.at(-1), Position: 1 }]));
  expect(markOf(many)).toBe(markOf(many.toReversed()));
});

test('a rewriting makes another', () => {
  expect(markOf([EVENT, STOP], { ...NO_REWRITING, setClip: EVENT.SessionId })).not.toBe(MARK);
  expect(markOf([EVENT, STOP], { ...NO_REWRITING, newSessionIds: true })).not.toBe(MARK);
});
